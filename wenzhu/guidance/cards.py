"""Cards of the guidance: what the bubbles beside them say, as a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from wenzhu.case import Say
from wenzhu.guidance import data
from wenzhu.knowledge import FactNotSayable, load
from wenzhu.privacy import mask

FEWEST = 2
"""A list of one is no list."""

ALARMING = ("impersonation", "unlawful_method")

Card = Mapping[str, Any]


def with_card(say: Say, card: Card | None) -> Say:
    """Returns the same bubble with a card beside it, if there is one."""
    return replace(say, card=card) if card else say


def findings(
    text: str, found: Sequence[Mapping[str, Any]], verdict: str | None
) -> Card | None:
    """Returns a message with its phrases marked, each with what and why.

    Args:
        text: The message as it was pasted.
        found: The analyser's findings, as the signal ``findings`` has them.
        verdict: The verdict of the case.
    """
    flags = data.read("names")["flag"]
    shown = mask(text)
    marked: list[dict[str, str]] = []
    for start, end, rows in _spans(text, found):
        names = dict.fromkeys(flags[row["flag"]] for row in rows)
        reasons = dict.fromkeys(row["reason"] for row in rows)
        marked.append(
            {
                "phrase": shown[start:end],
                "title": "、".join(names),
                "why": "".join(reasons),
            }
        )
    if not marked:
        return None
    return _card(
        "findings",
        text=shown,
        verdict=data.read("names")["verdict"].get(verdict or "", ""),
        alarm=verdict in ALARMING,
        findings=marked,
    )


def checklist(stage: str, step_ids: Iterable[str]) -> Card | None:
    """Returns the steps of a stage as lines to tick, for the stages that have any."""
    words = data.read("cards")
    lines = [words["lines"][each] for each in step_ids if each in words["lines"]]
    if stage not in ("check", "evidence") or len(lines) < FEWEST:
        return None
    items = [{"text": line} for line in lines]
    return _card("checklist", title=words["titles"][stage], items=items)


def rights(fact_ids: Iterable[str], today: date | None = None) -> Card | None:
    """Returns what bubbles rest on: in plain words, article, source and check."""
    words, knowledge = data.read("cards"), load()
    items: list[dict[str, str]] = []
    for fact_id in dict.fromkeys(fact_ids):
        fact = knowledge.facts[fact_id]
        try:
            article = knowledge.render(fact_id, today)
            source = knowledge.render(f"{fact_id}.source", today)
        except FactNotSayable:
            continue
        if fact.confidence == "A":
            checked = words["checked"].format(source=source, on=fact.checked.on)
            items.append({"text": fact.plain, "article": article, "source": checked})
    return _card("rights", title=words["titles"]["rights"], items=items)


def _card(name: str, **values: Any) -> Card | None:
    is_empty = any(value == [] for value in values.values())
    return None if is_empty else {"card": name, "data": values}


def _spans(
    text: str, found: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, list[Mapping[str, Any]]]]:
    """Where the phrases stand, in order; what overlaps is one phrase."""
    placed = []
    for row in found:
        start = text.find(row["span"])
        if row["span"] and start >= 0:
            placed.append((start, start + len(row["span"]), row))
    spans: list[tuple[int, int, list[Mapping[str, Any]]]] = []
    for start, end, row in sorted(placed, key=lambda place: place[:2]):
        if spans and start < spans[-1][1]:
            first, last, rows = spans[-1]
            spans[-1] = (first, max(last, end), [*rows, row])
        else:
            spans.append((start, end, [row]))
    return spans
