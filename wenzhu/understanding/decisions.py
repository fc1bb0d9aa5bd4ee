"""What is decided about a sentence: the heads, their labels and their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wenzhu.understanding.examples import FEARS, LOAN_STATES, ROLES, Example
from wenzhu.understanding.model import Head

NONE = "none"


@dataclass(frozen=True)
class Decision:
    """How one head is trained: its labels, what it reads off an example, C."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    target: Callable[[Example], Any]
    strength: float
    applies: Callable[[Example], bool] = lambda _example: True


def decisions(examples: Sequence[Example]) -> list[Decision]:
    """All heads, in the order of their columns.

    The written questions are asked inside all kinds of stories; what else they state
    is not labelled, so only intent and topic are learnt from them.
    """
    intents = tuple(sorted({example.intent for example in examples}))
    topics = tuple(sorted({example.topic for example in examples if example.topic}))

    def labelled(example: Example) -> bool:
        return example.topic is None

    def asked(example: Example) -> bool:
        return example.topic is not None

    states = (NONE, *LOAN_STATES)
    return [
        Decision("intent", intents, True, lambda e: e.intent, 12.0),
        Decision("loan", states, True, lambda e: e.has_loan or NONE, 20.0, labelled),
        Decision(
            "other_loan",
            states,
            True,
            lambda e: e.other_has_loan or NONE,
            20.0,
            labelled,
        ),
        Decision("role", ROLES, True, lambda e: e.role, 20.0, labelled),
        Decision("fears", FEARS, False, lambda e: e.fears, 20.0, labelled),
        Decision(
            "fears_denied", FEARS, False, lambda e: e.fears_denied, 20.0, labelled
        ),
        Decision("topic", topics, True, lambda e: e.topic, 20.0, asked),
    ]


def heads_of(
    examples: Sequence[Example], temperatures: dict[str, float]
) -> dict[str, Head]:
    """The heads and their columns."""
    heads = {}
    start = 0
    for decision in decisions(examples):
        end = start + len(decision.labels)
        heads[decision.name] = Head(
            decision.labels,
            decision.exclusive,
            slice(start, end),
            temperatures.get(decision.name, 1.0),
        )
        start = end
    return heads
