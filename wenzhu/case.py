"""What one conversation knows, and what it says next, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

STAGES = ("triage", "calm", "check", "evidence", "rights", "act", "done")


@dataclass(frozen=True)
class Case:
    """The case of one person; every field is the Rasa slot of the same name.

    ``message_amounts`` are yuan. ``has_loan`` is the speaker's own loan;
    ``other_has_loan`` the loan of the person they ask for.
    """

    has_loan: str | None = None
    other_has_loan: str | None = None
    message_text: str | None = None
    message_sender: str | None = None
    message_kind: str | None = None
    message_verdict: str | None = None
    message_lender: str | None = None
    message_amounts: tuple[float, ...] = ()
    message_overdue_days: int | None = None
    message_deadline: str | None = None
    message_red_flags: tuple[str, ...] = ()
    fears: tuple[str, ...] = ()
    role: str = "self"
    stage: str = "triage"
    skipped: tuple[str, ...] = ()
    language: str = "zh-Hans"
    facts_found: tuple[str, ...] = ()

    @classmethod
    def from_slots(cls, get_slot: Callable[[str], Any]) -> Case:
        """The case that the slots of a tracker describe; empty ones by default."""
        values: dict[str, Any] = {}
        for own in fields(cls):
            value = get_slot(own.name)
            if value is not None:
                values[own.name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)

    @property
    def loan(self) -> str | None:
        """The loan state the guidance turns on: the other's for a helper."""
        return self.has_loan if self.role == "self" else self.other_has_loan


@dataclass(frozen=True)
class Say:
    """One bubble: a response of the copy deck and the values it needs.

    Attributes:
        response: its name.
        variables: what its placeholders are filled with.
        card: a drawing for channels that have a screen, ``{"card": name, "data":
            values}``, or a ``document`` to fetch; it repeats the text beside it.
    """

    response: str
    variables: Mapping[str, str | int | float] = field(default_factory=dict)
    card: Mapping[str, Any] | None = None
