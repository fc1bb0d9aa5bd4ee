"""What a messaging channel must remember across a restart, in the bot's database.

Three tables: what became of each message (so that a retry gets the same answer),
what is still to be said to each person and how many service messages may be sent to
them, and which signatures were used. People stand there under a pseudonym; texts are
what the bot said.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import sqlalchemy as sa

from wenzhu.adapters.clock import now
from wenzhu.adapters.database import engine_for, writing
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.adapters.sealed_text import SealedText
from wenzhu.settings import settings

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 3600
MESSAGE_GRANT = (5, 48 * 3600)
"""Service messages that one message allows, and for how many seconds."""
EVENT_GRANT = (3, 60)
"""The same for a tap on the menu, a scan, a subscription."""
SIGNATURE_SECONDS = 3600

_tables = sa.MetaData()
_turns = sa.Table(
    "channel_turns",
    _tables,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("answer", SealedText("channel_turns.answer"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
_people = sa.Table(
    "channel_people",
    _tables,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("rest", SealedText("channel_people.rest"), nullable=False, default=""),
    sa.Column("owed", SealedText("channel_people.owed"), nullable=False, default=""),
    sa.Column("message_left", sa.Integer, nullable=False, default=0),
    sa.Column("message_until", sa.Float, nullable=False, default=0.0),
    sa.Column("event_left", sa.Integer, nullable=False, default=0),
    sa.Column("event_until", sa.Float, nullable=False, default=0.0),
    sa.Column("at", sa.Float, nullable=False),
)
_signatures = sa.Table(
    "channel_signatures",
    _tables,
    sa.Column("signature", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)


class Stage(enum.StrEnum):
    """What became of a message."""

    RUNNING = "running"
    """Rasa is at it; an attempt to deliver may still take the answer."""
    ANSWERED = "answered"
    """The answer was, or is, given to whoever asks with this key."""
    LATE = "late"
    """No attempt will come again; the answer takes another way."""
    OVER = "over"
    """The answer took that way, or waits to be asked for."""


@dataclass(frozen=True)
class Claim:
    """What was known of a message when an attempt to deliver it came."""

    attempt: int
    stage: Stage
    answer: str


@dataclass(frozen=True)
class Kept:
    """What is still to be said: the rest of a long answer, and answers not heard."""

    rest: str = ""
    owed: str = ""


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def without_database(
    result: Result,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a method return this when the database fails: people are answered anyway.

    What is lost then is only memory: a retry may be handled again, a rest not found.
    """

    def wrap(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @wraps(method)
        def tried(*given: Parameters.args, **named: Parameters.kwargs) -> Result:
            try:
                return method(*given, **named)
            except sa.exc.SQLAlchemyError as error:
                logger.error("%s failed: %s", method.__name__, type(error).__name__)
                return result

        return tried

    return wrap


class State:
    """The tables, and what is done with them; each method is one transaction."""

    def __init__(self, url: str | None = None) -> None:
        """Open the database of the settings, or another; make missing tables."""
        evidence_store()  # opened now: its key is needed inside transactions
        self._engine = writing(engine_for(url or settings().database_url))
        _tables.create_all(self._engine)
        self._swept = 0.0

    @contextmanager
    def _transaction(self) -> Iterator[tuple[sa.Connection, float]]:
        with self._engine.begin() as connection:
            yield connection, now().timestamp()

    @without_database(Claim(1, Stage.RUNNING, ""))
    def claim(self, key: str, person: str) -> Claim:
        """Count an attempt to deliver a message, and tell what is known of it."""
        self._sweep()
        with self._transaction() as (db, at):
            known = db.execute(sa.select(_turns).where(_turns.c.key == key)).first()
            if known is None:
                db.execute(
                    sa.insert(_turns).values(
                        key=key,
                        person=person,
                        attempts=1,
                        stage=Stage.RUNNING,
                        answer="",
                        at=at,
                    )
                )
                return Claim(1, Stage.RUNNING, "")
            db.execute(
                sa.update(_turns)
                .where(_turns.c.key == key)
                .values(attempts=known.attempts + 1)
            )
            return Claim(known.attempts + 1, Stage(known.stage), known.answer)

    @without_database(False)
    def is_replay(self, proof: str, key: str) -> bool:
        """Whether a signature was used before, for another message."""
        with self._transaction() as (db, at):
            used = db.execute(
                sa.select(_signatures.c.key).where(_signatures.c.signature == proof)
            ).scalar()
            if used is None:
                db.execute(
                    sa.insert(_signatures).values(signature=proof, key=key, at=at)
                )
            return used not in (None, key)

    @without_database(None)
    def finish(
        self,
        key: str,
        person: str,
        stage: Stage,
        answer: str = "",
        kept: Kept | None = None,
    ) -> None:
        """Write what became of a message, and what is left to say, at once.

        After the person was forgotten nothing is written.
        """
        with self._transaction() as (db, at):
            done = db.execute(
                sa.update(_turns)
                .where(_turns.c.key == key)
                .values(stage=stage, answer=answer, at=at)
            )
            if done.rowcount and kept is not None:
                self._put(db, person, at, rest=kept.rest, owed=kept.owed)

    @without_database(Kept())
    def kept(self, person: str) -> Kept:
        """What is still to be said to a person."""
        with self._transaction() as (db, _at):
            row = db.execute(
                sa.select(_people.c.rest, _people.c.owed).where(
                    _people.c.person == person
                )
            ).first()
        return Kept(row.rest, row.owed) if row else Kept()

    @without_database(None)
    def grant(self, person: str, *, event: bool) -> None:
        """Note that the person did something that allows service messages."""
        count, seconds = EVENT_GRANT if event else MESSAGE_GRANT
        name = "event" if event else "message"
        with self._transaction() as (db, at):
            left = {f"{name}_left": count, f"{name}_until": at + seconds}
            self._put(db, person, at, **left)

    @without_database(True)
    def take(self, person: str) -> bool:
        """Take one service message from what is allowed; the shorter grant first.

        Of a person without a row nothing is known, so WeChat's own count decides.
        """
        with self._transaction() as (db, at):
            row = db.execute(
                sa.select(_people).where(_people.c.person == person)
            ).first()
            if row is None:
                return True
            if row.event_left > 0 and row.event_until > at:
                self._put(db, person, at, event_left=row.event_left - 1)
                return True
            if row.message_left > 0 and row.message_until > at:
                self._put(db, person, at, message_left=row.message_left - 1)
                return True
            return False

    @without_database(0)
    def lost(self, prefix: str, words: str) -> int:
        """Owe an apology for each answer that a restart cut off; tell how many.

        Args:
            prefix: how the pseudonyms of this channel's people start.
            words: what to say when they write again.
        """
        with self._transaction() as (db, at):
            mine = (_turns.c.stage == Stage.LATE) & _turns.c.person.startswith(
                prefix, autoescape=True
            )
            people = db.execute(sa.select(_turns.c.person).where(mine)).scalars().all()
            for person in set(people):
                self._put(db, person, at, owed=_with(self._owed(db, person), words))
            db.execute(sa.update(_turns).where(mine).values(stage=Stage.OVER))
            return len(people)

    def forget(self, person: str) -> None:
        """Delete everything about a person."""
        with self._transaction() as (db, _at):
            keys = sa.select(_turns.c.key).where(_turns.c.person == person)
            db.execute(sa.delete(_signatures).where(_signatures.c.key.in_(keys)))
            db.execute(sa.delete(_turns).where(_turns.c.person == person))
            db.execute(sa.delete(_people).where(_people.c.person == person))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _put(
        self, db: sa.Connection, person: str, at: float, **values: str | float
    ) -> None:
        done = db.execute(
            sa.update(_people).where(_people.c.person == person).values(at=at, **values)
        )
        if not done.rowcount:
            db.execute(sa.insert(_people).values(person=person, at=at, **values))

    def _owed(self, db: sa.Connection, person: str) -> str:
        found = sa.select(_people.c.owed).where(_people.c.person == person)
        return str(db.execute(found).scalar() or "")

    def _sweep(self) -> None:
        """Once an hour, delete the signatures that no longer prove anything."""
        present = now().timestamp()
        if present - self._swept < SWEEP_SECONDS:
            return
        self._swept = present
        with self._transaction() as (db, _at):
            recent = present - SIGNATURE_SECONDS
            db.execute(sa.delete(_signatures).where(_signatures.c.at < recent))


def _with(owed: str, words: str) -> str:
    return f"{owed}\n\n{words}" if owed else words
