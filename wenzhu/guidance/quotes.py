"""Phrases of a stranger's message, safe to show: masked, never clickable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wenzhu.guidance import data
from wenzhu.privacy import mask

_SCHEME = re.compile(r"h(tt)(ps?://)", re.IGNORECASE)
_DOT = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z0-9])")


def defanged(text: str) -> str:
    """A text in which no link can be tapped."""
    return _DOT.sub("[.]", _SCHEME.sub(r"hxx\2", text))


def quotes_of(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """The phrases behind the findings, the weightiest first."""
    shown: list[str] = []
    for row in _by_weight(findings):
        if row["flag"] in data.read("reading")["unquoted"]:
            continue
        quote = defanged(mask(row["span"]))
        if not any(quote in other or other in quote for other in shown):
            shown.append(quote)
    return shown


def phrases_of(findings: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Each phrase that can be shown with why it matters, the weightiest first."""
    reasons = {defanged(mask(row["span"])): row["reason"] for row in findings}
    return [(quote, reasons[quote]) for quote in quotes_of(findings)]


def reason_of(findings: Sequence[Mapping[str, Any]]) -> str:
    """Why the weightiest finding matters, in plain words."""
    return next((row["reason"] for row in _by_weight(findings)), "")


def _by_weight(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    weight = {flag: at for at, flag in enumerate(data.read("reading")["weight"])}
    return sorted(findings, key=lambda row: weight.get(row["flag"], len(weight)))
