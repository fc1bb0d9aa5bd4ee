"""A picture that was sent: read and thrown away, or kept as evidence after a yes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sanic.request import File, Request, parse_multipart_form

from rasa_ext.channels.web import limits
from rasa_ext.channels.web.limits import Limit
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.adapters.ocr import NotReadable, cleaned
from wenzhu.adapters.picture_reader import PictureReader
from wenzhu.evidence.errors import StoreFailed
from wenzhu.evidence.records import Draft
from wenzhu.settings import MAX_PICTURE_BYTES

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

FORM_BYTES = 64 * 1024
"""What a form may hold beside the picture."""
WAITING = 8
"""Pictures that may wait while one is read."""
RETRY_SECONDS = 20

_ANSWERS = {
    "large": ("utter_web_picture_large", 413),
    "kind": ("utter_web_picture_kind", 415),
    "empty": ("utter_apology_picture", 422),
    "failed": ("utter_apology_picture", 503),
}


class NotTaken(Exception):
    """A picture was refused: what is said, the HTTP status, when to try again."""

    def __init__(self, response: str, status: int, later: int = 0) -> None:
        """Keep what is answered."""
        super().__init__(response)
        self.response, self.status, self.later = response, status, later


class Uploads:
    """Takes pictures one after the other; they are only ever in memory."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._of_session = Limit(*limits.PICTURES_OF_A_SESSION)
        self._of_address = Limit(*limits.PICTURES_OF_AN_ADDRESS)
        self._reader = PictureReader()
        self._line = asyncio.Lock()
        self._waiting = 0

    async def read(self, request: Request, session: str, address: str) -> str:
        """The text in the picture of a form.

        Raises:
            NotTaken: the picture, or its sender for now, is refused.
        """
        return await self._with_picture(request, session, address, self._text)

    async def keep(self, request: Request, session: str, address: str) -> int:
        """Keep the picture of a form as it came, after a yes; the number it has.

        Raises:
            NotTaken: the picture, or its sender for now, is refused, or not kept.
        """

        async def kept(content: bytes) -> int:
            try:
                return await asyncio.to_thread(_keep, session, content)
            except NotReadable as refused:
                raise NotTaken(*_ANSWERS[refused.reason]) from refused
            except StoreFailed as error:
                logger.error("a picture was not kept: %s", type(error).__name__)
                raise NotTaken(error.response, 503) from error

        return await self._with_picture(request, session, address, kept)

    async def _text(self, content: bytes) -> str:
        answer = await self._reader.read(content)
        if "text" not in answer:
            raise NotTaken(*_ANSWERS[answer["reason"]])
        return answer["text"]

    async def _with_picture(
        self,
        request: Request,
        session: str,
        address: str,
        work: Callable[[bytes], Awaitable[Result]],
    ) -> Result:
        later = self._of_session.take(session) or self._of_address.take(address)
        if not later and self._waiting >= WAITING:
            later = RETRY_SECONDS
        if later:
            raise NotTaken("utter_web_later", 429, later)
        self._waiting += 1
        try:
            content = await _picture(request)
            async with self._line:
                return await work(content)
        finally:
            self._waiting -= 1


def _keep(session: str, content: bytes) -> int:
    """Keep a picture with the bytes it came with; the yes is written down first."""
    kind = cleaned(content).info["kind"]
    store = evidence_store()
    if not store.allows(session, "case"):
        store.agree(session, "case", True)
    store.agree(session, "picture", True)
    return store.add(session, Draft("screenshot", "uploaded", kind), content).number


async def _picture(request: Request) -> bytes:
    """The picture in a form, whatever its name and type say.

    Raises:
        NotTaken: the form is too large or has no picture.
    """
    body = bytearray()
    while piece := await request.stream.read():
        body += piece
        if len(body) > MAX_PICTURE_BYTES + FORM_BYTES:
            raise NotTaken(*_ANSWERS["large"])
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    _, _, boundary = parameters.partition("boundary=")
    if kind.strip().lower() == "multipart/form-data" and boundary:
        try:
            files = parse_multipart_form(
                bytes(body), boundary.strip().strip('"').encode("ascii")
            )[1]
        except Exception as error:  # Sanic's parser raises whatever a bad form leads to
            raise NotTaken("utter_web_unclear", 400) from error
        found = files.get("picture")
        if isinstance(found, File):
            return bytes(found.body)
    raise NotTaken("utter_web_unclear", 400)
