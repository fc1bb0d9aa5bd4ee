"""The chain that ties each item to the one before, and its check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wenzhu.evidence.errors import Damaged
from wenzhu.evidence.records import Item

LINKED = (
    "number",
    "kind",
    "source",
    "media_type",
    "about",
    "corrects",
    "captured_at",
    "sha256",
    "size",
)
"""The fields of an item that its link covers, in this order."""


def start(case: str) -> str:
    """The link before the first item of a case."""
    return hashlib.sha256(f"wenzhu-evidence-1:{case}".encode()).hexdigest()


def link(before: str, item: Item) -> str:
    """The link of an item, from the link before it; ``item.link`` is not read."""
    fields = {
        name: dict(value) if name == "about" else value
        for name in LINKED
        for value in (getattr(item, name),)
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Failure:
    """The first item that fails, and why; number 0 is the case itself."""

    number: int
    why: str


Reader = Callable[[Item], Iterable[bytes]]
"""Yields the bytes of an item as received; raises ``Damaged``."""


def verify(case: str, items: Sequence[Item], head: str, read: Reader) -> Failure | None:
    """Check contents and chain of a case.

    Args:
        case: id of the case.
        items: in order of their numbers.
        head: the link of the last item, as the case remembers it.
        read: opens the content of an item.

    Returns:
        The first failure, or None.
    """
    before = start(case)
    for expected, item in enumerate(items, start=1):
        if item.number != expected:
            return Failure(expected, "the item is gone from the chain")
        if link(before, item) != item.link:
            return Failure(expected, "its description or its place was changed")
        why = content_fault(item, read)
        if why is not None:
            return Failure(expected, why)
        before = item.link
    if before != head:
        return Failure(len(items) + 1, "the item is gone from the end of the chain")
    return None


def content_fault(item: Item, read: Reader) -> str | None:
    """Why the content of one item is not what was received, or None."""
    digest, size = hashlib.sha256(), 0
    try:
        for piece in read(item):
            digest.update(piece)
            size += len(piece)
    except Damaged as error:
        return str(error)
    if size != item.size or digest.hexdigest() != item.sha256:
        return "the content does not match its SHA-256"
    return None
