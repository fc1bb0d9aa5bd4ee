"""What an operator does with the store: sweep, rotate the service key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from wenzhu.adapters import people
from wenzhu.adapters.evidence_database import LOCK_KEYS, delete_cases, failures
from wenzhu.adapters.evidence_files import PART
from wenzhu.adapters.evidence_stamps import Stamps
from wenzhu.adapters.evidence_tables import (
    cases,
    downloads,
    items,
    keys,
    reminders,
)

ORPHAN_SECONDS = 3600.0
"""A file without a row is younger than this only while it is being added."""


@dataclass(frozen=True)
class Swept:
    """What a sweep removed, or would remove.

    Attributes:
        people: of whom nothing is left.
        talks: of which what is known of the case is left.
        cases: of evidence.
        links: to downloads.
        orphans: files without a row.
    """

    people: int
    talks: int
    cases: int
    links: int
    orphans: int


@dataclass(frozen=True)
class _Overdue:
    """People whose time is over, and cases of whom no conversation is left."""

    people: list[str]
    talks: list[str]
    cases: list[str]
    strays: list[str]


class Upkeep(Stamps):
    """Deletes what is past its time; wraps keys anew."""

    def sweep(
        self, dry_run: bool = False, forget: Callable[[str, bool], None] | None = None
    ) -> Swept:
        """Delete what is past its time, and files without a row.

        Some hours after the last turn, all of a conversation goes, or, of who agreed
        that a case is kept, what was said; some days after the last turn or the last
        touch of the evidence, the case goes.

        Args:
            dry_run: only tell what would go.
            forget: deletes what is held of a person, as ``forget`` does; where other
                parts of a running service hold something too, it has to tell them.
        """
        now = self._now().timestamp()
        over = self._overdue(now)
        with self._reading() as connection:
            dead = list(
                connection.scalars(
                    sa.select(downloads.c.id).where(downloads.c.expires_at < now)
                )
            )
        if not dry_run:
            for sender in over.people:
                (forget or self.forget)(sender, True)
            for sender in over.talks:
                with self._writing() as connection:
                    people.quieten(connection, sender, self.text_key)
            with failures():
                for case in over.strays:
                    self.files.remove_case(case)
            with self._writing() as connection:
                connection.execute(downloads.delete().where(downloads.c.id.in_(dead)))
                connection.execute(reminders.delete().where(reminders.c.ends_at < now))
                delete_cases(connection, over.strays)
            self._clear_journal()
        gone = over.cases + over.strays
        orphans = self._orphans(now - ORPHAN_SECONDS, set(gone))
        if not dry_run:
            for case, name in orphans:
                self.files.remove(case, name)
        return Swept(
            len(over.people), len(over.talks), len(gone), len(dead), len(orphans)
        )

    def _overdue(self, now: float) -> _Overdue:
        own = self._settings
        hours = timedelta(hours=own.conversation_hours).total_seconds()
        days = timedelta(days=own.evidence_days).total_seconds()
        with self._reading() as connection:
            seen, talked = people.last_seen(connection), people.talked(connection)
            held = {
                row.person: row
                for row in connection.execute(
                    sa.select(cases.c.id, cases.c.person, cases.c.touched_at)
                )
            }
        over = _Overdue([], [], [], [])
        for sender, at in seen.items():
            case = held.pop(self._person(sender), None)
            if case is not None and max(at, case.touched_at) + days < now:
                over.people.append(sender)
                over.cases.append(case.id)
            elif at + hours < now:
                if case is None:
                    over.people.append(sender)
                elif sender in talked:
                    over.talks.append(sender)
        over.strays.extend(
            row.id for row in held.values() if row.touched_at + days < now
        )
        return over

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
