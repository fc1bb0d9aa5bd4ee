"""The triage form: which questions are still open, and what the answers bring."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.types import DomainDict

from actions.answers import CALLED, CALLED_SAID, IS_IT_LEGAL, answer_for, was_urgent
from actions.conversation import (
    ASKED_AT_MOST,
    FORM,
    MESSAGE_INTENTS,
    actions_this_turn,
    case_of,
    entities_of,
    intent_of,
    opening,
    said_before,
    say_all,
    signal,
    text_of,
    times_asked,
)
from wenzhu.case import Case, Say
from wenzhu.guidance import acknowledge, of_fears, plan, reading, without_buttons
from wenzhu.guidance.heard import MINOR, asks_something, by_words, topic_of
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.quotes import quotes_of, reason_of
from wenzhu.privacy.originals import originals

ALL_OR_NONE = {"affirm": "utter_triage_fears_all", "deny": "utter_triage_fears_none"}
"""«All of it» and «nothing» to the question what they fear: both name no fear."""

NOT_A_QUESTION = frozenset({"greet", "thanks", "goodbye", "start_over", "paste_sms"})
WORRY = "怕"
DESCRIBED = "utter_triage_described"
HEARD = "utter_triage_heard"
SHORT = ("affirm", "deny", "dont_know")
BESIDE = 2
"""Bubbles of an answer inside the form; the next question is the third."""


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
        if has_new_message(tracker):
            originals().hold(tracker.sender_id, "message", text_of(tracker))
            events += message_events(tracker)
        for event in events:
            tracker.slots[event["name"]] = event["value"]
        beside = asked_beside(tracker)
        if beside == MINOR or beside in OUTCOMES:
            found = dict.fromkeys((*case_of(tracker).facts_found, beside))
            events.append(_set(tracker, "facts_found", list(found)))
        answered = answer_beside(tracker, case_of(tracker), beside)
        first = opening(tracker)
        if first is not None and intent_of(tracker) != "greet" and not answered:
            say_all(dispatcher, [first])
        says = answered or heard(tracker, case_of(tracker))
        if first is not None and not answered:  # the opening took one of the three
            says = tuple(s for s in says if s.response != DESCRIBED)[:BESIDE]
        say_all(dispatcher, says)
        intent, stated = intent_of(tracker), entities_of(tracker)
        if tracker.get_slot("requested_slot") == "fears" and not stated.get("fear"):
            to_all = ALL_OR_NONE.get(intent)
            if to_all is not None and not answered:
                dispatcher.utter_message(response=to_all)
                skipped = dict.fromkeys([*_list(tracker, "skipped"), "fears"])
                return [*events, _set(tracker, "skipped", list(skipped))]
        if not answered and ("skip" in stated or (tired and intent in SHORT)):
            dispatcher.utter_message(response="utter_triage_skipped")
        return events


def has_new_message(tracker: Tracker) -> bool:
    """Whether a message, or the retelling of one, was just read."""
    read = signal(tracker, "findings") is not None
    return read and intent_of(tracker) in MESSAGE_INTENTS


def heard(tracker: Tracker, case: Case) -> tuple[Say, ...]:
    """What is said to facts, fears and messages, before the next question."""
    stated = entities_of(tracker)
    if has_new_message(tracker):
        found = signal(tracker, "findings") or []
        says = reading(case, quotes_of(found), reason_of(found), closing=False)
        if intent_of(tracker) == "describe_sms":
            return (Say(DESCRIBED), *says[:2])
        return says
    calmed = calm_now(tracker, case)
    if calmed:
        role = {"role": stated["role"]} if "role" in stated else {}
        return (*acknowledge(role), *calmed)
    known = acknowledge(stated)
    if known or intent_of(tracker) != "inform_fear" or not open_slots(tracker):
        return known
    said = HEARD in said_before(tracker)
    return () if said else (Say(HEARD),)


def asked_beside(tracker: Tracker) -> str | None:
    """The topic of a question that came as a fear, a fact, a retelling or a yes."""
    intent, text = intent_of(tracker), text_of(tracker)
    plain = by_words(text)
    if intent in NOT_A_QUESTION or intent.startswith("ask_") or plain == IS_IT_LEGAL:
        return None
    if intent == "affirm" and was_urgent(tracker):
        return None if CALLED_SAID in said_before(tracker) else CALLED
    if plain == MINOR or plain in OUTCOMES or intent == "describe_sms":
        return plain
    modelled = signal(tracker, "topic")
    if asks_something(text):
        return topic_of(text, modelled)
    known = acknowledge(entities_of(tracker))
    fresh = {say.response for say in known} - said_before(tracker)
    if WORRY in text:
        fresh = set()
    if fresh or calm_now(tracker, case_of(tracker)):
        return plain
    return plain or (modelled if intent.startswith("inform_") else None)


def answer_beside(tracker: Tracker, case: Case, topic: str | None) -> tuple[Say, ...]:
    """Two bubbles for a question beside the form; its own question is the third.

    New fears that end the form are left to the calm stage, which names them all.
    """
    if topic is None:
        return ()
    if topic != MINOR and signal(tracker, "new_fears") and not open_slots(tracker):
        return ()
    if topic in OUTCOMES:
        says = plan(case).stage("check")
    else:
        says = answer_for(tracker, case, topic, "ask_rights")
    return tuple(without_buttons(say) for say in says[:BESIDE])


def calm_now(tracker: Tracker, case: Case) -> tuple[Say, ...]:
    """A bubble for a fear just said, unless the calm stage comes this turn."""
    if not open_slots(tracker):
        return ()
    heard = said_before(tracker)
    found = of_fears(case, signal(tracker, "new_fears") or [])
    return tuple(say for say in found if say.response not in heard)


def open_slots(tracker: Tracker) -> list[str]:
    """The questions of the form that are neither answered nor skipped."""
    loan = "has_loan" if tracker.get_slot("role") == "self" else "other_has_loan"
    skipped = _list(tracker, "skipped")
    return [
        slot
        for slot in (loan, "message_text", "fears")
        if not tracker.get_slot(slot) and slot not in skipped
    ]


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
