"""The guidance data, read once from ``knowledge/guidance``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "knowledge" / "guidance"
QUESTIONS = ROOT / "knowledge" / "questions"


@cache
def read(name: str) -> Mapping[str, Any]:
    """Returns one file of the guidance data, by its name without suffix.

    Raises:
        TypeError: The file does not hold a mapping.
    """
    path = FOLDER / f"{name}.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} does not hold a mapping")
    return content


@cache
def steps() -> Mapping[str, Mapping[str, Any]]:
    """Returns every step by its id."""
    found: Mapping[str, Mapping[str, Any]] = read("steps")["steps"]
    return found


@cache
def pairs() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Returns the reviewed pairs of loan state and kind of message."""
    return {(row["loan"], row["kind"]): row for row in read("pairs")["pairs"]}


@cache
def fears() -> Mapping[str, Mapping[str, Any]]:
    """Returns what each fear adds, by the name of the fear."""
    found: Mapping[str, Mapping[str, Any]] = read("fears")["fears"]
    return found


@cache
def rules() -> tuple[Mapping[str, Any], ...]:
    """Returns the rules of role, verdict, flags and outcomes, in order."""
    return tuple(read("rules")["rules"])
