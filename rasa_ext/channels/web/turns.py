"""One conversation's messages in order, each answered once, also after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.exc import SQLAlchemyError

from rasa_ext.channels import wording
from rasa_ext.channels.render import Bubble, Reply
from rasa_ext.channels.web.log import Event, Gone, Heard, Log, numbered
from wenzhu.adapters.clock import now

logger = logging.getLogger(__name__)

AT_ONCE = 24
"""Turns that Rasa handles side by side; with more, their actions run out of time."""
IN_LINE = 20
"""Messages of one session that may wait for their answer."""
PAUSES = (0.2, 1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between attempts to write an answer down."""

Tell = Callable[[str, str, object], Awaitable[None]]
"""Sends an event with its argument to every tab of a session."""
Ask = Callable[[UserMessage], Awaitable[Any]]
Retrieve = Callable[[str], Awaitable[Any]]
"""Gives the tracker of a sender, or None."""


class Collector(OutputChannel):  # type: ignore[misc]
    """Gathers what the bot says in one turn."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._messages: list[Mapping[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The name of the channel."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one bubble."""
        self._messages.append(message)

    def reply(self) -> Reply:
        """Everything that was said."""
        return Reply.of(self._messages)


class Turns:
    """Hands messages to Rasa, one after the other for each session."""

    def __init__(self, log: Log, ask: Ask, retrieve: Retrieve, tell: Tell) -> None:
        """Take the log, Rasa's handler, its tracker store, and the tabs."""
        self._log, self._ask, self._retrieve, self._tell = log, ask, retrieve, tell
        self._last: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[str, int] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._line = asyncio.Semaphore(AT_ONCE)

    def is_full(self, session: str) -> bool:
        """Whether too many messages of a session wait already."""
        return self._waiting.get(session, 0) >= IN_LINE

    def take(self, heard: Heard, text: str) -> None:
        """Answer a message after those before it.

        Args:
            heard: the message, as it is kept.
            text: what the bot shall hear; the words as they were said.
        """
        self.then(heard.session, lambda: self._turn(heard, text))

    def then(
        self, session: str, work: Callable[[], Awaitable[None]]
    ) -> asyncio.Task[None]:
        """Do something after all that a session waits for."""
        before = self._last.get(session)
        self._waiting[session] = self._waiting.get(session, 0) + 1

        async def run() -> None:
            if before is not None:
                await asyncio.wait([before])
            await work()

        task = asyncio.get_running_loop().create_task(run())
        self._last[session] = task
        self._running.add(task)
        task.add_done_callback(lambda done: self._done(session, done))
        return task

    def _done(self, session: str, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._waiting[session] -= 1
        if not self._waiting[session]:
            del self._waiting[session]
        if self._last.get(session) is task:
            del self._last[session]
        if not task.cancelled() and task.exception() is not None:
            logger.error("a turn of %s failed", session, exc_info=task.exception())

    async def recover(self) -> int:
        """Take up what was written and not answered before a restart; tell how many."""
        left = self._log.unanswered()
        for heard in left:
            self.then(heard.session, partial(self._again, heard))
        return len(left)

    async def stop(self) -> None:
        """Leave what is not answered to the next start."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _again(self, heard: Heard) -> None:
        said = await self._said_before(heard)
        if said is not None:
            await self._answer(heard, said)
        elif heard.text:
            await self._turn(heard, heard.text)
        else:
            await self._answer(heard, wording.reply("utter_apology"))

    async def _said_before(self, heard: Heard) -> Reply | None:
        """The answer in the tracker, if the turn was complete when the server died."""
        tracker = await self._retrieve(heard.session)
        events = list(tracker.events) if tracker else []
        for at, event in enumerate(events):
            if isinstance(event, UserUttered) and event.message_id == heard.client:
                return _reply_after(events[at + 1 :])
        return None

    async def _turn(self, heard: Heard, text: str) -> None:
        if not self._log.is_there(heard.session):
            return  # what was deleted must not come to be again
        async with self._line:
            await self._tell(heard.session, "typing", True)
            try:
                reply = await self._reply(heard, text)
            finally:
                await self._tell(heard.session, "typing", False)
        await self._answer(heard, reply)

    async def _reply(self, heard: Heard, text: str) -> Reply:
        collector = Collector()
        message = UserMessage(
            text,
            collector,
            heard.session,
            input_channel=collector.name(),
            message_id=heard.client,
        )
        try:
            await self._ask(message)
        except Exception:
            logger.exception("a turn of %s failed", heard.session)
            return wording.reply("utter_apology")
        reply = collector.reply()
        return reply if reply.bubbles else wording.reply("utter_apology")

    async def _answer(self, heard: Heard, reply: Reply) -> None:
        """Write the answer down, however long storage fails, and only then send it."""
        bubbles = [as_event(bubble) for bubble in reply.bubbles]
        events = await self._written(heard, bubbles)
        if events:
            await self._tell(heard.session, "events", events)

    async def _written(
        self, heard: Heard, bubbles: Sequence[Mapping[str, Any]]
    ) -> list[Event]:
        for pause in PAUSES:
            try:
                return self._log.answer(heard, bubbles)
            except Gone:  # by this very turn: the receipt is said, and not kept
                return numbered(bubbles, heard.n + 1, now().timestamp())
            except SQLAlchemyError:
                logger.exception("an answer to %s was not stored", heard.session)
                await asyncio.sleep(pause)
        logger.error("an answer to %s waits for the next start", heard.session)
        return []


def _reply_after(events: Sequence[Any]) -> Reply:
    messages = []
    for event in events:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            data = {name: value for name, value in event.data.items() if value}
            name = event.metadata.get("utter_action")
            messages.append({**data, "text": event.text, "utter_action": name})
    reply = Reply.of(messages)
    return reply if reply.bubbles else wording.reply("utter_apology")


def as_event(bubble: Bubble) -> dict[str, Any]:
    """A bubble in the form that is sent, without number and time."""
    event: dict[str, Any] = {"text": bubble.text}
    if bubble.buttons:
        event["buttons"] = [
            {"title": each.title, "payload": each.payload} for each in bubble.buttons
        ]
    if bubble.card:
        event["card"] = {"name": bubble.card.name, "data": dict(bubble.card.data)}
    if bubble.document:
        file = bubble.document
        event["file"] = {"title": file.title, "url": file.address}
    return event
