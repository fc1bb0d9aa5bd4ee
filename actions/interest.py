"""The true yearly rate of a loan: one number at a time, then the result."""

from __future__ import annotations

import re

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import answer_topic
from actions.conversation import (
    asked_topic,
    case_of,
    intent_of,
    last_response,
    say_all,
    text_of,
)
from wenzhu.guidance import answer
from wenzhu.guidance.heard import asks_something
from wenzhu.interest import Loan
from wenzhu.interest.turns import InterestTurn, answer_cost, open_cost

_OTHER_WISHES = ("ask_letter", "ask_human", "ask_complain_where", "ask_negotiate")
COMPUTED = ("q-irr",)
"""Questions whose answer is the rate itself, so that the numbers are asked at once."""
_NUMBER = re.compile(r"[0-9０-９一二两三四五六七八九十百千万]")
_SUM = re.compile(r"算算|算一[下算]|算下|帮我算|估算|计算|年化(?:是)?多少")


class ActionInterest(Action):
    """Answer a question about interest; work the rate out from the numbers given."""

    def name(self) -> str:
        return "action_interest"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        case, asked = case_of(tracker), tracker.get_slot("cost_asked")
        if asked and (last_response(tracker) or "").startswith("utter_interest"):
            if intent_of(tracker) == "deny":
                dispatcher.utter_message(response="utter_chat_not_now")
                return [SlotSet("cost_asked", None)]
            loan = Loan.from_slot(tracker.get_slot("cost_loan") or {})
            text = text_of(tracker)
            intent = intent_of(tracker)
            wants = asks_something(text) or intent in _OTHER_WISHES
            if wants and asked != "lender" and not _NUMBER.search(text):
                topic = asked_topic(tracker)
                answer_topic(dispatcher, tracker, topic, intent)
                return [SlotSet("cost_asked", None)]
            unsure = intent_of(tracker) == "dont_know"
            turn = answer_cost(case, loan, asked, text_of(tracker), unsure)
            return self._end(dispatcher, turn)
        topic = asked_topic(tracker)
        turn = open_cost(case, text_of(tracker))
        if turn.asked == "lender":  # all numbers at once: the rate comes first
            turn = answer_cost(case, turn.loan, "lender", "", unsure=True)
        counted = turn.cost or turn.asked == "fee"
        if counted or (topic is None and turn.asked not in (None, "principal")):
            return self._end(dispatcher, turn)
        wants_sum = _SUM.search(text_of(tracker)) is not None
        if wants_sum and turn.asked == "principal":
            return self._end(dispatcher, turn)
        if topic is not None and topic not in COMPUTED and turn.asked == "principal":
            return answer_topic(dispatcher, tracker, topic, "ask_interest_legal")
        about = answer("ask_interest_legal", case, topic)
        say_all(dispatcher, about[: 1 if topic in COMPUTED else 2])
        return self._end(dispatcher, turn)

    @staticmethod
    def _end(dispatcher: CollectingDispatcher, turn: InterestTurn) -> list[EventType]:
        say_all(dispatcher, turn.says)
        return [
            SlotSet("cost_asked", turn.asked),
            SlotSet("cost_loan", turn.loan.to_slot() if turn.asked else None),
        ]
