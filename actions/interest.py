"""The true yearly rate of a loan: one number at a time, then the result."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import (
    case_of,
    intent_of,
    last_response,
    say_all,
    signal,
    text_of,
)
from wenzhu.guidance import answer
from wenzhu.guidance.articles import by_article
from wenzhu.interest import Loan
from wenzhu.interest.turns import InterestTurn, answer_cost, open_cost


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
            unsure = intent_of(tracker) == "dont_know"
            turn = answer_cost(case, loan, asked, text_of(tracker), unsure)
            return self._end(dispatcher, turn)
        topic = by_article(text_of(tracker)) or signal(tracker, "topic")
        turn = open_cost(case, text_of(tracker))
        if topic is None and (turn.cost or turn.asked not in (None, "principal")):
            return self._end(dispatcher, turn)
        say_all(dispatcher, answer("ask_interest_legal", case, topic)[:2])
        return self._end(dispatcher, turn)

    @staticmethod
    def _end(dispatcher: CollectingDispatcher, turn: InterestTurn) -> list[EventType]:
        say_all(dispatcher, turn.says)
        return [
            SlotSet("cost_asked", turn.asked),
            SlotSet("cost_loan", turn.loan.to_slot() if turn.asked else None),
        ]
