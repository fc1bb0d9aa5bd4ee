"""Cases: opened by a yes, found by the conversation key, deleted on demand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters import people
from wenzhu.adapters.evidence_database import LOCK_KEYS, delete_cases, failures
from wenzhu.adapters.evidence_links import Links
from wenzhu.adapters.evidence_reminders import Reminders
from wenzhu.adapters.evidence_tables import (
    cases,
    consents,
    downloads,
    happenings,
    reminders,
    utterances,
)
from wenzhu.evidence import chain, sealing
from wenzhu.evidence.records import WORDING_VERSION, Consent, Happening, Scope


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


class Cases(Links, Reminders):
    """Cases of people; the conversation key itself is never stored in them."""

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

    def happenings(self, held: Held) -> list[Happening]:
        """What was done with a case, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(happenings)
                .where(happenings.c.case_id == held.id)
                .order_by(happenings.c.id)
            ).all()
        return [Happening(self._moment(row.at), row.name) for row in rows]

    def note(self, held: Held, name: str) -> None:
        """Record that something was done with a case."""
        with self._writing() as connection:
            self._happened(connection, held.id, name)

    def forget(self, sender: str, ended: bool = False) -> None:
        """Delete everything about a person: conversation, case, files, key, links.

        Args:
            sender: the conversation key.
            ended: it goes because its time is over; days that the person asked to be
                reminded of then stay until they are over themselves.
        """
        person = self._person(sender)
        with self._reading() as connection:
            row = self._row(connection, sender)
        if row is not None:
            # Files first: on a full disk the rows need the room to go.
            with failures():
                self.files.remove_case(row.id)
        with self._writing() as connection:
            own = (downloads, utterances)
            for table in own if ended else (*own, reminders):
                connection.execute(table.delete().where(table.c.person == person))
            people.delete(connection, sender)
            if row is not None:
                delete_cases(connection, [row.id])
        if row is not None:  # what another tab was adding meanwhile
            self.files.remove_case(row.id)
        self._clear_journal()

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
