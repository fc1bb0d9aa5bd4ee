"""Which of the written crisis replies comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CRISIS_REPLIES = {
    "self": tuple(f"utter_crisis_{number}" for number in range(1, 6)),
    "other": tuple(f"utter_crisis_other_{number}" for number in range(1, 4)),
    "harm_others": tuple(f"utter_crisis_harm_others_{number}" for number in (1, 2)),
    "act_under_way": (
        "utter_crisis_act_under_way",
        "utter_crisis_act_under_way_2",
    ),
}


def next_crisis_reply(before: Sequence[str], crisis: Mapping[str, Any]) -> str:
    """A crisis reply that was not said in this conversation, while any is left.

    Args:
        before: responses that the bot said before this turn.
        crisis: whom it is about, as the understanding has it.
    """
    subject = "act_under_way" if crisis.get("act_under_way") else crisis["subject"]
    if crisis.get("again"):
        subject = _last_crisis_subject(before)
    replies = CRISIS_REPLIES[subject]
    unsaid = [reply for reply in replies if reply not in before]
    if unsaid:
        return unsaid[0]
    return min(replies, key=lambda reply: _last_place(before, reply))


def _last_crisis_subject(said: Sequence[str]) -> str:
    """Whom the crisis that is still open is about."""
    for response in reversed(said):
        for subject, replies in CRISIS_REPLIES.items():
            if response in replies:
                return subject
    return "self"


def _last_place(said: Sequence[str], reply: str) -> int:
    return max(place for place, name in enumerate(said) if name == reply)
