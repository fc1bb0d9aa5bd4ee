"""The triage form: which questions are still open, and what the answers bring."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.types import DomainDict

from actions.conversation import (
    ASKED_AT_MOST,
    FORM,
    actions_this_turn,
    case_of,
    certainty_of,
    entities_of,
    intent_of,
    say_all,
    text_of,
    times_asked,
)
from actions.deadline import remind
from actions.hearing import (
    BESIDE,
    answer_beside,
    asked_beside,
    has_new_message,
    heard,
    introduced,
)
from wenzhu.case import Say
from wenzhu.guidance.heard import MINOR, refuses
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.privacy.originals import originals

ALL_OR_NONE = {"affirm": "utter_triage_fears_all", "deny": "utter_triage_fears_none"}
"""«All of it» and «nothing» to the question what they fear: both name no fear."""

SKIPPED = "utter_triage_skipped"

SHORT = ("affirm", "deny", "dont_know")
NEXT_STEP = "action_next_step"
"""Leads here without a word where the case has not begun."""


class ValidateTriageForm(FormValidationAction):
    """Asks only what is still unknown, at most twice, and for whom it matters."""

    def name(self) -> str:
        return "validate_triage_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[str]:
        loan = "has_loan" if tracker.get_slot("role") == "self" else "other_has_loan"
        asked = [loan if slot == "has_loan" else slot for slot in domain_slots]
        skipped = tracker.get_slot("skipped") or []
        return [slot for slot in asked if slot not in skipped]

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,
    ) -> list[EventType]:
        events: list[EventType] = []
        if set(actions_this_turn(tracker)) <= {FORM, NEXT_STEP}:
            reminded = await remind(dispatcher, tracker)
            events += self._hear(dispatcher, tracker, BESIDE - reminded)
            # An event that is always there keeps Rasa from validating twice.
            events.append(SlotSet("page", 0))
        validated: list[EventType] = await super().run(dispatcher, tracker, domain)
        return events + validated

    def _hear(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, room: int
    ) -> list[EventType]:
        """Take in what was just said, and answer it before the next question."""
        events: list[EventType] = []
        tired = asked_out(tracker)
        if tired is not None:
            events.append(SlotSet("skipped", [*_list(tracker, "skipped"), tired]))
        if has_new_message(tracker):
            originals().hold(tracker.sender_id, "message", text_of(tracker))
            events += message_events(tracker)
        for event in events:
            tracker.slots[event["name"]] = event["value"]
        beside = asked_beside(tracker)
        if beside == MINOR or beside in OUTCOMES:
            found = dict.fromkeys((*case_of(tracker).facts_found, beside))
            events.append(_set(tracker, "facts_found", list(found)))
        says = answer_beside(tracker, case_of(tracker), beside)
        if not says:
            to_all = all_or_none(tracker)
            if to_all:
                skipped = dict.fromkeys([*_list(tracker, "skipped"), "fears"])
                events.append(_set(tracker, "skipped", list(skipped)))
            says = to_all or heard(tracker, case_of(tracker))
        if not says and refuses(text_of(tracker)) == "all":
            says = (Say("utter_triage_no_more"),)
        elif not says and (skips(tracker) or (tired and intent_of(tracker) in SHORT)):
            says = (Say(SKIPPED),)
        say_all(dispatcher, introduced(tracker, says, room))
        return events


def all_or_none(tracker: Tracker) -> tuple[Say, ...]:
    """What is said to «all» or «nothing» where the question is what they fear.

    A yes that is not one of the short answers, or a button, only wants to go on.
    """
    asked = tracker.get_slot("requested_slot") == "fears"
    intent, text = intent_of(tracker), text_of(tracker)
    said = {"fear", "skip"} & set(entities_of(tracker)) or refuses(text) is not None
    if not asked or intent not in ALL_OR_NONE or said:
        return ()
    short = certainty_of(tracker) >= 1.0 and not text.startswith("/")
    return (Say(ALL_OR_NONE[intent] if short or intent == "deny" else SKIPPED),)


def skips(tracker: Tracker) -> bool:
    """Whether the person does not want to answer."""
    return "skip" in entities_of(tracker)


def asked_out(tracker: Tracker) -> str | None:
    """The open question, when it was put often enough and is still open."""
    slot = tracker.get_slot("requested_slot")
    if slot is None or tracker.get_slot(slot) is not None:
        return None
    if slot in _list(tracker, "skipped"):
        return None
    return slot if times_asked(tracker, slot) >= ASKED_AT_MOST else None


def message_events(tracker: Tracker) -> list[EventType]:
    """Clear the fields of an earlier message that the new one does not have."""
    given = entities_of(tracker)
    fields: dict[str, tuple[str, Any]] = {
        "message_lender": ("message_lender", None),
        "message_overdue_days": ("message_overdue_days", None),
        "message_deadline": ("message_deadline", None),
        "message_amount": ("message_amounts", []),
        "red_flag": ("message_red_flags", []),
    }
    return [
        SlotSet(slot, empty)
        for entity, (slot, empty) in fields.items()
        if entity not in given
    ]


def _set(tracker: Tracker, slot: str, value: Any) -> EventType:
    """Set a slot for the rest of this turn and in the conversation."""
    tracker.slots[slot] = value
    return SlotSet(slot, value)


def _list(tracker: Tracker, slot: str) -> list[Any]:
    return list(tracker.get_slot(slot) or [])
