"""The socket: who is connected, what they say, and what every tab hears."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sanic.request import Request
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError
from sqlalchemy.exc import SQLAlchemyError

from rasa_ext.channels.web import limits
from rasa_ext.channels.web.headers import may_call
from rasa_ext.channels.web.limits import Limit
from rasa_ext.channels.web.log import Gone, Log
from rasa_ext.channels.web.sessions import Refused, Tokens
from rasa_ext.channels.web.turns import Turns
from rasa_ext.channels.wording import words
from wenzhu.adapters.clock import now
from wenzhu.settings import settings

logger = logging.getLogger(__name__)

FRAME_BYTES = 64 * 1024
RETRY_SECONDS = 5
LONGEST_PAYLOAD = 200

_CLIENT_ID = re.compile(r"[\w-]{8,64}", re.ASCII)


class Talk:
    """Everything that happens on the socket.

    Attributes:
        socket: the socket.io server.
        tokens: what makes and reads tokens.
        log: the numbered events.
    """

    def __init__(self, on_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        """Open the database and what else does not need the event loop."""
        self._on_message = on_message
        self.tokens = Tokens.of_settings()
        self.log = Log()
        self._people: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._messages = Limit(*limits.MESSAGES_OF_A_SESSION)
        self._messages_from = Limit(*limits.MESSAGES_OF_AN_ADDRESS)
        self.socket = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=_is_ours,
            max_http_buffer_size=FRAME_BYTES,
        )
        self.socket.on("connect", self._connect)
        self.socket.on("disconnect", self._disconnect)
        self.socket.on("say", self._say)

    async def open(self, app: Sanic) -> None:
        """Take up what was left unanswered."""
        self._agent = app.ctx.agent
        self._turns = Turns(self.log, self._on_message, self._tracker, self._tell)
        if left := await self._turns.recover():
            logger.info("%d messages are answered after the restart", left)

    async def close(self, _app: Sanic) -> None:
        """Stop; what is not answered stays written down."""
        await self._turns.stop()
        self.log.close()

    def session(self, token: object) -> str | None:
        """The session of a token; none if it is not good, or was deleted."""
        try:
            ticket = self.tokens.read(token, now().timestamp())
        except Refused:
            return None
        return ticket.session if self.log.is_there(ticket.session) else None

    async def delete(self, session: str) -> None:
        """Delete everything about a session, after what it waits for; tell the tabs."""

        async def now_delete() -> None:
            _store(self._agent).forget(session)

        await self._turns.then(session, now_delete)
        await self.socket.emit("gone", room=session)

    async def _connect(self, sid: str, environ: Any, auth: Any = None) -> None:
        given = auth if isinstance(auth, dict) else {}
        try:
            session = self.session(given.get("token"))
        except SQLAlchemyError:
            raise ConnectionRefusedError("later") from None
        if session is None:
            raise ConnectionRefusedError("session")
        self._people[sid] = session
        self._addresses[sid] = address(environ["sanic.request"])
        after = given.get("after")
        after = after if isinstance(after, int) and 0 <= after < 2**31 else 0
        # In a task of its own: what is sent from here would overtake the greeting.
        self.socket.start_background_task(self._replay, sid, session, after)

    async def _replay(self, sid: str, session: str, after: int) -> None:
        try:
            await self.socket.enter_room(sid, session)  # first: nothing falls between
            if events := self.log.after(session, after):
                await self.socket.emit("events", events, to=sid)
        except Exception:
            logger.exception("nothing could be replayed; the tab connects again")
            await self.socket.disconnect(sid)

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        self._people.pop(sid, None)
        self._addresses.pop(sid, None)

    async def _say(self, sid: str, given: Any = None, *_more: Any) -> dict[str, Any]:
        session = self._people.get(sid, "")
        said = _said(given)
        if said is None:
            return {"error": words("utter_web_unclear")}
        client, text, payload = said
        later = self._messages.take(session) or self._messages_from.take(
            self._addresses.get(sid, "")
        )
        if later or self._turns.is_full(session):
            return {"later": later or RETRY_SECONDS}
        try:
            if payload and not self.log.offers(session, payload):
                payload = ""
            event, heard = self.log.hear(session, client, text, payload)
        except Gone:
            await self.socket.emit("gone", to=sid)
            return {"later": 1}
        except SQLAlchemyError:
            logger.exception("a message could not be stored; it stays with its sender")
            return {
                "later": RETRY_SECONDS,
                "error": words("utter_web_not_stored"),
            }
        if heard is not None:
            self._turns.take(heard, payload or text)
            await self._tell(session, "events", [event])
        return {"n": event["n"]}

    async def _tell(self, session: str, name: str, argument: object) -> None:
        await self.socket.emit(name, argument, room=session)

    async def _tracker(self, session: str) -> Any:
        return await _store(self._agent).retrieve(session)


def _said(given: Any) -> tuple[str, str, str] | None:
    """Id, text and payload of what a client sent; none if it is no message."""
    if not isinstance(given, dict):
        return None
    client, text = given.get("id"), given.get("text")
    if not isinstance(client, str) or not _CLIENT_ID.fullmatch(client):
        return None
    if not isinstance(text, str):
        return None
    payload = given.get("payload")
    is_payload = isinstance(payload, str) and len(payload) <= LONGEST_PAYLOAD
    return client, text.replace("\0", ""), str(payload) if is_payload else ""


def _store(agent: Any) -> Any:
    """The tracker store itself, inside what Rasa puts around it."""
    return getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)


def _is_ours(origin: str, environ: Any) -> bool:
    return may_call(origin, environ.get("HTTP_HOST", ""), settings().web_origins)


def address(request: Request) -> str:
    """Where a request comes from, as far as trusted proxies tell."""
    return str(request.remote_addr or request.ip)
