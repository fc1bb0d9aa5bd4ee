"""Our own copy in traditional characters, by a table made at build time."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from wenzhu.text.folding import TABLES


@lru_cache(maxsize=1)
def _table() -> tuple[dict[int, str], dict[str, str], re.Pattern[str]]:
    data = json.loads((TABLES / "traditional.json").read_text(encoding="utf-8"))
    phrases: dict[str, str] = data["phrases"]
    longest_first = sorted(phrases, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return str.maketrans(data["characters"]), phrases, pattern


def to_traditional(text: str) -> str:
    """The text in traditional characters; words that read by context first."""
    characters, phrases, pattern = _table()
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        parts.append(text[end : match.start()].translate(characters))
        parts.append(phrases[match.group()])
        end = match.end()
    return "".join(parts) + text[end:].translate(characters)
