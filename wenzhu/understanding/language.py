"""Which language to answer in: simplified or traditional Chinese, or English."""

from __future__ import annotations

import re

from wenzhu.text.folding import fold

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str) -> str | None:
    """``zh-Hant``, ``zh-Hans``, ``en``, or None where too little tells."""
    chinese = _CHINESE.findall(text)
    if not chinese:
        return "en" if len(_ENGLISH_WORD.findall(text)) >= 3 else None
    traditional = sum(1 for character in chinese if fold(character) != character)
    if traditional >= 2 or (traditional and len(chinese) <= 6):
        return "zh-Hant"
    return "zh-Hans" if not traditional and len(chinese) >= 6 else None
