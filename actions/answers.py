"""Answers to questions, fitted to the case."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import (
    asked_topic,
    case_of,
    findings_of,
    intent_of,
    last_answers,
    last_response,
    said_before,
    said_this_turn,
    say_all,
    signal,
    text_of,
)
from actions.deadline import remind
from wenzhu.adapters.clock import today
from wenzhu.case import Case, Say
from wenzhu.guidance import answer, choices, next_step
from wenzhu.guidance.basis import TOPIC as WHICH_LAW
from wenzhu.guidance.basis import basis
from wenzhu.guidance.heard import MINOR, is_general
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.plan import PAGE, with_buttons
from wenzhu.guidance.quotes import phrases_of

CALLED, WHAT_NOW, IS_IT_LEGAL = "called", "what_now", "is_it_legal"
NOT_HELD, WHY, CAME_BACK = "not_held", "why", "came_back"
PHRASE, NEXT = "utter_verdict_phrase", "utter_next_reading"
CALLED_SAID = "utter_act_called"
URGENT = (
    "utter_now_",
    "utter_answers_paid_",
    "utter_answers_clicked_",
    "utter_q_paid_now",
    "utter_q_clicked",
    "utter_q_gave_code",
    "utter_q_screen_share",
    "utter_q_installed_app",
    "utter_q_credit_clear_account",
)
"""Answers that told somebody to call at once."""
ANSWERS_TWICE = ("ask_negotiate", "ask_bot_identity", "ask_human", "ask_complain_where")
"""Intents whose general answer fits where a close one was heard already."""
MOST_PAGES = 4
"""Pages of a stage that are looked through for one that was not said yet."""


class ActionAnswer(Action):
    """Answer the question that was asked, for this case."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        topic = asked_topic(tracker)
        reminded = await remind(dispatcher, tracker, again=topic == CAME_BACK)
        room = PAGE - reminded - said_this_turn(tracker)
        return answer_topic(dispatcher, tracker, topic, intent_of(tracker), room)


class ActionClarify(Action):
    """Ask which of two readings was meant, unless one of them can be answered."""

    def name(self) -> str:
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        read = signal(tracker, "clarify") or []
        topic = asked_topic(tracker)
        buttons = choices(read)
        if topic is not None:
            return answer_topic(dispatcher, tracker, topic, "ask_rights")
        if len(buttons) == 1:
            intent = buttons[0]["payload"].lstrip("/")
            return answer_topic(dispatcher, tracker, None, intent)
        if not buttons:
            dispatcher.utter_message(response="utter_chat_clarify")
            return []
        dispatcher.utter_message(response="utter_chat_clarify_between", buttons=buttons)
        return []


class ActionUnclear(Action):
    """Answer what no rule covers, without forgetting what was said."""

    def name(self) -> str:
        return "action_unclear"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        topic = asked_topic(tracker)
        if topic is not None:
            return answer_topic(dispatcher, tracker, topic, "ask_rights")
        dispatcher.utter_message(response="utter_chat_clarify")
        return []


def answer_topic(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    topic: str | None,
    intent: str,
    room: int = PAGE,
) -> list[EventType]:
    """Say the answer to a topic, or to an intent where no topic was recognised."""
    case = case_of(tracker)
    events: list[EventType] = []
    if topic in OUTCOMES:
        found = [*dict.fromkeys((*case.facts_found, topic))]
        case = Case.from_slots({**tracker.slots, "facts_found": found}.get)
        turn = next_step(case, "affirm", topic=topic)
        say_all(dispatcher, turn.says)
        at = [] if case.stage == "triage" else [SlotSet("stage", turn.stage)]
        return [SlotSet("facts_found", found), *at]
    if topic == WHAT_NOW and case.stage not in ("triage", "done"):
        turn = next_step(case, "affirm")
        say_all(dispatcher, turn.says)
        return [SlotSet("stage", turn.stage), SlotSet("page", turn.page)]
    if topic == MINOR and MINOR not in case.facts_found:
        events.append(SlotSet("facts_found", [*case.facts_found, MINOR]))
    says = answer_for(tracker, case, topic, intent)
    say_all(dispatcher, (*says[: room - 1], says[-1]) if len(says) > room else says)
    return events


def answer_for(
    tracker: Tracker, case: Case, topic: str | None, intent: str
) -> tuple[Say, ...]:
    """The answer; where the same was said before, its next page."""
    if topic in (WHY, WHICH_LAW):
        said = _reasons(tracker) if topic == WHY else ()
        says = said or basis(last_answers(tracker), today())
        if says:
            return says
        topic = WHY if topic == WHY else None
    heard = said_before(tracker)
    if topic == WHAT_NOW and was_urgent(tracker) and CALLED_SAID not in heard:
        return answer(intent, case, CALLED)
    if topic == IS_IT_LEGAL and not _about_interest(tracker):
        topic = None
    if topic is None and intent == "ask_rights" and _is_special(tracker):
        topic = NOT_HELD
    return _unsaid(case, topic, intent, heard)


def _unsaid(
    case: Case, topic: str | None, intent: str, heard: set[str]
) -> tuple[Say, ...]:
    """An answer; where all of it was said before, what comes after it."""
    says = answer(intent, case, topic)
    if topic and intent in ANSWERS_TWICE and heard >= {say.response for say in says}:
        says = answer(intent, case)
    for page in range(1, MOST_PAGES):
        if not all(say.response in heard for say in says):
            return says
        following = answer(intent, case, topic, page)
        if following == says:
            return says
        says = following
    return answer(intent, case, topic)


def _reasons(tracker: Tracker) -> tuple[Say, ...]:
    """Phrase by phrase, why the message reads as it does, if that was just said."""
    verdicts = any(name.startswith("utter_verdict") for name in last_answers(tracker))
    said = tuple(
        Say(PHRASE, {"quote": quote, "reason": reason})
        for quote, reason in phrases_of(findings_of(tracker))[:PAGE]
    )
    return (*said[:-1], with_buttons(said[-1], NEXT)) if verdicts and said else ()


def was_urgent(tracker: Tracker) -> bool:
    """Whether the bot last told the person to call somebody at once."""
    return (last_response(tracker) or "").startswith(URGENT)


def _about_interest(tracker: Tracker) -> bool:
    said = (last_response(tracker) or "").startswith(("utter_interest", "utter_q_rate"))
    return said or intent_of(tracker) == "ask_interest_legal"


def _is_special(tracker: Tracker) -> bool:
    """Whether a question was typed, not pressed, that is not about rights at large."""
    text = text_of(tracker)
    return not text.startswith("/") and not is_general(text)
