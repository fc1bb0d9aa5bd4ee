"""Recognise a request about kept evidence; whole sentences, by written rules."""

from __future__ import annotations

import re
from functools import lru_cache

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.folding import fold

LONGEST = 400
"""Longer texts are messages or stories, not requests."""


def keep_request(text: str) -> str | None:
    """What a person wants of their evidence.

    Returns:
        ``note``, ``message``, ``show``, ``picture``, ``export``, ``export_all``; None
        if it is something else.
    """
    folded = fold(text).strip()
    if not folded or len(folded) > LONGEST:
        return None
    for request, pattern in _patterns():
        if pattern.fullmatch(folded):
            return request
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = read_yaml(KNOWLEDGE / "keep_requests.yml")
    return tuple(
        (
            record["request"],
            re.compile(f"(?:{record['pattern']}){data['ending']}", re.DOTALL),
        )
        for record in data["requests"]
    )
