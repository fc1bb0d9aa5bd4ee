"""Answers to questions, fitted to the case."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import case_of, intent_of, say_all, signal
from wenzhu.guidance import answer, choices
from wenzhu.guidance.articles import by_article


class ActionAnswer(Action):
    """Answer the question that was asked, for this case."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        topic = by_article(tracker.latest_message.get("text") or "")
        says = answer(
            intent_of(tracker), case_of(tracker), topic or signal(tracker, "topic")
        )
        say_all(dispatcher, says)
        return []


class ActionClarify(Action):
    """Ask which of two readings was meant, in the person's words."""

    def name(self) -> str:
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        buttons = choices(signal(tracker, "clarify") or [])
        dispatcher.utter_message(response="utter_chat_clarify_between", buttons=buttons)
        return []


class ActionUnclear(Action):
    """Answer what no rule covers, without forgetting what was said."""

    def name(self) -> str:
        return "action_unclear"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        dispatcher.utter_message(response="utter_chat_clarify")
        return []
