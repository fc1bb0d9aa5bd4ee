"""Cue words: many ways to say a thing, as one feature for the model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

_NEAR_NEGATION = re.compile(r"(?:不|没|未|别|冇|唔|非)[^，。！？,.!?\s]{0,2}$")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found: list[tuple[str, re.Pattern[str]]] = []

    def collect(name: str, node: Any) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                collect(f"{name}.{key}" if name else key, child)
        else:
            found.append((name, re.compile("|".join(map(str, node)))))

    collect("", read_yaml(KNOWLEDGE / "cues.yml"))
    return tuple(found)


def cues(folded: str) -> list[str]:
    """Names of the cues in a folded text; ``-`` marks a negated first mention."""
    names: list[str] = []
    for name, pattern in _patterns():
        match = pattern.search(folded)
        if match is None:
            continue
        names.append(name)
        if _NEAR_NEGATION.search(folded[: match.start()]):
            names.append("-" + name)
    return names
