"""Masked utterances that wait for a reviewer, each with its person's consent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters.evidence_database import EvidenceDatabase
from wenzhu.adapters.evidence_tables import utterances
from wenzhu.settings import settings

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Utterance:
    """One sentence and why it is looked at.

    Attributes:
        said_at: when it was said, in seconds; one person says one thing at a time.
        text: the sentence, masked.
        context: the slot that was asked for, or None.
        understood: the intent and entities that were read.
        why: ``clarified``, ``corrected`` or ``rejected``.
        id: its number in the table; 0 before it is kept.
    """

    said_at: float
    text: str
    context: str | None
    understood: dict[str, Any]
    why: str
    id: int = 0


class ReviewStore(EvidenceDatabase):
    """The utterances of everybody, in the database of the conversations."""

    def keep(self, sender: str, found: Iterable[Utterance], wording: str) -> None:
        """Keep sentences of a person; one that is here already stays as it is."""
        person, now = self._person(sender), self._now().timestamp()
        with self._writing() as connection:
            self._delete_old(connection, now)
            known = set(
                connection.scalars(
                    sa.select(utterances.c.said_at).where(utterances.c.person == person)
                )
            )
            for one in found:
                if one.said_at in known:
                    continue
                connection.execute(
                    utterances.insert().values(
                        person=person,
                        said_at=one.said_at,
                        kept_at=now,
                        text=one.text,
                        context=one.context,
                        understood=json.dumps(one.understood, ensure_ascii=False),
                        why=one.why,
                        wording=wording,
                    )
                )

    def forget(self, sender: str) -> None:
        """Delete what is kept of a person."""
        with self._writing() as connection:
            connection.execute(
                utterances.delete().where(utterances.c.person == self._person(sender))
            )
        self._clear_journal()

    def all(self) -> list[Utterance]:
        """What waits, oldest first; what is past its time is deleted."""
        with self._writing() as connection:
            self._delete_old(connection, self._now().timestamp())
            rows = connection.execute(
                sa.select(utterances).order_by(utterances.c.id)
            ).all()
        return [
            Utterance(
                said_at=row.said_at,
                text=row.text,
                context=row.context,
                understood=json.loads(row.understood),
                why=row.why,
                id=row.id,
            )
            for row in rows
        ]

    def remove(self, number: int) -> None:
        """Delete one sentence."""
        with self._writing() as connection:
            connection.execute(utterances.delete().where(utterances.c.id == number))
        self._clear_journal()

    def _delete_old(self, connection: sa.Connection, now: float) -> None:
        oldest = now - self._settings.evidence_days * _SECONDS_A_DAY
        connection.execute(utterances.delete().where(utterances.c.kept_at < oldest))


@lru_cache(maxsize=1)
def review_store() -> ReviewStore:
    """The store of this process, opened at its first use.

    Raises:
        StoreFailed: the database cannot be reached.
    """
    return ReviewStore(settings())
