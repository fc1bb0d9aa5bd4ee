"""One ZIP with everything, made while it is read: nothing of it is ever on disk."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from wenzhu.adapters.evidence_cases import Held, NoCase
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence import chain, verifier
from wenzhu.evidence.records import Consent, Happening, Item, Stamp

ENDINGS = {
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}
NAME = "wenzhu.zip"
"""Says nothing about what is inside."""


def export(
    store: EvidenceStore,
    sender: str,
    now: datetime,
    conversation: str | None = None,
) -> Iterator[bytes]:
    """The ZIP of a person, piece by piece; one item is in memory at a time.

    Args:
        store: where the evidence is.
        sender: the conversation key.
        now: when the export is made.
        conversation: what the conversation store holds, as JSON, if it is wanted.
    """
    try:
        held: Held | None = store.case(sender)
    except NoCase:
        held = None
    sink = _Sink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED) as archive:
        if held is not None:
            consents = store.consents(sender)
            yield from _evidence(archive, sink, store, held, consents, now)
        if conversation is not None:
            archive.writestr("conversation.json", conversation)
            yield sink.take()
    yield sink.take()


def _evidence(
    archive: zipfile.ZipFile,
    sink: _Sink,
    store: EvidenceStore,
    held: Held,
    consents: Sequence[Consent],
    now: datetime,
) -> Iterator[bytes]:
    # Loads a PDF library of 27 MB: no server holds it before the first export.
    from wenzhu.adapters.evidence_index import Index

    items = store.items_of(held)
    faults: dict[int, str] = {}
    stamps = store.stamps_of(held)
    index = Index(items, stamps, now)
    for item in items:
        # Read twice: what the index and the manifest say must be known first.
        fault = chain.content_fault(item, lambda one: store.read(held, one))
        content = b""
        if fault is not None:
            faults[item.number] = fault
        elif item.media_type.startswith(("image/", "text/")):
            content = b"".join(store.read(held, item))
        index.add(item, file_name(item), fault, content)
    manifest = _manifest(
        held, items, stamps, faults, consents, store.happenings(held), now
    )
    archive.writestr("manifest.json", manifest)
    archive.writestr("index.pdf", index.content())
    archive.writestr("verify.py", Path(verifier.__file__).read_bytes())
    for stamp in stamps:
        archive.writestr(f"timestamps/{stamp.number:03}.link", stamp.link)
        archive.writestr(f"timestamps/{stamp.number:03}.tsr", stamp.token)
    yield sink.take()
    for item in items:
        if item.number not in faults:
            yield from _original(archive, sink, store, held, item)
    store.note(held, "exported")


def _original(
    archive: zipfile.ZipFile,
    sink: _Sink,
    store: EvidenceStore,
    held: Held,
    item: Item,
) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(
        f"originals/{file_name(item)}",
        datetime.fromisoformat(item.captured_at).timetuple()[:6],
    )
    packed = item.media_type.startswith("text/")
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w") as file:
        for piece in store.read(held, item):
            file.write(piece)
            yield sink.take()
    yield sink.take()


def file_name(item: Item) -> str:
    """The name of an item's file; made of nothing that anybody typed."""
    ending = ENDINGS.get(item.media_type.partition(";")[0], "bin")
    return f"{item.number:03}-{item.kind}.{ending}"


def _manifest(
    held: Held,
    items: Sequence[Item],
    stamps: Sequence[Stamp],
    faults: dict[int, str],
    consents: Sequence[Consent],
    happenings: Sequence[Happening],
    now: datetime,
) -> str:
    content = {
        "format": "wenzhu-evidence-1",
        "exported_at": now.isoformat(timespec="seconds"),
        "start": chain.start(held.id),
        "head": items[-1].link if items else chain.start(held.id),
        "chain_is_whole": chain_is_whole(held, items),
        "items": [
            {
                **{name: _plain(getattr(item, name)) for name in chain.LINKED},
                "link": item.link,
                "file": file_name(item),
                "fault": faults.get(item.number),
            }
            for item in items
        ],
        "timestamps": [
            {
                "number": each.number,
                "link": each.link,
                "file": f"{each.number:03}.tsr",
                "stated_at": each.stated_at.isoformat(timespec="seconds"),
            }
            for each in stamps
        ],
        "consents": [
            {
                "scope": each.scope,
                "given": each.given,
                "wording": each.wording,
                "at": each.at.isoformat(timespec="seconds"),
            }
            for each in consents
        ],
        "events": [
            {"at": each.at.isoformat(timespec="seconds"), "name": each.name}
            for each in happenings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def chain_is_whole(held: Held, items: Sequence[Item]) -> bool:
    """Whether the links of all items hold, whatever their contents."""
    before = chain.start(held.id)
    for number, item in enumerate(items, start=1):
        if item.number != number or chain.link(before, item) != item.link:
            return False
        before = item.link
    return before == held.head


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, dict) else value


class _Sink(io.RawIOBase):
    """A file that cannot be sought, and gives away what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._gathered, self._at = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._gathered += view
        self._at += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self._at

    def take(self) -> bytes:
        taken = bytes(self._gathered)
        self._gathered.clear()
        return taken
