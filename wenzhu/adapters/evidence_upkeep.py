"""What an operator does with the store: sweep, rotate the service key."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from wenzhu.adapters.evidence_database import (
    LOCK_KEYS,
    EvidenceDatabase,
    delete_cases,
    failures,
)
from wenzhu.adapters.evidence_files import PART
from wenzhu.adapters.evidence_tables import (
    cases,
    downloads,
    items,
    keys,
    reminders,
)

ORPHAN_SECONDS = 3600.0
"""A file without a row is younger than this only while it is being added."""

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Swept:
    """What a sweep removed, or would remove."""

    cases: int
    links: int
    orphans: int


class Upkeep(EvidenceDatabase):
    """Deletes what is past its time; wraps keys anew."""

    def sweep(self, dry_run: bool = False) -> Swept:
        """Delete cases past their time, dead links, and files without a row."""
        now = self._now().timestamp()
        oldest = now - self._settings.evidence_days * _SECONDS_A_DAY
        with self._reading() as connection:
            old = list(
                connection.scalars(
                    sa.select(cases.c.id).where(cases.c.touched_at < oldest)
                )
            )
            dead = list(
                connection.scalars(
                    sa.select(downloads.c.id).where(downloads.c.expires_at < now)
                )
            )
        if not dry_run:
            with failures():
                for case in old:
                    self.files.remove_case(case)
            with self._writing() as connection:
                connection.execute(downloads.delete().where(downloads.c.id.in_(dead)))
                connection.execute(reminders.delete().where(reminders.c.ends_at < now))
                delete_cases(connection, old)
            self._clear_journal()
        orphans = self._orphans(now - ORPHAN_SECONDS, set(old))
        if not dry_run:
            for case, name in orphans:
                self.files.remove(case, name)
        return Swept(len(old), len(dead), len(orphans))

    def rotate(self) -> int:
        """Wrap every key with a new service key; returns how many were wrapped.

        A crash at any point leaves every key openable; run it again.
        """
        self._ring.prepare()
        ring, count = self._ring(), 0
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(LOCK_KEYS))
            for name, key, wrapped in (
                (keys.c.name, "key", keys.c.wrapped),
                (cases.c.id, "case", cases.c.wrapped_key),
            ):
                for one, old in connection.execute(sa.select(name, wrapped)).all():
                    place = f"{key}:{one}"
                    new = ring.wrap(ring.unwrap(old, place), place)
                    connection.execute(
                        name.table.update()
                        .where(name == one)
                        .values({wrapped.name: new})
                    )
                    count += 1
        self._ring.finish()
        return count

    def _orphans(self, before: float, gone: set[str]) -> list[tuple[str, str]]:
        with self._reading() as connection:
            known = set(connection.scalars(sa.select(items.c.id)))
        return [
            (case, name)
            for case, name, changed in self.files.all()
            if case not in gone
            and changed < before
            and (name not in known or name.endswith(PART))
        ]
