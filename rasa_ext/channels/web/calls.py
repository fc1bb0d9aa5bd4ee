"""The calls over HTTP: files of the widget, sessions, pictures."""

from __future__ import annotations

import json
import logging
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from rasa_ext.channels.web import limits
from rasa_ext.channels.web.headers import HOME, may_call
from rasa_ext.channels.web.limits import Limit
from rasa_ext.channels.web.pages import page
from rasa_ext.channels.web.sessions import Refused
from rasa_ext.channels.web.talk import RETRY_SECONDS, Talk, address
from rasa_ext.channels.web.uploads import NotTaken, Uploads
from rasa_ext.channels.wording import words
from wenzhu.adapters.clock import now, today
from wenzhu.knowledge import load
from wenzhu.settings import MAX_PICTURE_BYTES, MAX_TEXT_CHARACTERS, settings

logger = logging.getLogger(__name__)

BODY_BYTES = 4096
URGENT = ("HOT-12356", "HOT-110", "HOT-120")
"""What a crisis reply names, in the order in which the help sheet shows them."""
NEXT = ("HOT-96110", "HOT-12368", "HOT-12348", "HOT-12378")
"""What most people need beside; the others follow."""
TAKES_NO_CALLS = ("HOT-12381",)
"""Numbers that only send messages."""


class Calls:
    """What answers a call."""

    def __init__(self, talk: Talk) -> None:
        """Take the socket, with the log and the tokens."""
        self._talk = talk
        self._calls_from = Limit(*limits.CALLS_OF_AN_ADDRESS)
        self._uploads = Uploads()

    async def health(self, request: Request) -> HTTPResponse:
        """Whether there is a model and a database."""
        try:
            self._talk.log.is_there("")
        except SQLAlchemyError:
            return response.json({"status": "no database"}, status=503)
        if not request.app.ctx.agent or not request.app.ctx.agent.is_ready():
            return response.json({"status": "no model"}, status=503)
        return response.json({"status": "ok"})

    async def file(self, request: Request, **_name: str) -> HTTPResponse:
        """A file of the widget."""
        found = page(request.path.removeprefix(f"{HOME}/"))
        if found is None:
            return response.text("", status=404)
        headers = {"Cache-Control": found.cached, "Vary": "Accept-Encoding"}
        if found.tag:
            headers["ETag"] = found.tag
            if request.headers.get("if-none-match") == found.tag:
                return response.empty(304, headers=headers)
        content = found.content
        if found.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = found.squeezed, "gzip"
        return response.raw(content, headers=headers, content_type=found.media_type)

    async def begin(self, request: Request) -> HTTPResponse:
        """The session of a token, or a new one."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            given = await _json(request)
        except ValueError:
            return _error("utter_web_unclear", 400)
        at = now().timestamp()
        answer: dict[str, Any] = {
            "hotlines": _hotlines(),
            "limits": {"text": MAX_TEXT_CHARACTERS, "picture": MAX_PICTURE_BYTES},
            "consent": words("utter_web_keep_ask", days=settings().evidence_days),
        }
        try:
            token = given.get("token")
            try:
                ticket = self._talk.tokens.read(token, at)
                if not self._talk.log.is_there(ticket.session):
                    raise Refused("deleted")
                answer["token"] = (
                    self._talk.tokens.make(ticket.session, at)
                    if ticket.is_old(at)
                    else token
                )
            except Refused:
                answer["token"] = self._talk.tokens.make(self._talk.log.begin(), at)
                answer["renewed"] = True
        except SQLAlchemyError:
            logger.exception("no session could be made")
            return _error("utter_apology_storage", 503, RETRY_SECONDS)
        return response.json(answer)

    async def forget(self, request: Request) -> HTTPResponse:
        """Delete everything about a session."""
        session = self._session_of(request)
        if isinstance(session, HTTPResponse):
            return session
        try:
            await self._talk.delete(session)
        except Exception:
            logger.exception("a session could not be deleted")
            return _error("utter_apology_storage", 503, RETRY_SECONDS)
        return response.empty()

    async def upload(self, request: Request) -> HTTPResponse:
        """The text in a picture, which is not kept."""
        session = self._session_of(request)
        if isinstance(session, HTTPResponse):
            return session
        try:
            text = await self._uploads.read(request, session, address(request))
        except NotTaken as refused:
            return _error(refused.response, refused.status, refused.later)
        return response.json({"text": text})

    async def keep(self, request: Request) -> HTTPResponse:
        """Keep a picture as evidence; whoever calls has asked the person."""
        session = self._session_of(request)
        if isinstance(session, HTTPResponse):
            return session
        try:
            number = await self._uploads.keep(request, session, address(request))
        except NotTaken as refused:
            return _error(refused.response, refused.status, refused.later)
        return response.json({"text": words("utter_web_keep_done", number=number)})

    def _refusal(self, request: Request) -> HTTPResponse | None:
        origin, host = request.headers.get("origin"), request.headers.get("host", "")
        if not may_call(origin, host, settings().web_origins):
            return _error("utter_web_origin", 403)
        if later := self._calls_from.take(address(request)):
            return _error("utter_web_later", 429, later)
        return None

    def _session_of(self, request: Request) -> str | HTTPResponse:
        """The session whose token a call brings, or why it is refused."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            session = self._talk.session(token) if kind.lower() == "bearer" else None
        except SQLAlchemyError:
            logger.exception("a session could not be looked up")
            return _error("utter_apology_storage", 503, RETRY_SECONDS)
        return session or _error("utter_web_session", 401)


async def _json(request: Request) -> dict[str, Any]:
    """The body of a call.

    Raises:
        ValueError: it is too long, or no JSON object.
    """
    body = b""
    while piece := await request.stream.read():
        body += piece
        if len(body) > BODY_BYTES:
            raise ValueError("too long")
    given = json.loads(body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("no object")
    return given


def _error(name: str, status: int, later: int = 0) -> HTTPResponse:
    headers = {"Retry-After": str(later)} if later else {}
    return response.json({"error": words(name)}, status=status, headers=headers)


def _hotlines() -> list[dict[str, Any]]:
    """The numbers that may be tapped: sure, and not over; those for a crisis first."""
    day = today().isoformat()
    facts = [
        fact
        for fact in load().facts.values()
        if fact.topic == "hotlines"
        and fact.number
        and fact.id not in TAKES_NO_CALLS
        and (fact.confidence == "A" or "number" in fact.confirmed_fields)
        and (fact.ended_on() or day) >= day
    ]
    order = {fact_id: place for place, fact_id in enumerate((*URGENT, *NEXT))}
    facts.sort(key=lambda fact: order.get(fact.id, len(order)))
    return [
        {
            "name": fact.short_name or fact.name or "",
            "number": fact.number,
            "checked": fact.checked.on,
            "scope": fact.scope or "",
            "hours": fact.hours or "",
            "urgent": fact.id in URGENT,
        }
        for fact in facts
    ]
