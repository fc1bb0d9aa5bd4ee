"""Deleting what is held about a person."""

from __future__ import annotations

import asyncio
import logging
import re

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import answer_topic
from actions.conversation import intent_of, last_response, text_of
from actions.evidence import forget_evidence
from wenzhu.evidence.errors import StoreFailed
from wenzhu.guidance.heard import by_words

logger = logging.getLogger(__name__)

ASK = "utter_chat_delete_ask"
_DELETE = re.compile("删|清[空除掉]|抹|忘")


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
        topic = by_words(text_of(tracker))
        if topic is not None and not _DELETE.search(text_of(tracker)):
            return answer_topic(dispatcher, tracker, topic, "ask_rights")
        if last_response(tracker) != ASK:
            dispatcher.utter_message(response=ASK)
            return []
        if intent_of(tracker) not in ("affirm", "ask_delete_data"):
            dispatcher.utter_message(response="utter_chat_delete_kept")
            return []
        try:
            await asyncio.to_thread(forget_evidence, tracker.sender_id)
        except StoreFailed as error:  # a receipt must be true
            logger.error("evidence could not be deleted: %s", error)
            dispatcher.utter_message(response="utter_keep_not_deleted")
            return []
        dispatcher.utter_message(response="utter_chat_delete_receipt")
        return [SlotSet("forget_me", True), ActiveLoop(None)]
