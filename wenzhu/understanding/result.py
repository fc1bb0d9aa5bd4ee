"""What goes into a reading of an utterance, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXTRACTOR = "Understanding"


@dataclass(frozen=True)
class Button:
    """A quick reply of the last bot turn."""

    title: str
    payload: str


@dataclass(frozen=True)
class Conversation:
    """What the reader needs to know of the conversation so far."""

    open_question: str | None = None
    buttons: tuple[Button, ...] = ()
    fears: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    crisis_open: bool = False
    said_safe: bool = False
    language: str = "zh-Hans"


@dataclass
class Understanding:
    """What one utterance means.

    Attributes:
        ranking: (intent, confidence), best first.
        entities: Rasa entities; ``start`` and ``end`` count characters of the text.
        signals: what policies and actions read beside intent and entities:
            ``crisis``, ``now``, ``care``, ``topic``, ``clarify``, ``analysis``,
            ``fears_denied``, ``unreadable``.
    """

    ranking: list[tuple[str, float]]
    entities: list[dict[str, Any]] = field(default_factory=list)
    signals: dict[str, Any] = field(default_factory=dict)

    @property
    def intent(self) -> str:
        """The best intent."""
        return self.ranking[0][0]


def entity(
    name: str,
    value: Any,
    confidence: float = 1.0,
    start: int | None = None,
    end: int | None = None,
) -> dict[str, Any]:
    """One entity in Rasa's form."""
    return {
        "entity": name,
        "value": value,
        "start": start,
        "end": end,
        "confidence_entity": confidence,
        "confidence": confidence,
        "extractor": EXTRACTOR,
    }


def unreadable(why: str) -> Understanding:
    understanding = Understanding([("out_of_scope", 0.0)])
    understanding.signals["unreadable"] = why
    return understanding
