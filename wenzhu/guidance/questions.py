"""Answers to single questions of fact, kept in ``knowledge/questions``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from wenzhu.guidance import data


@cache
def questions() -> Mapping[str, Mapping[str, Any]]:
    """Returns every question record by its id; empty if there are none.

    Raises:
        ValueError: Two records have the same id.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(data.QUESTIONS.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        rows = content["questions"] if isinstance(content, dict) else content
        for row in rows:
            if row["id"] in found:
                raise ValueError(f"{path.name}: {row['id']} occurs twice")
            found[row["id"]] = row
    return found


def responses_of(topic: str) -> tuple[str, ...]:
    """Returns the responses that answer a topic, none if it is unknown."""
    row = questions().get(topic)
    return tuple(row["say"]) if row else ()
