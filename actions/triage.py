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
    MESSAGE_INTENTS,
    actions_this_turn,
    case_of,
    entities_of,
    intent_of,
    opening,
    say_all,
    signal,
    times_asked,
)
from wenzhu.case import Say
from wenzhu.guidance import acknowledge, reading
from wenzhu.guidance.quotes import quotes_of, reason_of

ALL_OR_NONE = {"affirm": "utter_triage_fears_all", "deny": "utter_triage_fears_none"}
"""«All of it» and «nothing» to the question what they fear: both name no fear."""


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
        if set(actions_this_turn(tracker)) <= {FORM}:
            events += self._hear(dispatcher, tracker)
            # An event that is always there keeps Rasa from validating twice.
            events.append(SlotSet("page", 0))
        validated: list[EventType] = await super().run(dispatcher, tracker, domain)
        return events + validated

    def _hear(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """Take in what was just said, and answer it before the next question."""
        events: list[EventType] = []
        tired = asked_out(tracker)
        if tired is not None:
            events.append(SlotSet("skipped", [*_list(tracker, "skipped"), tired]))
        findings = signal(tracker, "findings")
        new_message = intent_of(tracker) in MESSAGE_INTENTS and findings is not None
        if new_message:
            events += message_events(tracker)
        for event in events:
            tracker.slots[event["name"]] = event["value"]
        first = opening(tracker)
        if first is not None and intent_of(tracker) != "greet":
            say_all(dispatcher, [first])
        case = case_of(tracker)
        stated = entities_of(tracker)
        if new_message:
            found = findings or []
            says = reading(case, quotes_of(found), reason_of(found), closing=False)
            if intent_of(tracker) == "describe_sms":
                says = (Say("utter_triage_described"), *says[:2])
            say_all(dispatcher, says)
        else:
            say_all(dispatcher, acknowledge(stated))
        if tracker.get_slot("requested_slot") == "fears" and not stated.get("fear"):
            answer = ALL_OR_NONE.get(intent_of(tracker))
            if answer is not None:
                dispatcher.utter_message(response=answer)
                skipped = dict.fromkeys([*_list(tracker, "skipped"), "fears"])
                return [*events, _set(tracker, "skipped", list(skipped))]
        if tired is not None or "skip" in stated:
            dispatcher.utter_message(response="utter_triage_skipped")
        return events


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
