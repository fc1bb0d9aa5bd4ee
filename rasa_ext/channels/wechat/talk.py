"""From a message to what Rasa answers, for WeChat and WeCom alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from rasa_ext.channels import wording
from rasa_ext.channels.render import Reply, chosen, wechat
from rasa_ext.channels.wechat.messages import Message
from rasa_ext.channels.wechat.state import State
from rasa_ext.channels.wechat.turns import Answer, Turns
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

logger = logging.getLogger(__name__)

CONTINUE = frozenset({"继续", "继续看", "接着看", "繼續", "继续。"})

AT_ONCE = 24
"""Turns that Rasa handles side by side. With more, each takes so long that its
actions run out of time; those who wait in line get their answer late instead."""

OnMessage = Callable[[UserMessage], Awaitable[Any]]


@lru_cache(maxsize=1)
def definition() -> Mapping[str, Any]:
    """The menu, and what is said for a person when an event happens."""
    return dict(read_yaml(DATA / "channels" / "wechat.yml"))


def said(message: Message) -> str | None:
    """What a person says by a message or an event; none if nothing is to be said.

    The empty text stands for a message that holds no words.
    """
    if message.kind == "event":
        return _said_by(message)
    if message.kind in ("text", "voice"):
        return chosen(message.text)
    return ""


def _said_by(message: Message) -> str | None:
    events: Mapping[str, str] = definition()["events"]
    if message.event == "subscribe":
        return events["subscribe"]
    if message.event == "SCAN":
        return events["scan"]
    if message.event in ("CLICK", "click"):
        known = {
            item["say"] for entry in definition()["menu"] for item in entry["items"]
        }
        return message.event_key if message.event_key in known else None
    return None


class Collector(OutputChannel):  # type: ignore[misc]
    """Gathers what the bot says in one turn."""

    def __init__(self, channel: str) -> None:
        """Take the name under which Rasa knows the channel."""
        self._channel = channel
        self._messages: list[Mapping[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        """The name of the channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one bubble."""
        self._messages.append(message)

    def reply(self) -> Reply:
        """Everything that was said."""
        return Reply.of(self._messages)


class Talk:
    """One channel's way to Rasa."""

    def __init__(
        self, channel: str, state: State, turns: Turns, on_message: OnMessage
    ) -> None:
        """Take the parts; ``on_message`` is Rasa's handler."""
        self._channel = channel
        self._state = state
        self._turns = turns
        self._on_message = on_message
        self._line = asyncio.Semaphore(AT_ONCE)
        self._at_stake: set[str] = set()

    async def answer(self, message: Message, person: str, text: str) -> Answer:
        """The answer to a message; a written apology if anything fails."""
        try:
            return await self._answer(message, person, text)
        except Exception:
            logger.exception("a turn of %s failed", person)
            return _spoken("utter_apology")

    async def _answer(self, message: Message, person: str, text: str) -> Answer:
        if not text:
            return _spoken(_without_words(message))
        # in a crisis “继续” must not bring back old talk of debt
        if text.strip() in CONTINUE and person not in self._at_stake:
            kept = await self._kept(person)
            if kept is not None:
                return kept
        collector = Collector(self._channel)
        heard = UserMessage(
            text,
            collector,
            person,
            input_channel=self._channel,
            message_id=message.key,
        )
        async with self._line:
            await self._on_message(heard)
        reply = collector.reply()
        if not reply.bubbles:
            return _spoken("utter_apology")
        if reply.is_urgent:
            self._at_stake.add(person)
        else:
            self._at_stake.discard(person)
        return Answer(wechat(reply), reply.is_urgent)

    async def _kept(self, person: str) -> Answer | None:
        """What the person can still ask for, once it is there."""
        waiting = self._turns.waiting_for(person)
        if waiting is not None:
            await waiting
        kept = self._state.kept(person)
        parts = [part for part in (kept.owed, kept.rest) if part]
        return Answer("\n\n".join(parts), holds_owed=True) if parts else None


def _spoken(response: str) -> Answer:
    return Answer(wechat(wording.reply(response)))


def _without_words(message: Message) -> str:
    return {
        "voice": "utter_wechat_voice",
        "image": "utter_wechat_picture",
        "location": "utter_wechat_location",
    }.get(message.kind, "utter_wechat_other")
