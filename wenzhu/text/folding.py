"""Folding of characters that look or mean the same into one plain form.

Every character becomes exactly one character, so an offset in the folded text is
the same offset in the original. What changes the length is in ``normalise``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

TABLES = Path(__file__).resolve().parent / "tables"


@lru_cache(maxsize=1)
def fold_table() -> dict[int, int]:
    """Return the table for ``str.translate``, read once."""
    data = json.loads((TABLES / "folding.json").read_text(encoding="utf-8"))
    return {
        ord(source): ord(target)
        for source, target in zip(data["from"], data["to"], strict=True)
    }


def fold(text: str) -> str:
    """Fold each character to its plain, simplified, lower-case form.

    Args:
        text: Any text, also with lone surrogates or control characters.

    Returns:
        A text of the same length.
    """
    return text.translate(fold_table())
