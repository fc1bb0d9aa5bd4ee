"""Leading through the case: calm, check, evidence, rights, act."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import (
    ActiveLoop,
    AllSlotsReset,
    EventType,
    FollowupAction,
    SlotSet,
)
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import (
    FORM,
    case_of,
    findings_of,
    has_spoken,
    intent_of,
    last_response,
    say_all,
    signal,
)
from wenzhu.guidance import after_facts, corrected, next_step
from wenzhu.guidance.quotes import quotes_of

OUTCOMES = ("lender_has_record", "lender_has_no_record", "court_has_case")
"""What a person found out, told by a button; it changes the plan."""


class ActionGreet(Action):
    """Say what this is, in a line, and the privacy line; a returner, welcome."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if has_spoken(tracker):
            dispatcher.utter_message(response="utter_chat_greet_again")
            return []
        dispatcher.utter_message(response="utter_triage_welcome")
        dispatcher.utter_message(response="utter_triage_privacy")
        return [FollowupAction(FORM)]


class ActionCase(Action):
    """Say what the case needs now: the first step, or what new facts change."""

    def name(self) -> str:
        return "action_case"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        turn = after_facts(case_of(tracker), signal(tracker, "new_fears") or [])
        say_all(dispatcher, turn.says)
        return [SlotSet("stage", turn.stage), SlotSet("page", turn.page)]


class ActionNextStep(Action):
    """Go to the next page or stage, or rest where the case stands."""

    def name(self) -> str:
        return "action_next_step"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        case = case_of(tracker)
        if case.stage == "triage":
            return [FollowupAction(FORM)]
        page = int(tracker.get_slot("page") or 0)
        topic = signal(tracker, "topic")
        events: list[EventType] = []
        if topic in OUTCOMES:
            found = tuple(dict.fromkeys((*case.facts_found, topic)))
            case = replace(case, facts_found=found)
            events.append(SlotSet("facts_found", list(found)))
        turn = next_step(case, intent_of(tracker), page, topic)
        say_all(dispatcher, turn.says)
        return [*events, SlotSet("stage", turn.stage), SlotSet("page", turn.page)]


class ActionCorrect(Action):
    """Take back what was said before; a value said with it is already stored."""

    def name(self) -> str:
        return "action_correct"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        stated = bool(tracker.latest_message.get("entities"))
        about_reading = (last_response(tracker) or "").startswith("utter_verdict")
        quotes = quotes_of(findings_of(tracker)) if about_reading else []
        say_all(dispatcher, [corrected(stated, quotes)])
        return []


class ActionStartOver(Action):
    """Forget the case and ask from the start; the conversation stays masked."""

    def name(self) -> str:
        return "action_start_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_chat_start_over")
        return [
            AllSlotsReset(),
            SlotSet("language", tracker.get_slot("language")),
            SlotSet("crisis_open", tracker.get_slot("crisis_open")),
            SlotSet("role", "self"),
            SlotSet("stage", "triage"),
            ActiveLoop(None),
            FollowupAction(FORM),
        ]
