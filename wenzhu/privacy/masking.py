"""Mask identifiers, keeping the length and the shape: 138●●●●5678."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wenzhu.text.folding import fold

DOT = "●"

_CHINESE_DIGITS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_SEPARATOR = r"[ \-.·_]"
_DIGIT_RUN = re.compile(
    rf"(?<![\d.])\d(?:{_SEPARATOR}?\d){{9,24}}{_SEPARATOR}?x?", re.I
)
_EMAIL = re.compile(r"[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+", re.I)
_CODE = re.compile(
    r"(?:验证码|校验码|动态码|确认码|取件码|口令|密码|passcode|password|code|otp)"
    r"[^\d\n]{0,12}?(?P<code>\d(?:[ \-]?\d){3,9})",
    re.I,
)
_CODE_BEFORE = re.compile(
    r"(?<!\d)(?P<code>\d{4,8})(?!\d)[^\d\n]{0,6}(?:是|为|\()?[^\d\n]{0,4}"
    r"(?:验证码|校验码|动态码)",
    re.I,
)
_PASSWORD = re.compile(
    r"(?:密码|password|pwd)(?:是|为|:|=|\s)+(?P<code>[a-z0-9!@#$%^&*._\-]{4,32})", re.I
)
_MOBILE = re.compile(r"(?:0{0,2}86)?(1[3-9]\d{9})$")


def mask(text: str) -> str:
    """Mask ID, mobile and bank card numbers, e-mail addresses and codes.

    Full-width, spaced, hyphenated and Chinese-numeral spellings count too.

    Args:
        text: any text.

    Returns:
        A text of the same length, so that offsets stay valid.
    """
    plain = fold(text).translate(_CHINESE_DIGITS)
    characters = list(text)
    for match in _EMAIL.finditer(plain):
        _cover(characters, plain, match.start() + 1, match.end(), str.isalnum)
    for pattern in (_CODE, _CODE_BEFORE, _PASSWORD):
        for match in pattern.finditer(plain):
            start, end = match.span("code")
            _cover(characters, plain, start, end, str.isalnum)
    for match in _DIGIT_RUN.finditer(plain):
        kept = _kept_digits(re.sub(r"[^0-9x]", "", match.group().lower()))
        if kept is not None:
            _cover_digits(characters, plain, match.start(), match.end(), *kept)
    return "".join(characters)


def mask_deep(value: Any) -> Any:
    """Mask every string inside lists and dictionaries; the rest as it is."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: mask_deep(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_deep(item) for item in value]
    return value


def _kept_digits(digits: str) -> tuple[int, int] | None:
    """How many digits may stay visible at the front and the back, or None."""
    bare = digits.rstrip("x")
    if _MOBILE.fullmatch(bare):
        front = len(bare) - 11 + 3
        return front, 4
    if len(digits) in (15, 18):
        return 3, 0
    if 16 <= len(bare) <= 25:
        return 0, 4
    return (3, 2) if len(bare) >= 12 else None


def _cover_digits(
    characters: list[str], plain: str, start: int, end: int, front: int, back: int
) -> None:
    places = [
        at for at in range(start, end) if plain[at].isdigit() or plain[at] in "xX"
    ]
    for at in places[front : len(places) - back]:
        characters[at] = DOT


def _cover(
    characters: list[str],
    plain: str,
    start: int,
    end: int,
    covers: Callable[[str], bool],
) -> None:
    for at in range(start, end):
        if covers(plain[at]):
            characters[at] = DOT
