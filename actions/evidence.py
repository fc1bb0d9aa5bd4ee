"""Keeping evidence: one action that hands each turn to ``wenzhu.evidence``."""

from __future__ import annotations

import asyncio
import logging

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import intent_of, say_all, signal, text_of
from wenzhu.adapters import clock
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.case import Say
from wenzhu.evidence.errors import StoreFailed
from wenzhu.evidence.turns import Keeper, KeepTurn, Pending, pending_from_slot
from wenzhu.privacy import mask
from wenzhu.privacy.originals import originals
from wenzhu.settings import settings

logger = logging.getLogger(__name__)

ANSWERS = {"affirm": "yes", "deny": "no"}


class ActionKeep(Action):
    """Keep, show or hand out evidence; ask for consent before the first item."""

    def name(self) -> str:
        return "action_keep"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        pending = pending_from_slot(tracker.get_slot("keep_pending"))
        request = signal(tracker, "keep") or ANSWERS.get(intent_of(tracker))
        try:
            # In a thread: a database that is locked must not hold up other people.
            turn = await asyncio.to_thread(
                _hear, tracker.sender_id, request, text_of(tracker), pending
            )
        except StoreFailed as error:
            logger.error("evidence was not kept: %s", error)
            turn = KeepTurn((Say(error.response),), pending)
        say_all(dispatcher, turn.says)
        return [SlotSet("keep_pending", _slot(turn.pending))]


def forget_evidence(sender: str) -> None:
    """Delete what is kept about a person, and what is held in memory.

    Raises:
        StoreFailed: it could not be deleted; nothing may say that it was.
    """
    originals().drop(sender)
    evidence_store().forget(sender)


def _hear(
    sender: str, request: str | None, text: str, pending: Pending | None
) -> KeepTurn:
    keeper = Keeper(
        sender,
        evidence_store(),
        originals(),
        mask,
        clock.now(),
        f"{settings().public_url}/downloads/",
    )
    return keeper.hear(request, text, pending)


def _slot(pending: Pending | None) -> dict[str, str] | None:
    if pending is None:
        return None
    return {"purpose": pending.purpose, "question": pending.question}
