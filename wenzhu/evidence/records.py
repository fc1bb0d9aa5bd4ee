"""What is kept: items in the order they came, and what the person agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["message", "screenshot", "call_note", "payment", "chat_log", "file"]
KINDS: tuple[Kind, ...] = (
    "message",
    "screenshot",
    "call_note",
    "payment",
    "chat_log",
    "file",
)

Scope = Literal["case", "originals", "picture"]
"""What is agreed to: keep the case at all; keep texts unmasked; keep a picture as it
is, which is asked for each."""

WORDING_VERSION = "2026-11-28"
"""Of the consent questions in ``data/responses/keep.yml``; a test holds their
texts to it, so that a change of wording cannot go without a new version."""


@dataclass(frozen=True)
class Draft:
    """Something that is about to be kept.

    Attributes:
        kind: what it is.
        source: how it came, such as ``pasted`` or ``told``.
        media_type: of the content.
        about: what is known beside the content, as text by name; hashed too.
        corrects: number of the item that it puts right; that one stays.
    """

    kind: Kind
    source: str
    media_type: str = "text/plain; charset=utf-8"
    about: Mapping[str, str] = field(default_factory=dict)
    corrects: int | None = None


@dataclass(frozen=True)
class Item:
    """Something that is kept; all but ``id`` goes into its link of the chain.

    Attributes:
        id: name of its file; random.
        number: its place in the case, from 1.
        captured_at: when the bytes were received, with offset.
        sha256: of the bytes as received, in hex.
        size: of the bytes as received.
        link: the hash that ties it to the item before.
    """

    id: str
    number: int
    kind: str
    source: str
    media_type: str
    about: Mapping[str, str]
    corrects: int | None
    captured_at: str
    sha256: str
    size: int
    link: str


@dataclass(frozen=True)
class Consent:
    """One answer to one of the two questions, with the version of its wording."""

    scope: Scope
    given: bool
    wording: str
    at: datetime


@dataclass(frozen=True)
class Stamp:
    """An authority's word that a chain existed up to an item.

    Attributes:
        number: of that item.
        link: of that item, which is what was stamped.
        token: the authority's answer of RFC 3161, as DER.
        stated_at: the time that it states.
    """

    number: int
    link: str
    token: bytes
    stated_at: datetime


@dataclass(frozen=True)
class Happening:
    """Something that was done with a case; no content."""

    at: datetime
    name: str
