"""What of a conversation is kept for review: only with consent, never in a crisis."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_ext import forgetting
from wenzhu.adapters.review_store import Utterance, review_store
from wenzhu.evidence.errors import StoreFailed
from wenzhu.review.consent import SLOT, is_given

logger = logging.getLogger(__name__)

LONGEST = 120
"""Longer texts are messages or stories, and tell who somebody is."""
NEVER = frozenset(
    {"crisis", "crisis_closed", "care", "now", "keep", "unreadable", "deadline"}
)
"""Signals of turns that nobody is shown."""
WHY = {
    "action_clarify": "clarified",
    "action_correct": "corrected",
    "action_unclear": "rejected",
    "out_of_scope": "rejected",
}
"""Which action, or which intent, shows that a sentence was not understood."""
_PRESSED = re.compile(r"/?[a-z_]+(?:\{.*\})?")


def forget(sender_id: str) -> None:
    """Delete what is kept of a person."""
    review_store().forget(sender_id)


forgetting.register(forget)


def record(tracker: DialogueStateTracker, new: Sequence[Event]) -> None:
    """Keep what this turn showed to have been misread, if the person agreed.

    With a yes in this turn the conversation so far counts too; a no deletes.

    Args:
        tracker: the conversation.
        new: its events that were just stored, masked; those before were read masked.
    """
    answered = any(
        isinstance(e, UserUttered) and SLOT in {one["entity"] for one in e.entities}
        for e in new
    )
    given = is_given(tracker.slots[SLOT].value if SLOT in tracker.slots else None)
    try:
        if given:
            before = list(tracker.events)[: len(tracker.events) - len(new)]
            found = misread([*before, *new], everything=answered)
            if found:
                wording = tracker.get_slot(SLOT).partition("/")[2]
                review_store().keep(tracker.sender_id, found, wording)
        elif answered:
            review_store().forget(tracker.sender_id)
    except StoreFailed as error:
        logger.error("nothing kept for review: %s", error)


def misread(events: Iterable[Event], everything: bool = True) -> list[Utterance]:
    """The utterances that were clarified, corrected or rejected.

    Args:
        events: a conversation, masked.
        everything: what any turn showed; else only what the last one did, so that
            what a reviewer has removed does not come back.
    """
    turns: list[Utterance | None] = []
    why: dict[float, str] = {}
    slots: dict[str, Any] = {}
    loop = None
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
            if turns and slots.get("crisis_open"):
                turns[-1] = None
        elif isinstance(event, ActiveLoop):
            loop = event.name
        elif isinstance(event, UserUttered):
            question = slots.get("requested_slot") if loop else None
            open_crisis = slots.get("crisis_open")
            turns.append(None if open_crisis else _read(event, question))
            if not everything:
                why.clear()
            _note(why, turns, event.intent_name)
        elif isinstance(event, ActionExecuted):
            _note(why, turns, event.action_name)
    return [
        replace(one, why=why[one.said_at])
        for one in turns
        if one and one.said_at in why
    ]


def _note(why: dict[float, str], turns: list[Utterance | None], name: str) -> None:
    """Note what an intent or an action says of the last turn, or the one before."""
    back = 2 if name == "action_correct" else 1
    one = turns[-back] if len(turns) >= back else None
    if one is not None and name in WHY and turns[-1] is not None:
        why[one.said_at] = WHY[name]


def _read(event: UserUttered, context: str | None) -> Utterance | None:
    text, parsed = (event.text or "").strip(), event.parse_data or {}
    if (
        not text
        or len(text) > LONGEST
        or event.intent_name == "paste_sms"
        or NEVER & set(parsed)
        or _PRESSED.fullmatch(text)
    ):
        return None
    stated: dict[str, list[Any]] = {}
    for one in parsed.get("entities", []):
        stated.setdefault(one["entity"], []).append(one["value"])
    if SLOT in stated:
        return None
    understood = {"intent": event.intent_name, **stated}
    return Utterance(event.timestamp, text, context, understood, "")
