"""The labelled sentence, the unit that the model is trained and judged on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LOAN_STATES = ("yes", "no", "forgot", "repaid", "not_mine")
ROLES = ("self", "relative", "third_party")
CONTEXTS = ("has_loan", "message_text", "fears")
FEARS = (
    "arrest",
    "lawsuit",
    "home_visit",
    "family_told",
    "employer_told",
    "contacts_bombed",
    "credit_record",
    "account_frozen",
    "interest_snowball",
    "scam",
    "info_leak",
    "harassment_calls",
    "travel_ban",
    "children_affected",
    "shame",
)


@dataclass(frozen=True)
class Example:
    """One sentence, the question that was open, and what it means.

    ``context`` is the slot that the open question asks for, or None.
    ``topic`` is the id of the question in ``knowledge/questions`` that it asks.
    ``place`` says where the sentence was written, for error messages.
    """

    text: str
    intent: str
    context: str | None = None
    has_loan: str | None = None
    other_has_loan: str | None = None
    fears: frozenset[str] = frozenset()
    fears_denied: frozenset[str] = frozenset()
    role: str = "self"
    topic: str | None = None
    place: str = ""


class ContradictoryLabels(ValueError):
    """The same sentence stands under two meanings; both places are named."""


def refuse_contradictions(examples: Iterable[Example]) -> None:
    """Raise when one sentence, with the same open question, has two intents.

    Raises:
        ContradictoryLabels: names both places.
    """
    seen: dict[tuple[str, str | None], Example] = {}
    for example in examples:
        key = (example.text.strip(), example.context)
        first = seen.setdefault(key, example)
        if first.intent != example.intent or first.has_loan != example.has_loan:
            raise ContradictoryLabels(
                f"«{example.text}» is {first.intent}/{first.has_loan} in "
                f"{first.place or 'one place'} but {example.intent}/"
                f"{example.has_loan} in {example.place or 'another'}"
            )
