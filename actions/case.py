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

from actions.answers import CALLED, CAME_BACK, answer_for, answer_topic, was_urgent
from actions.conversation import (
    FORM,
    asked_topic,
    case_of,
    findings_of,
    has_spoken,
    heard_topic,
    intent_of,
    is_under_way,
    last_response,
    said_before,
    said_this_turn,
    say_all,
    signal,
    text_of,
)
from actions.deadline import remind
from wenzhu.guidance import after_facts, calm, corrected, next_step
from wenzhu.guidance.heard import asks_something
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.plan import PAGE
from wenzhu.guidance.quotes import quotes_of
from wenzhu.guidance.turns import MORE


class ActionGreet(Action):
    """Say what this is, in a line, and the privacy line; a returner, welcome."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        back = heard_topic(tracker) == CAME_BACK
        reminded = await remind(dispatcher, tracker, again=back)
        if back and is_under_way(tracker):
            return answer_topic(dispatcher, tracker, CAME_BACK, "greet")
        if has_spoken(tracker):
            dispatcher.utter_message(response="utter_chat_greet_again")
            return []
        if not reminded:
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
        case, new = case_of(tracker), signal(tracker, "new_fears") or []
        heard, room = said_before(tracker), max(1, PAGE - said_this_turn(tracker))
        turn = after_facts(case, new)
        if case.stage in ("triage", "calm"):
            turn = calm(case, new, heard, room) or turn
        fresh = [say for say in turn.says[:-1] if say.response not in heard]
        say_all(dispatcher, [*fresh[: room - 1], turn.says[-1]])
        return [SlotSet("stage", turn.stage), SlotSet("page", turn.page)]


class ActionNextStep(Action):
    """Go to the next page or stage, or rest where the case stands."""

    def name(self) -> str:
        return "action_next_step"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        case = case_of(tracker)
        asked = asked_topic(tracker)
        intent = intent_of(tracker)
        if intent != "deny" and was_urgent(tracker):
            called = answer_for(tracker, case, CALLED, intent)
            if called[0].response not in said_before(tracker):
                say_all(dispatcher, called)
                return []
        if asked and asked not in OUTCOMES and asks_something(text_of(tracker)):
            return answer_topic(dispatcher, tracker, asked, "ask_rights")
        if case.stage == "triage":
            return [FollowupAction(FORM)]
        page = int(tracker.get_slot("page") or 0)
        topic = asked if asked in OUTCOMES else signal(tracker, "topic")
        events: list[EventType] = []
        if topic in OUTCOMES:
            found = tuple(dict.fromkeys((*case.facts_found, topic)))
            case = replace(case, facts_found=found)
            events.append(SlotSet("facts_found", list(found)))
        turn = next_step(case, intent_of(tracker), page, topic)
        if topic == MORE and case.stage == "calm":
            turn = calm(case, heard=said_before(tracker)) or next_step(case, "affirm")
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
