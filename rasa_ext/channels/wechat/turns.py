"""Five seconds, three attempts, one answer.

WeChat waits five seconds for an answer and asks three times. Each message is handled
once; whichever attempt is there when the answer is ready takes it. An answer that
comes too late is sent as a service message where the account may, and else waits
until the person says “继续”. What could not be delivered is never dropped: it stands
under the next answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from rasa_ext.channels.render import WECHAT_BYTES, first_page
from rasa_ext.channels.wechat.api import Api, CallFailed
from rasa_ext.channels.wechat.state import Kept, Stage, State
from rasa_ext.channels.wording import words

logger = logging.getLogger(__name__)

ATTEMPTS = 3
PATIENCE = 4.3
"""Seconds after which an attempt is answered, whatever there is."""
HOLD = 6.0
"""Seconds that an attempt is held where another one shall come."""
REMEMBERED = 120.0
"""Seconds that an answer can be asked for again from memory."""
UNCLAIMED = 20.0
"""Seconds after which no further attempt comes for an answer that is ready."""


@dataclass(frozen=True)
class Answer:
    """What is said to a message.

    Attributes:
        text: all of it.
        is_urgent: whether it stands alone.
        holds_owed: whether what was owed is part of it already.
    """

    text: str
    is_urgent: bool = False
    holds_owed: bool = False


class NotYet(Exception):
    """No answer in time; another attempt shall come."""


@dataclass
class _Job:
    task: asyncio.Task[Answer]
    openid: str
    person: str
    attempts: int = 0
    newest: object = None
    late: bool = False
    given: str | None = None
    delivered: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """The messages that are being answered."""

    def __init__(
        self,
        state: State,
        api: Api | None,
        patience: float = PATIENCE,
        hold: float = HOLD,
        limit: int = WECHAT_BYTES,
    ) -> None:
        """Take what remembers, and what sends service messages, if anything may."""
        self._state = state
        self._api = api
        self._patience = patience
        self._hold = hold
        self._limit = limit
        self._jobs: dict[str, _Job] = {}
        self._sending: set[asyncio.Task[None]] = set()

    async def answer(
        self,
        key: str,
        person: str,
        openid: str,
        run: Callable[[], Coroutine[Any, Any, Answer]],
    ) -> str:
        """Handle one attempt to deliver a message.

        Args:
            key: the same for each attempt.
            person: the pseudonym.
            openid: where a service message would go.
            run: handles the message; called once.

        Returns:
            The text to answer with; empty for a mere “success”.

        Raises:
            NotYet: do not answer this attempt.
        """
        claim = self._state.claim(key, person)
        job = self._jobs.get(key)
        if job is None:
            if claim.stage is not Stage.RUNNING:
                return claim.answer
            job = self._start(key, person, openid, run)
        if job.given is not None:
            return job.given
        if job.late:
            return ""
        job.attempts = max(job.attempts + 1, claim.attempt)
        return await self._wait(key, job)

    def _start(
        self,
        key: str,
        person: str,
        openid: str,
        run: Callable[[], Coroutine[Any, Any, Answer]],
    ) -> _Job:
        job = _Job(asyncio.create_task(run()), openid, person)
        self._jobs[key] = job
        job.task.add_done_callback(lambda _: self._ended(key, job))
        return job

    def _ended(self, key: str, job: _Job) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(REMEMBERED, self._jobs.pop, key, None)
        if job.late:
            self._spawn(self._deliver(key, job))
        else:
            loop.call_later(UNCLAIMED, self._owe_if_unclaimed, key, job)

    def _owe_if_unclaimed(self, key: str, job: _Job) -> None:
        """Keep an answer that every attempt gave up waiting for."""
        if job.given is None:
            job.late, job.given = True, ""
            self._spawn(self._deliver(key, job))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    @property
    def _sends(self) -> bool:
        return self._api is not None and self._api.may_send

    async def _wait(self, key: str, job: _Job) -> str:
        job.newest = mine = object()
        last = self._sends or job.attempts >= ATTEMPTS
        await asyncio.wait({job.task}, timeout=self._patience if last else self._hold)
        if job.newest is not mine:
            raise NotYet  # this attempt was given up: a newer one takes the answer
        if job.given is not None:
            return job.given
        if job.task.done():
            return self._give(key, job)
        if not last:
            raise NotYet
        job.late = True
        job.given = "" if self._sends else words("utter_wechat_wait")
        self._state.finish(key, job.person, Stage.LATE, job.given)
        return job.given

    def _composed(self, job: _Job) -> tuple[str, Kept]:
        """The answer with what was owed under it, cut to one message; what is left."""
        answer, kept = job.task.result(), self._state.kept(job.person)
        text, owed = answer.text, kept.owed
        if answer.holds_owed:
            owed = ""
        elif owed and not answer.is_urgent:
            text, owed = f"{text}\n\n{words('utter_wechat_owed')}\n{owed}", ""
        page, rest = first_page(text, words("utter_wechat_more"), self._limit)
        return page, Kept(rest, owed)

    def _give(self, key: str, job: _Job) -> str:
        """Hand the answer to the attempt that waits for it."""
        job.given, kept = self._composed(job)
        self._state.finish(key, job.person, Stage.ANSWERED, job.given, kept)
        return job.given

    async def _deliver(self, key: str, job: _Job) -> None:
        """Bring an answer that came too late, or keep it until it is asked for."""
        try:
            page, kept = self._composed(job)
            if not await self._sent(job, page):
                kept = self._with_owed(job)
            self._state.finish(key, job.person, Stage.OVER, job.given or "", kept)
        finally:
            job.delivered.set()

    def _with_owed(self, job: _Job) -> Kept:
        answer, kept = job.task.result(), self._state.kept(job.person)
        owed = "" if answer.holds_owed else kept.owed
        parts = [part for part in (owed, answer.text) if part]
        return Kept(kept.rest, "\n\n".join(parts))

    async def _sent(self, job: _Job, text: str) -> bool:
        """Whether a service message is surely sent."""
        if self._api is None or not self._api.may_send:
            return False
        if not self._state.take(job.person):
            logger.warning("no service message is left for %s", job.person)
            return False
        try:
            await self._api.send_text(job.openid, text)
        except CallFailed as failed:
            logger.warning("a late answer waits for %s: %s", job.person, failed)
            return False
        return True

    def waiting_for(self, person: str) -> Awaitable[bool] | None:
        """The end of the late answer that a person waits for, if there is one."""
        if self._sends:
            return None
        for job in self._jobs.values():
            if job.person == person and job.late and not job.delivered.is_set():
                return job.delivered.wait()
        return None

    async def close(self) -> None:
        """Let what is being sent be sent."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._patience)
