"""The database of evidence: opened, migrated, and its failures in our words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters import clock
from wenzhu.adapters.database import clear_journal, engine_for, writing
from wenzhu.adapters.evidence_files import SealedFiles
from wenzhu.adapters.evidence_keys import ServiceKeys
from wenzhu.adapters.evidence_tables import (
    cases,
    consents,
    happenings,
    items,
    keys,
    migrate,
    stamps,
)
from wenzhu.evidence import sealing
from wenzhu.evidence.errors import StoreFailed, StoreFull
from wenzhu.settings import Settings

INDEX = "index"
"""The key under which people are found, and links signed."""
TEXTS = "texts"
"""The key of the free texts of conversations."""
LOCK_KEYS = "LOCK TABLE evidence_keys, evidence_cases IN EXCLUSIVE MODE"


class EvidenceDatabase:
    """An open database and the key under which people are looked up in it."""

    def __init__(
        self,
        own: Settings,
        service_keys: ServiceKeys | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """Open the database, bring its tables up, open the index key.

        Raises:
            WrongKey: the service key is not the one that sealed what is here.
            StoreFailed: the database cannot be reached.
        """
        self._settings, self._now = own, now
        self._ring = service_keys or ServiceKeys(own)
        self.engine = engine_for(own.database_url, durable=True)
        with failures():
            migrate(self.engine)
            self._index, self.text_key = self._open_keys(INDEX, TEXTS)
        # Of this database alone: to another one our files would be without rows.
        folder = sealing.signature(self._index, "folder")[:16]
        self.files = SealedFiles(own.state_folder / "evidence" / folder)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _person(self, sender: str) -> str:
        return sealing.signature(self._index, f"person:{sender}")

    def _moment(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, clock.CHINA)

    def _row(self, connection: sa.Connection, sender: str) -> sa.Row[Any] | None:
        return connection.execute(
            sa.select(cases).where(cases.c.person == self._person(sender))
        ).one_or_none()

    def _happened(self, connection: sa.Connection, case: str, name: str) -> None:
        at = self._now().timestamp()
        connection.execute(happenings.insert().values(case_id=case, at=at, name=name))
        connection.execute(
            cases.update().where(cases.c.id == case).values(touched_at=at)
        )

    def _open_keys(self, *names: str) -> list[bytes]:
        """The keys with these names; the first call makes them."""
        with writing(self.engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(LOCK_KEYS))
            ring = self._ring()
            rows = connection.execute(sa.select(keys.c.name, keys.c.wrapped))
            found = {row.name: row.wrapped for row in rows}
            for name in names:
                if name not in found:
                    found[name] = ring.wrap(sealing.new_key(), f"key:{name}")
                    connection.execute(
                        keys.insert().values(name=name, wrapped=found[name])
                    )
        return [ring.unwrap(found[name], f"key:{name}") for name in names]

    def _clear_journal(self) -> None:
        with failures():
            clear_journal(self.engine)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with failures(), writing(self.engine).begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with failures(), self.engine.connect() as connection:
            yield connection


@contextlib.contextmanager
def failures() -> Iterator[None]:
    """Turn what the database or the disk says into what we say."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError) as error:
        text = str(error).lower()
        full = "disk is full" in text or "no space left" in text
        kind = StoreFull if full else StoreFailed
        # Without the statement: its values are none of the log's business.
        raise kind(type(getattr(error, "orig", error)).__name__) from None


def delete_cases(connection: sa.Connection, names: Sequence[str]) -> None:
    for table in (happenings, consents, stamps, items):
        connection.execute(table.delete().where(table.c.case_id.in_(names)))
    connection.execute(cases.delete().where(cases.c.id.in_(names)))
