"""Dates: counted from a paper in hand, kept on a yes, with a file for the calendar."""

from __future__ import annotations

import asyncio
import logging

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import (
    case_of,
    has_spoken,
    intent_of,
    last_response,
    say_all,
    text_of,
)
from actions.documents import hand_over
from wenzhu.adapters import clock
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.evidence.errors import StoreFailed
from wenzhu.letters.dates import Reminder
from wenzhu.letters.deadlines import (
    Told,
    Whence,
    kept,
    read_deadline,
    reminded,
    says,
    told_from_slot,
)
from wenzhu.letters.library import file_name

logger = logging.getLogger(__name__)

SLOT = "deadline_pending"
WHENCE = "utter_deadline_whence"
ASKED_ON = "utter_deadline_"


class ActionDeadline(Action):
    """Say what a date means; write it down when the person wants that."""

    def name(self) -> str:
        return "action_deadline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        today = clock.today()
        yes = {"affirm": True, "deny": False}.get(intent_of(tracker))
        asked = last_response(tracker) or ""
        if yes is not None and asked.startswith(ASKED_ON):
            whence: Whence = "message" if asked == WHENCE and not yes else "paper"
            told = told_from_slot(tracker.get_slot(SLOT), whence)
            if told is not None and asked == WHENCE:
                return self._told(dispatcher, told)
            if told is not None and told.reminder and yes:
                return await self._keep(dispatcher, tracker, told.reminder)
            dispatcher.utter_message(response="utter_chat_not_now")
            return [SlotSet(SLOT, None)]
        read = read_deadline(text_of(tracker), today, case_of(tracker))
        if read is None:
            dispatcher.utter_message(response="utter_deadline_when", title="")
            return []
        return self._told(dispatcher, read)

    @staticmethod
    def _told(dispatcher: CollectingDispatcher, told: Told) -> list[EventType]:
        said = says(told, clock.today())
        say_all(dispatcher, said)
        waits = said[-1].response.startswith(ASKED_ON)
        return [SlotSet(SLOT, told.to_slot() if waits else None)]

    @staticmethod
    async def _keep(
        dispatcher: CollectingDispatcher, tracker: Tracker, reminder: Reminder
    ) -> list[EventType]:
        document = {"calendar": reminder.day.isoformat()}

        def keep() -> str:
            evidence_store().remember(tracker.sender_id, reminder)
            return evidence_store().link(tracker.sender_id, document=document)

        try:
            token = await asyncio.to_thread(keep)
        except StoreFailed as error:
            logger.error("a day was not written down: %s", error)
            dispatcher.utter_message(response=error.response)
            return []
        hand_over(
            dispatcher,
            lambda link: kept(reminder, link, clock.today()),
            file_name("ics"),
            token,
        )
        return [SlotSet(SLOT, None)]


async def remind(
    dispatcher: CollectingDispatcher, tracker: Tracker, again: bool = False
) -> int:
    """Show the nearest day that was written down, on the first turn of a visit.

    Args:
        dispatcher: takes the bubble.
        tracker: the conversation.
        again: also where the visit is under way, for a person who says they are back.

    Returns:
        How many bubbles were said.
    """
    if has_spoken(tracker) and not again:
        return 0
    try:
        found = await asyncio.to_thread(
            lambda: evidence_store().reminders(tracker.sender_id)
        )
    except StoreFailed as error:
        logger.error("reminders could not be read: %s", error)
        return 0
    says = [reminded(each, clock.today()) for each in found[:1]]
    say_all(dispatcher, says)
    return len(says)
