"""The evidence store: sealed items in files, their chain in SQL."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters.evidence_database import LOCK_KEYS, delete_cases, failures
from wenzhu.adapters.evidence_links import Links
from wenzhu.adapters.evidence_reminders import Reminders
from wenzhu.adapters.evidence_tables import (
    cases,
    consents,
    downloads,
    happenings,
    items,
    metadata,
    reminders,
)
from wenzhu.adapters.evidence_upkeep import Upkeep
from wenzhu.evidence import chain, sealing
from wenzhu.evidence.errors import Damaged, TooLarge
from wenzhu.evidence.records import (
    WORDING_VERSION,
    Consent,
    Draft,
    Happening,
    Item,
    Scope,
)
from wenzhu.settings import MAX_ITEM_BYTES, settings


class NoCase(Exception):
    """The person never agreed that anything is kept, or it was deleted."""


@dataclass(frozen=True)
class Held:
    """A case that is open: its key can be used."""

    id: str
    key: bytes
    head: str
    created_at: float
    touched_at: float


class EvidenceStore(Links, Reminders, Upkeep):
    """Cases of people, by conversation key; the key itself is never stored.

    All methods may raise ``StoreFailed``: then nothing was kept.
    """

    def agree(self, sender: str, scope: Scope, given: bool) -> None:
        """Record an answer to a consent question; the first yes makes the case.

        A no without a case is not recorded: nothing may be kept about it.
        """
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                # Two first answers at once make one case; a rotation waits as well.
                connection.execute(sa.text(LOCK_KEYS))
            row = self._row(connection, sender)
            if row is None:
                if not given:
                    return
                case = self._make_case(connection, sender)
            else:
                case = str(row.id)
            at = self._now().timestamp()
            connection.execute(
                consents.insert().values(
                    case_id=case,
                    scope=scope,
                    given=given,
                    wording=WORDING_VERSION,
                    at=at,
                )
            )

    def consents(self, sender: str) -> list[Consent]:
        """All answers of a person, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(consents)
                .join(cases)
                .where(cases.c.person == self._person(sender))
                .order_by(consents.c.id)
            ).all()
        return [
            Consent(row.scope, row.given, row.wording, self._moment(row.at))
            for row in rows
        ]

    def allows(self, sender: str, scope: Scope) -> bool | None:
        """The latest answer to a consent question; None if it was never put."""
        for consent in reversed(self.consents(sender)):
            if consent.scope == scope:
                return consent.given
        return None

    def add(self, sender: str, draft: Draft, content: bytes | Iterable[bytes]) -> Item:
        """Keep an item. When this returns, it is on the disk and in the chain.

        Raises:
            NoCase: the person has not agreed.
            TooLarge: it is larger than ``MAX_ITEM_BYTES``.
        """
        held = self.case(sender)
        name = secrets.token_hex(16)
        measured = _Measured([content] if isinstance(content, bytes) else content)
        captured = self._now()
        self.files.write(held.key, held.id, name, measured)
        item = Item(
            id=name,
            number=0,
            kind=draft.kind,
            source=draft.source,
            media_type=draft.media_type,
            about=dict(draft.about),
            corrects=draft.corrects,
            captured_at=captured.isoformat(timespec="milliseconds"),
            sha256=measured.digest.hexdigest(),
            size=measured.size,
            link="",
        )
        try:
            return self._append(held, item)
        except BaseException:
            self.files.remove(held.id, name)
            raise

    def items(self, sender: str) -> list[Item]:
        """The items of a person in order; empty without a case."""
        try:
            return self.items_of(self.case(sender))
        except NoCase:
            return []

    def forget(self, sender: str) -> None:
        """Delete everything about a person: rows, files, key, open links."""
        person = self._person(sender)
        with self._reading() as connection:
            row = self._row(connection, sender)
        if row is not None:
            # Files first: on a full disk the rows need the room to go.
            with failures():
                self.files.remove_case(row.id)
        with self._writing() as connection:
            for table in (downloads, reminders):
                connection.execute(table.delete().where(table.c.person == person))
            if row is not None:
                delete_cases(connection, [row.id])
        self._clear_journal()

    # --- cases ----------------------------------------------------------------

    def case(self, sender: str) -> Held:
        """The open case of a person.

        Raises:
            NoCase: there is none.
        """
        with self._reading() as connection:
            row = self._row(connection, sender)
        if row is None:
            raise NoCase
        return self._held(row)

    def all_cases(self) -> Iterator[Held]:
        """Every case, one after the other."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(cases).order_by(cases.c.id)).all()
        yield from map(self._held, rows)

    def items_of(self, held: Held) -> list[Item]:
        """The items of a case in order.

        Raises:
            Damaged: a description was changed in the database.
        """
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(items)
                .where(items.c.case_id == held.id)
                .order_by(items.c.number)
            ).all()
        return [_item(held, row) for row in rows]

    def happenings(self, held: Held) -> list[Happening]:
        """What was done with a case, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(happenings)
                .where(happenings.c.case_id == held.id)
                .order_by(happenings.c.id)
            ).all()
        return [Happening(self._moment(row.at), row.name) for row in rows]

    def read(self, held: Held, item: Item) -> Iterator[bytes]:
        """The bytes of an item as received, piece by piece.

        Raises:
            Damaged: the file is gone or was changed.
        """
        return self.files.read(held.key, held.id, item.id)

    def verify(self, held: Held) -> chain.Failure | None:
        """The first item of a case that fails, and why."""
        try:
            found = self.items_of(held)
        except Damaged as error:
            return chain.Failure(0, f"a description: {error}")
        return chain.verify(
            held.id, found, held.head, lambda item: self.read(held, item)
        )

    def note(self, held: Held, name: str) -> None:
        """Record that something was done with a case."""
        with self._writing() as connection:
            self._happened(connection, held.id, name)

    # --- inside ---------------------------------------------------------------

    def _append(self, held: Held, item: Item) -> Item:
        with self._writing() as connection:
            row = connection.execute(
                sa.select(cases.c.head).where(cases.c.id == held.id).with_for_update()
            ).one_or_none()
            if row is None:
                raise NoCase
            last = connection.scalar(
                sa.select(sa.func.max(items.c.number)).where(items.c.case_id == held.id)
            )
            item = replace(item, number=(last or 0) + 1)
            item = replace(item, link=chain.link(row.head, item))
            about = json.dumps(dict(item.about), ensure_ascii=False).encode()
            connection.execute(
                items.insert().values(
                    id=item.id,
                    case_id=held.id,
                    number=item.number,
                    kind=item.kind,
                    source=item.source,
                    media_type=item.media_type,
                    sealed_about=sealing.seal(held.key, about, f"about:{item.id}"),
                    corrects=item.corrects,
                    captured_at=item.captured_at,
                    sha256=item.sha256,
                    size=item.size,
                    link=item.link,
                )
            )
            connection.execute(
                cases.update().where(cases.c.id == held.id).values(head=item.link)
            )
            self._happened(connection, held.id, "item_added")
        return item

    def _make_case(self, connection: sa.Connection, sender: str) -> str:
        name, now = secrets.token_hex(16), self._now().timestamp()
        connection.execute(
            cases.insert().values(
                id=name,
                person=self._person(sender),
                wrapped_key=self._ring().wrap(sealing.new_key(), f"case:{name}"),
                head=chain.start(name),
                created_at=now,
                touched_at=now,
            )
        )
        self._happened(connection, name, "case_opened")
        return name

    def _held(self, row: sa.Row[Any]) -> Held:
        key = self._ring().unwrap(row.wrapped_key, f"case:{row.id}")
        return Held(row.id, key, row.head, row.created_at, row.touched_at)


class _Measured:
    """Hashes and counts what passes through, and stops what is too long."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.size, self.digest = pieces, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.size += len(piece)
            if self.size > MAX_ITEM_BYTES:
                raise TooLarge(f"more than {MAX_ITEM_BYTES} bytes")
            self.digest.update(piece)
            yield piece


def _item(held: Held, row: sa.Row[Any]) -> Item:
    about = sealing.unseal(held.key, row.sealed_about, f"about:{row.id}")
    return Item(
        id=row.id,
        number=row.number,
        kind=row.kind,
        source=row.source,
        media_type=row.media_type,
        about=json.loads(about),
        corrects=row.corrects,
        captured_at=row.captured_at,
        sha256=row.sha256,
        size=row.size,
        link=row.link,
    )


@lru_cache(maxsize=1)
def evidence_store() -> EvidenceStore:
    """The store of this process, opened at its first use.

    Raises:
        WrongKey: the service key is not the one that sealed what is here.
        StoreFailed: the database cannot be reached.
    """
    return EvidenceStore(settings())


TABLES = tuple(metadata.tables)
"""Names of the tables, for whoever looks for what is left."""
