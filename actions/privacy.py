"""Deleting what is held about a person."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import intent_of, last_response

ASK = "utter_chat_delete_ask"


class ActionDeleteData(Action):
    """Ask once whether everything shall go; after the yes, the store forgets.

    The tracker store deletes when the turn is saved, since Rasa writes back what
    an action deletes (see ``rasa_ext.tracker_store``).
    """

    def name(self) -> str:
        return "action_delete_data"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if last_response(tracker) != ASK:
            dispatcher.utter_message(response=ASK)
            return []
        if intent_of(tracker) != "affirm":
            dispatcher.utter_message(response="utter_chat_delete_kept")
            return []
        dispatcher.utter_message(response="utter_chat_delete_receipt")
        return [SlotSet("forget_me", True), ActiveLoop(None)]
