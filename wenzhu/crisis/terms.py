"""Features of the crisis model: characters and fuzzy sounds."""

from __future__ import annotations

import re
from collections import Counter

from wenzhu.text.pinyin import fuzzy_syllable

_DIGITS = re.compile(r"\d{2,}")
_NOT_CONTENT = re.compile(r"[\W_]")

BLOCKS = 2
"""Characters and sounds; each is weighed and scaled on its own."""


def terms(text: str) -> tuple[Counter[str], Counter[str]]:
    """Count the terms of both blocks in a folded text."""
    written = _DIGITS.sub("#", text)
    padded = f"^{written}$"
    characters = Counter(
        padded[start : start + size]
        for size in (1, 2, 3, 4)
        for start in range(len(padded) - size + 1)
    )
    sounds = [
        fuzzy_syllable(character) or character
        for character in written
        if not _NOT_CONTENT.match(character)
    ]
    spoken = Counter(
        " ".join(sounds[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(sounds) - size + 1)
    )
    return characters, spoken
