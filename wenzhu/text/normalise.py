"""Normalising text that was written to slip past filters, with offsets kept.

Beyond folding, this removes what is invisible, emoji between words, separators
inside words and spaces inside numbers, and joins characters that were split into
their parts. Each position of the result knows where it came from, so a finding
can always be quoted from the text as the person pasted it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from wenzhu.text.folding import TABLES, fold

HAN = "\u3400-\u9fff"
_NOT_WORDS = "[ \\t·.*_|/~^`\\-]"
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]){_NOT_WORDS}{{1,3}}(?=[{HAN}])")
_DIGIT_GROUPS = re.compile(r"(?<![0-9])[0-9]+(?:[ \t]{1,2}[.,]?[ \t]?[0-9]+)+(?![0-9])")
_LONE_LETTERS = re.compile(r"(?<![a-z0-9])[a-z](?: [a-z])+(?![a-z0-9])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}|(?:400|800)[0-9]{7}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_AMOUNT_AFTER = re.compile(r"[ \t]?(?:余|多|块|元|万|天|rmb)")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and the way back to the original.

    Attributes:
        text: The normalised text.
        offsets: For each position of ``text`` the index in the original.
        original: The text as it was given.
    """

    text: str
    offsets: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of a non-empty span of ``text``."""
        if start >= end:
            raise ValueError("an empty span has no place in the original")
        return self.offsets[start], self.offsets[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """Return the words of the original behind a span of ``text``."""
        first, last = self.span(start, end)
        return self.original[first:last]


@dataclass(frozen=True, slots=True)
class _Tables:
    noise: re.Pattern[str]
    expand: dict[str, str]
    split: re.Pattern[str]
    joined: dict[str, str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = json.loads((TABLES / "noise.json").read_text(encoding="utf-8"))
    heart = "(?<=[微薇威徽v])[ \ufe0f\u200d]*[❤♥💗💓♡][\ufe0f]?"
    # The commonest noise is tried first; a text without any costs one scan.
    return _Tables(
        noise=re.compile(
            f"(?P<heart>{heart})|(?P<sign>[{''.join(data['expand'])}])"
            f"|[{data['noise']}]+"
        ),
        expand=data["expand"],
        split=re.compile("|".join(sorted(data["split"], key=len, reverse=True))),
        joined=data["split"],
    )


def normalise(text: str) -> Normalised:
    """Normalise a text and keep the way back to each original character.

    Args:
        text: Any text; nothing in it raises.

    Returns:
        The normalised text with offsets.
    """
    tables = _tables()

    def heard(match: re.Match[str]) -> str:
        if match.lastgroup == "heart":
            return "信"
        if match.lastgroup == "sign":
            return tables.expand[match.group()]
        return ""

    plain: str = fold(text)
    offsets: tuple[int, ...] | range = range(len(text))
    plain, offsets = _rewrite(plain, offsets, tables.noise, heard)
    plain, offsets = _rewrite(
        plain, offsets, tables.split, lambda match: tables.joined[match.group()]
    )
    plain, offsets = _rewrite(plain, offsets, _BETWEEN_HAN, lambda _: "")
    plain, offsets = _rewrite(plain, offsets, _DIGIT_GROUPS, _join_digits)
    plain, offsets = _rewrite(plain, offsets, _LONE_LETTERS, _without_spaces)
    return Normalised(plain, tuple(offsets), text)


def _rewrite(
    text: str,
    offsets: tuple[int, ...] | range,
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
) -> tuple[str, tuple[int, ...] | range]:
    """Replace every match; what is left of it keeps the offsets it had."""
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        new = replacement(match)
        old = match.group()
        if new == old:
            continue
        parts.append(text[done:start])
        places.extend(offsets[done:start])
        parts.append(new)
        places.extend(offsets[index] for index in _places(old, new, start))
        done = end
    if not done:
        return text, offsets
    parts.append(text[done:])
    places.extend(offsets[done:])
    return "".join(parts), tuple(places)


def _places(old: str, new: str, start: int) -> list[int]:
    """Say where each character of ``new`` stood in ``old``."""
    places, position = [], 0
    for char in new:
        found = old.find(char, position)
        if found >= 0:
            position = found + 1
            places.append(start + found)
        else:
            # A joined or expanded sign: it stands for the whole match.
            places.append(start + min(position, len(old) - 1))
    if new and old[-1] != new[-1] and len(new) == 1:
        places[-1] = start + len(old) - 1
    return places


def _without_spaces(match: re.Match[str]) -> str:
    return match.group().replace(" ", "")


def _join_digits(match: re.Match[str]) -> str:
    """Join groups of digits that are one number, and leave the others apart."""
    text = match.group()
    if "." in text or "," in text:
        tight = re.sub(r"[ \t]*([.,])[ \t]*(?=[0-9]{2,3}(?![0-9]))", r"\1", text)
        if " " not in tight and "\t" not in tight:
            return tight
        text = tight
    groups = text.split()
    joined = "".join(groups)
    if _MOBILE.fullmatch(joined) or all(len(group) == 1 for group in groups):
        return joined
    if _YEAR.fullmatch(groups[0]):
        return text
    thousands = 0 < len(groups[0]) <= 3 and all(
        re.fullmatch(r"[0-9]{3}(?:\.[0-9]{2})?", group) for group in groups[1:]
    )
    short = len(joined) <= 7 and all(len(group) <= 2 for group in groups[:-1])
    is_amount = _AMOUNT_AFTER.match(match.string, match.end())
    if (thousands or short) and is_amount:
        return joined
    return text
