"""Keeping evidence in conversation: what is said, and what is done, at each turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from wenzhu.case import Say
from wenzhu.evidence.notes import CallNote, read_note
from wenzhu.evidence.records import Draft, Item, Scope
from wenzhu.evidence.timeline import card, timeline

Purpose = Literal["message", "note"]
NOTE: Literal["note"] = "note"
MESSAGE: Literal["message"] = "message"
UNSAID = "没说"
FILE, PICTURE = "ZIP文件", "时间线的图"
"""What the link is called where it is shown as a button."""
TIMELINE: Mapping[str, Any] = {"timeline": True}
"""The document that a link to the picture opens."""


class Store(Protocol):
    """What a turn needs of ``wenzhu.adapters.evidence_store.EvidenceStore``."""

    def agree(self, sender: str, scope: Scope, given: bool) -> None:
        """Record an answer to a consent question."""

    def allows(self, sender: str, scope: Scope) -> bool | None:
        """The latest answer to a consent question."""

    def add(self, sender: str, draft: Draft, content: bytes) -> Item:
        """Keep an item."""

    def items(self, sender: str) -> list[Item]:
        """The items of a person."""

    def link(
        self,
        sender: str,
        everything: bool = False,
        document: Mapping[str, Any] | None = None,
    ) -> str:
        """A token that opens one download."""


class Held(Protocol):
    """What a turn needs of ``wenzhu.privacy.originals.Originals``."""

    def hold(self, sender: str, purpose: str, text: str) -> None:
        """Hold a text."""

    def get(self, sender: str, purpose: str) -> str | None:
        """The text, if it is still held."""

    def drop(self, sender: str, purpose: str | None = None) -> None:
        """Let go of a text."""


class Mask(Protocol):
    """``wenzhu.privacy.mask``."""

    def __call__(self, text: str) -> str:
        """The text without identifiers."""


@dataclass(frozen=True)
class Pending:
    """What waits for an answer: which text, and which question is open."""

    purpose: Purpose
    question: Literal["note", "case", "originals"]


@dataclass(frozen=True)
class KeepTurn:
    """What is said, and what waits afterwards."""

    says: tuple[Say, ...]
    pending: Pending | None = None


@dataclass(frozen=True)
class Keeper:
    """Leads one person through keeping; the parts are handed in.

    Attributes:
        sender: the conversation key.
        store: where evidence is kept.
        held: the originals in memory.
        mask: hides identifiers, for those who do not want the original kept.
        now: the present in China.
        address: what a download token is put behind.
    """

    sender: str
    store: Store
    held: Held
    mask: Mask
    now: datetime
    address: str = field(default="/downloads/")

    def hear(self, request: str | None, text: str, pending: Pending | None) -> KeepTurn:
        """One turn.

        Args:
            request: what was recognised or chosen: ``note``, ``message``, ``show``,
                ``picture``, ``export``, ``export_all``, ``yes``, ``no``.
            text: the sentence itself, for a note.
            pending: what the turn before left open.
        """
        if request in ("yes", "no"):
            return self._answered(request == "yes", pending)
        if request == NOTE:
            return self._told(text)
        if request == MESSAGE:
            if self.held.get(self.sender, MESSAGE) is None:
                return KeepTurn((Say("utter_keep_no_message"),))
            return self._go_on(MESSAGE)
        if request == "show":
            return self._shown()
        if request == "picture":
            return self._drawn()
        return self._exported(everything=request == "export_all")

    def _told(self, text: str) -> KeepTurn:
        note = read_note(text, self.now)
        if note.corrects is not None:
            numbers = [item.number for item in self.store.items(self.sender)]
            if note.corrects not in numbers:
                says = Say("utter_keep_no_such_item", {"number": note.corrects})
                return KeepTurn((says,))
        self.held.hold(self.sender, NOTE, text)
        return KeepTurn((_confirm(note),), Pending(NOTE, "note"))

    def _answered(self, yes: bool, pending: Pending | None) -> KeepTurn:
        if pending is None:
            return KeepTurn((Say("utter_keep_nothing_open"),))
        if pending.question == "note":
            if yes:
                return self._go_on(NOTE)
            self.held.drop(self.sender, NOTE)
            return KeepTurn((Say("utter_keep_note_again"),))
        if pending.question == "case" and not yes:
            self.held.drop(self.sender, NOTE)
            return KeepTurn((Say("utter_keep_refused"),))
        self.store.agree(self.sender, pending.question, yes)
        return self._go_on(pending.purpose)

    def _go_on(self, purpose: Purpose) -> KeepTurn:
        """Ask what has not been asked yet, then keep."""
        if not self.store.allows(self.sender, "case"):
            says = Say("utter_keep_case_ask")
            return KeepTurn((says,), Pending(purpose, "case"))
        originals = self.store.allows(self.sender, "originals")
        if originals is None:
            says = Say("utter_keep_originals_ask")
            return KeepTurn((says,), Pending(purpose, "originals"))
        text = self.held.get(self.sender, purpose)
        if text is None:
            return KeepTurn((Say("utter_keep_gone"),))
        draft, content = _draft(purpose, text, self.now)
        if not originals:
            draft, content = _masked(draft, self.mask), self.mask(content)
        item = self.store.add(self.sender, draft, content.encode())
        self.held.drop(self.sender, purpose)
        said = "utter_keep_done" if originals else "utter_keep_done_masked"
        return KeepTurn((Say(said, {"number": item.number}),))

    def _shown(self) -> KeepTurn:
        items = self.store.items(self.sender)
        if not items:
            return KeepTurn((Say("utter_keep_empty"),))
        lines = "\n".join(timeline(items))
        says = Say(
            "utter_keep_timeline", {"count": len(items), "lines": lines}, card(items)
        )
        return KeepTurn((says,))

    def _drawn(self) -> KeepTurn:
        if not self.store.items(self.sender):
            return KeepTurn((Say("utter_keep_empty"),))
        link = self.address + self.store.link(self.sender, document=TIMELINE)
        file = {"document": {"title": PICTURE, "url": link}}
        return KeepTurn((Say("utter_keep_picture", {"link": link}, file),))

    def _exported(self, everything: bool) -> KeepTurn:
        if not everything and not self.store.items(self.sender):
            return KeepTurn((Say("utter_keep_empty"),))
        link = self.address + self.store.link(self.sender, everything)
        said = "utter_keep_link_all" if everything else "utter_keep_link"
        file = {"document": {"title": FILE, "url": link}}
        return KeepTurn((Say(said, {"link": link}, file),))


def pending_from_slot(value: object) -> Pending | None:
    """What a slot says is open; anything else than a pending is nothing."""
    if not isinstance(value, Mapping):
        return None
    purpose, question = value.get("purpose"), value.get("question")
    if purpose not in (MESSAGE, NOTE) or question not in ("note", "case", "originals"):
        return None
    return Pending(purpose, question)


def _confirm(note: CallNote) -> Say:
    values: dict[str, str | int | float] = {
        "day": note.day,
        "when": note.when or UNSAID,
        "times": note.times or UNSAID,
        "number": note.number or UNSAID,
        "said": note.said or note.text,
    }
    if note.corrects is None:
        return Say("utter_keep_note_confirm", values)
    return Say("utter_keep_note_corrects", {**values, "corrects": note.corrects})


def _draft(purpose: Purpose, text: str, now: datetime) -> tuple[Draft, str]:
    if purpose == MESSAGE:
        return Draft("message", "pasted"), text
    note = read_note(text, now)
    draft = Draft("call_note", "told", about=note.about, corrects=note.corrects)
    return draft, note.text


def _masked(draft: Draft, mask: Mask) -> Draft:
    about = {name: mask(value) for name, value in draft.about.items()}
    return Draft(
        draft.kind, f"{draft.source}, masked", draft.media_type, about, draft.corrects
    )
