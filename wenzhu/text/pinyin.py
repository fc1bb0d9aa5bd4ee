"""Sounds of Han characters, made blind to what typing and dialect mix up."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

TABLES = Path(__file__).resolve().parent / "tables"

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def fuzzy(syllable: str) -> str:
    """Merge zh/z, ch/c, sh/s, n/l and the finals ang/an, eng/en, ing/in.

    Args:
        syllable: A syllable in Latin letters without a tone, such as ``zhang``.

    Returns:
        The merged syllable, such as ``zan``.
    """
    for initial, merged in _INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            syllable = merged + syllable[len(initial) :]
            break
    for final, merged in _FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + merged
    return syllable


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    data = json.loads((TABLES / "pinyin.json").read_text(encoding="utf-8"))
    return {
        char: merged
        for syllable, chars in data.items()
        for merged in (fuzzy(syllable),)
        for char in chars
    }


def fuzzy_syllable(char: str) -> str | None:
    """Return the merged syllable of a Han character, or None for any other.

    Args:
        char: One character, simplified or traditional.
    """
    return _syllables().get(char)
