"""Serves what a signed link opens, once: ``GET /downloads/<token>``.

The process that serves it also sweeps and has chains stamped, since it always runs.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, HTTPResponse, Request, Sanic, response

from rasa_ext import forgetting
from wenzhu.adapters import clock
from wenzhu.adapters.documents import File
from wenzhu.adapters.evidence_cases import NoCase
from wenzhu.adapters.evidence_export import NAME, export
from wenzhu.adapters.evidence_links import LinkRefused
from wenzhu.adapters.evidence_store import EvidenceStore, evidence_store
from wenzhu.adapters.handed_out import file_of
from wenzhu.evidence.errors import StoreFailed
from wenzhu.evidence.turns import TIMELINE
from wenzhu.knowledge import NotSayable, load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.letters.dates import AlreadyPast
from wenzhu.settings import settings

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
STAMP_SECONDS = 60
STATUS = {"unknown": 404, "used": 410, "expired": 410}


class Downloads(InputChannel):  # type: ignore[misc]
    """Mounts the blueprint beside whatever channels there are."""

    @classmethod
    def name(cls) -> str:
        """Of the channel; nobody talks over it."""
        return "downloads"

    def url_prefix(self) -> str:
        """At the root, not under ``/webhooks``."""
        return "/downloads"

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """The routes."""
        return blueprint()


def blueprint() -> Blueprint:
    """The routes, for the prefix ``/downloads``."""
    routes = Blueprint("downloads", __name__)

    @routes.after_server_start
    async def start_upkeep(app: Sanic) -> None:
        app.add_task(_sweep_for_ever(), name="evidence-sweep")
        if settings().timestamp_url:
            app.add_task(_stamp_for_ever(), name="evidence-stamp")

    @routes.get("/<token:str>")
    async def download(request: Request, token: str) -> HTTPResponse | None:
        try:
            store = await asyncio.to_thread(evidence_store)
            opened = await asyncio.to_thread(store.open_link, token)
        except LinkRefused as refused:
            why = str(refused)
            return _page(f"utter_keep_link_{why}", STATUS[why])
        except StoreFailed as error:
            logger.error("a download could not be opened: %s", error)
            return _page(error.response, 503)
        if opened.document is not None:
            return await _document(store, opened.sender, opened.document)
        told = (
            await _conversation(request, opened.sender) if opened.everything else None
        )
        pieces = export(store, opened.sender, clock.now(), told)
        answer = await request.respond(
            content_type="application/zip",
            headers={
                **HEADERS,
                "Content-Disposition": f'attachment; filename="{NAME}"',
            },
        )
        # In threads, piece by piece: other conversations go on meanwhile.
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            if piece:
                await answer.send(piece)
        await answer.eof()
        return None

    return routes


async def _document(
    store: EvidenceStore, sender: str, document: Mapping[str, Any]
) -> HTTPResponse:
    """A letter or a date as a file, or the timeline as a picture."""
    try:
        if document == TIMELINE:
            file = await asyncio.to_thread(_drawn, store, sender)
        else:
            file = await asyncio.to_thread(file_of, document, clock.now())
    except (NotSayable, AlreadyPast, KeyError, NoCase) as error:
        logger.error("a document could not be made: %s", type(error).__name__)
        return _page("utter_apology_document", 410)
    return response.raw(
        file.content,
        content_type=file.media_type,
        headers={
            **HEADERS,
            "Content-Disposition": f'attachment; filename="{file.name}"',
        },
    )


async def _sweep_for_ever() -> None:
    """Sweep also while nobody speaks."""
    while True:
        await asyncio.to_thread(forgetting.sweep_when_due)
        await asyncio.sleep(forgetting.SWEEP_SECONDS)


async def _stamp_for_ever() -> None:
    """Have what was added stamped, soon after and never while somebody waits."""
    while True:
        try:
            await asyncio.to_thread(_stamp)
        except StoreFailed as error:
            logger.error("evidence was not stamped: %s", error)
        await asyncio.sleep(STAMP_SECONDS)


def _stamp() -> None:
    # Loads an HTTP library that most services never need.
    from wenzhu.adapters.time_stamps import authority

    named = authority(settings())
    if named is not None:
        evidence_store().stamp(named)


def _drawn(store: EvidenceStore, sender: str) -> File:
    # Loads a picture library that no server holds before the first picture.
    from wenzhu.adapters.evidence_picture import picture_of

    return picture_of(store, sender, clock.now())


async def _conversation(request: Request, sender: str) -> str:
    """What the tracker store holds of a conversation, as JSON."""
    tracker = await request.app.ctx.agent.tracker_store.retrieve_full_tracker(sender)
    events = [event.as_dict() for event in tracker.events] if tracker else []
    return json.dumps(events, ensure_ascii=False, indent=1)


def _page(name: str, status: int) -> HTTPResponse:
    files = ("keep", "apology")
    deck = {
        key: texts
        for file in files
        for key, texts in read_yaml(DATA / "responses" / f"{file}.yml")[
            "responses"
        ].items()
    }
    words = load().fill(str(deck[name][0]["text"]), clock.today())
    return response.text(f"{words}\n", status=status, headers=HEADERS)
