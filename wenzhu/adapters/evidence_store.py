"""The evidence store: sealed items in files, their chain in SQL."""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters.evidence_cases import Held, NoCase
from wenzhu.adapters.evidence_stamps import check_stamps
from wenzhu.adapters.evidence_tables import cases, items, metadata
from wenzhu.adapters.evidence_upkeep import Upkeep
from wenzhu.evidence import chain, sealing
from wenzhu.evidence.errors import Damaged, TooLarge
from wenzhu.evidence.records import Draft, Item
from wenzhu.settings import MAX_ITEM_BYTES, settings


class EvidenceStore(Upkeep):
    """What people keep: items by conversation key, read back and checked.

    All methods may raise ``StoreFailed``: then nothing was kept.
    """

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

    # --- cases ----------------------------------------------------------------

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

    def read(self, held: Held, item: Item) -> Iterator[bytes]:
        """The bytes of an item as received, piece by piece.

        Raises:
            Damaged: the file is gone or was changed.
        """
        return self.files.read(held.key, held.id, item.id)

    def verify(self, held: Held) -> chain.Failure | None:
        """The first item of a case that fails, and why; time stamps too.

        Raises:
            StampRefused: there is nobody to trust, though an authority is named.
        """
        try:
            found = self.items_of(held)
        except Damaged as error:
            return chain.Failure(0, f"a description: {error}")
        # Loads an HTTP library that no server needs before its first check.
        from wenzhu.adapters.time_stamps import authority

        read = functools.partial(self.read, held)
        return chain.verify(held.id, found, held.head, read) or check_stamps(
            self.stamps_of(held), found, authority(self._settings)
        )

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
