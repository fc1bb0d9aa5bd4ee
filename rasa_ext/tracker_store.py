"""The tracker store: the one place where a conversation is masked and kept."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_ext import forgetting, review
from rasa_ext.storage import FAULTS, LostTracker, Storage
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.adapters.sealed_text import SealedText
from wenzhu.evidence.errors import StoreFailed
from wenzhu.privacy import mask, mask_deep
from wenzhu.settings import MAX_TEXT_CHARACTERS, settings

logger = logging.getLogger(__name__)

ATTEMPTS = 2
Result = TypeVar("Result")


def masked(event: Event) -> Event:
    """A copy of an event without identifiers; events without text as they are."""
    if isinstance(event, UserUttered):
        clean = copy(event)
        text = event.text or ""
        too_long = len(text) > MAX_TEXT_CHARACTERS
        clean.text = f"（{len(text)} 个字，没有保存）" if too_long else mask(text)
        clean.parse_data = mask_deep(event.parse_data)
        clean.parse_data["text"] = clean.text
        clean.entities = clean.parse_data.get("entities", [])
        clean.metadata = mask_deep(event.metadata)
        return clean
    if isinstance(event, BotUttered):
        clean_bot = copy(event)
        clean_bot.text = mask(event.text) if event.text else event.text
        clean_bot.data = mask_deep(event.data)
        clean_bot.metadata = mask_deep(event.metadata)
        return clean_bot
    if isinstance(event, SlotSet):
        clean_slot = copy(event)
        clean_slot.value = mask_deep(event.value)
        return clean_slot
    return event


def is_crisis(tracker: DialogueStateTracker) -> bool:
    """Whether a crisis is open in a conversation."""
    return bool(tracker.slots.get("crisis_open") and tracker.get_slot("crisis_open"))


def _forgets(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == "forget_me" and event.value


class CaseTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """SQL tracker store that masks whatever it keeps and publishes, and seals it.

    SQLite by default, PostgreSQL by URL (``DATABASE_URL``).
    """

    Base = sa.orm.declarative_base()

    class SQLEvent(Base):  # type: ignore[misc, valid-type]
        """Rasa's table with its data sealed; intent and action stay empty.

        Nothing reads those two columns, and they tell what a person fears.
        """

        __tablename__ = "events"

        id = sa.Column(sa.Integer, primary_key=True)
        sender_id = sa.Column(sa.String(255), nullable=False, index=True)
        type_name = sa.Column(sa.String(255), nullable=False)
        timestamp = sa.Column(sa.Float)
        intent_name = sa.Column(sa.String(255))
        action_name = sa.Column(sa.String(255))
        data: Any = sa.Column(SealedText("events.data"))

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the database named by the settings.

        Args:
            domain: slots of the bot.
            host: ignored; the address comes from ``DATABASE_URL``.
            event_broker: receives the masked events.
            **kwargs: further settings of ``SQLTrackerStore``.
        """
        url = settings().database_url
        if url.startswith("sqlite"):
            settings().state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(domain, host=url, event_broker=event_broker)
        evidence_store()  # a wrong service key is said now, and not to a person
        self._storage = Storage(self.engine)
        self._unsaved: set[str] = set()
        self._in_crisis: set[str] = set()

    @contextmanager
    def session_scope(self) -> Iterator[Any]:
        """One transaction; Rasa's own ends the whole server at a ``ValueError``."""
        with self.sessionmaker() as session:
            yield session

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; a ``LostTracker`` where it cannot be read or kept.

        So it is after a turn that was answered and then not kept: the next sentence
        answers a question that this store knows nothing of.
        """
        read = super().retrieve

        async def checked() -> DialogueStateTracker | None:
            self._storage.check()
            return await read(sender_id)

        tracker: DialogueStateTracker | None = LostTracker(sender_id, self.domain.slots)
        if sender_id not in self._unsaved:
            try:
                tracker = await self._twice(checked)
            except FAULTS as error:
                name = type(error).__name__
                logger.error("a conversation could not be read: %s", name)
        if sender_id in self._in_crisis:  # the gate needs no database
            tracker = tracker or self.init_tracker(sender_id)
            if not is_crisis(tracker):
                tracker.update(SlotSet("crisis_open", True))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Mask the events that are new, keep them in one commit, publish them.

        A turn in which the person had everything deleted leaves nothing behind, and so
        does one in which storage failed.
        """
        sender = tracker.sender_id
        crisis = self._in_crisis.add if is_crisis(tracker) else self._in_crisis.discard
        crisis(sender)
        if isinstance(tracker, LostTracker):
            self._unsaved.discard(sender)
            return

        async def kept() -> list[Event]:
            self._storage.see_file()
            return self._keep(tracker)

        try:
            new = await self._twice(kept)
        except FAULTS as error:
            logger.error("a turn could not be kept: %s", type(error).__name__)
            self._unsaved.add(sender)
            return
        review.record(tracker, new)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, sender)

    async def _twice(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """The result of some work; tried again with new connections if it fails."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await work()
            except FAULTS:
                self._storage.reconnect()
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("not reached")

    def _keep(self, tracker: DialogueStateTracker) -> list[Event]:
        """Write the events that are new; what was written, masked."""
        with self.session_scope() as session:
            kept = self._event_query(
                session, tracker.sender_id, fetch_events_from_all_sessions=False
            ).count()
            new = [masked(event) for event in islice(tracker.events, kept, None)]
            if any(_forgets(event) for event in new):
                session.rollback()
                self._forget_again(tracker.sender_id)
                return []
            session.add_all(self._row(tracker.sender_id, event) for event in new)
            session.commit()
        asyncio.get_running_loop().run_in_executor(None, forgetting.sweep_when_due)
        return new

    def forget(self, sender_id: str) -> None:
        """Delete a conversation and what every part keeps about the person.

        Raises:
            StoreFailed: it could not be deleted.
        """
        forgetting.forget(sender_id)

    def _forget_again(self, sender_id: str) -> None:
        """The action has deleted it already; what this turn wrote since goes too."""
        try:
            self.forget(sender_id)
        except StoreFailed as error:
            logger.error("what the last turn left could not be deleted: %s", error)

    def _row(self, sender_id: str, event: Event) -> SQLTrackerStore.SQLEvent:
        data = event.as_dict()
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event.type_name,
            timestamp=data.get("timestamp"),
            data=json.dumps(data, ensure_ascii=False),
        )

    def _additional_events(
        self, session: Any, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """Not used: ``save`` reads the count itself."""
        raise NotImplementedError
