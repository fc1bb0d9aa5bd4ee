"""Quick replies: which one a text chooses, and what its payload means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wenzhu.text.folding import fold
from wenzhu.understanding.result import (
    Button,
    Conversation,
    Understanding,
    entity,
    unreadable,
)

_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?$")


def offered_payload(text: str, buttons: Sequence[Button]) -> str | None:
    """The payload that this text chooses: itself, its title, or its number."""
    stripped = text.strip()
    for button in buttons:
        if stripped in (button.payload, button.title):
            return button.payload
    folded = fold(stripped)
    for place, button in enumerate(buttons):
        if folded in _ordinals(place):
            return button.payload
    return None


_NUMERALS = "一二三四五"


def _ordinals(place: int) -> tuple[str, ...]:
    digit, word = str(place + 1), _NUMERALS[place] if place < len(_NUMERALS) else "?"
    return (
        digit,
        word,
        *(
            f"{prefix}{number}{suffix}"
            for number in (digit, word)
            for prefix, suffix in (
                ("第", "个"),
                ("第", "条"),
                ("选", ""),
                ("选第", "个"),
            )
        ),
    )


def from_payload(payload: str, conversation: Conversation) -> Understanding:
    match = _PAYLOAD.match(payload)
    if match is None:
        return unreadable("unreadable")
    given: Mapping[str, Any] = json.loads(match["entities"] or "{}")
    understanding = Understanding([(match["intent"], 1.0)])
    for name, value in given.items():
        if name == "fear":
            chosen = [fear for fear in conversation.fears if fear != value] + [value]
            understanding.entities += [entity("fear", fear) for fear in chosen]
            understanding.signals["new_fears"] = [value]
        elif name == "skip":
            add_skip(understanding, conversation)
        elif name in ("topic", "keep"):
            understanding.signals[name] = value
        else:
            understanding.entities.append(entity(name, value))
    return understanding


def add_skip(understanding: Understanding, conversation: Conversation) -> None:
    if conversation.open_question is None:
        return
    for slot in dict.fromkeys((*conversation.skipped, conversation.open_question)):
        understanding.entities.append(entity("skip", slot))
