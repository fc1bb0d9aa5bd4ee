"""The numbered events of each session, in the bot's database.

What stands here is masked as the tracker store masks. A session's row counts its
events; deleting that row ends its tokens. Who is forgotten, and when time is over, is
decided for all tables at once (``wenzhu.adapters.people``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from rasa_ext.channels.web.sessions import new_session
from wenzhu.adapters.clock import now
from wenzhu.adapters.database import engine_for, writing
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.adapters.sealed_text import SealedText
from wenzhu.privacy import mask, mask_deep
from wenzhu.settings import MAX_TEXT_CHARACTERS, settings

OFFERED_WITHIN = 40
"""Bubbles of one turn, at most, among which a quick reply is looked for."""

_tables = sa.MetaData()
_sessions = sa.Table(
    "web_sessions",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
_events = sa.Table(
    "web_events",
    _tables,
    sa.Column("session", sa.String(64), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("client", sa.String(64), nullable=True),
    sa.Column("heard", SealedText("web_events.heard"), nullable=True),
    sa.Column("data", SealedText("web_events.data"), nullable=False),
    sa.UniqueConstraint("session", "client"),
)

Event = dict[str, Any]
"""As docs/web-channel.md describes it."""


class Gone(Exception):
    """There is no such session, or no more."""


@dataclass(frozen=True)
class Heard:
    """A message that was written down.

    Attributes:
        session: whose.
        n: its number.
        client: the client's id of it.
        text: what the bot hears: a payload or the words; empty if they were too long
            to be kept.
    """

    session: str
    n: int
    client: str
    text: str


class Log:
    """The two tables; each method is one transaction.

    Every method raises ``sqlalchemy.exc.SQLAlchemyError`` while storage fails.
    """

    def __init__(self, url: str | None = None) -> None:
        """Open the database of the settings, or another; make missing tables."""
        evidence_store()  # opened now: its key is needed inside transactions
        self._engine = engine_for(url or settings().database_url)
        _tables.create_all(writing(self._engine))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with writing(self._engine).begin() as connection:
            yield connection

    def begin(self) -> str:
        """A new session."""
        session, at = new_session(), now().timestamp()
        with self._writing() as db:
            db.execute(sa.insert(_sessions).values(id=session, last=0, at=at))
        return session

    def is_there(self, session: str) -> bool:
        """Whether a session exists."""
        with self._reading() as db:
            found = db.execute(
                sa.select(_sessions.c.id).where(_sessions.c.id == session)
            ).first()
        return found is not None

    def hear(
        self, session: str, client: str, text: str, payload: str
    ) -> tuple[Event, Heard | None]:
        """Write down what a person said, once for each id of the client.

        Args:
            session: whose.
            client: the client's id of the message.
            text: the words.
            payload: what a quick reply means; empty where none was chosen.

        Returns:
            The event, and what is to be answered; none if the id was known.

        Raises:
            Gone: there is no such session.
        """
        at = now().timestamp()
        too_long = len(text) > MAX_TEXT_CHARACTERS
        words = f"（{len(text)} 个字，没有保存）" if too_long else mask(text)
        with self._writing() as db:
            n = self._count(db, session, 1, at)  # first: it takes the lock for writing
            known = db.execute(
                sa.select(_events.c.data)
                .where(_events.c.session == session)
                .where(_events.c.client == client)
            ).scalar()
            if known is not None:
                db.rollback()
                return json.loads(known), None
            kept = "" if too_long else payload or words
            event = {"n": n, "from": "me", "text": words, "at": _ms(at), "id": client}
            self._put(db, session, event, client, kept)
        return event, Heard(session, n, client, kept)

    def answer(self, heard: Heard, bubbles: Sequence[Mapping[str, Any]]) -> list[Event]:
        """Write down what the bot said to a message, and that it is answered.

        Raises:
            Gone: the session was deleted meanwhile.
        """
        at = now().timestamp()
        with self._writing() as db:
            last = self._count(db, heard.session, len(bubbles), at)
            first = last - len(bubbles) + 1
            said = numbered(bubbles, first, at)
            for event in said:
                self._put(db, heard.session, event, None, None)
            db.execute(
                sa.update(_events)
                .where(_events.c.session == heard.session)
                .where(_events.c.n == heard.n)
                .values(heard=None)
            )
        return said

    def after(self, session: str, n: int) -> list[Event]:
        """The events of a session with a greater number, in order."""
        with self._reading() as db:
            rows = db.execute(
                sa.select(_events.c.data)
                .where(_events.c.session == session)
                .where(_events.c.n > n)
                .order_by(_events.c.n)
            ).scalars()
            return [json.loads(row) for row in rows]

    def offers(self, session: str, payload: str) -> bool:
        """Whether the bot's last turn offered a quick reply with this payload."""
        with self._reading() as db:
            rows = db.execute(
                sa.select(_events.c.data)
                .where(_events.c.session == session)
                .order_by(_events.c.n.desc())
                .limit(OFFERED_WITHIN)
            ).scalars()
            for row in rows:
                event = json.loads(row)
                if event["from"] == "me":
                    return False
                for button in event.get("buttons", ()):
                    if button["payload"] == payload:
                        return True
        return False

    def unanswered(self) -> list[Heard]:
        """The messages that were written down and not answered, in order."""
        with self._reading() as db:
            rows = db.execute(
                sa.select(_events)
                .where(_events.c.heard.is_not(None))
                .order_by(_events.c.session, _events.c.n)
            )
            return [Heard(row.session, row.n, row.client, row.heard) for row in rows]

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _count(self, db: sa.Connection, session: str, more: int, at: float) -> int:
        done = db.execute(
            sa.update(_sessions)
            .where(_sessions.c.id == session)
            .values(last=_sessions.c.last + more, at=at)
        )
        if not done.rowcount:
            raise Gone(session)
        return int(
            db.execute(
                sa.select(_sessions.c.last).where(_sessions.c.id == session)
            ).scalar_one()
        )

    def _put(
        self,
        db: sa.Connection,
        session: str,
        event: Event,
        client: str | None,
        heard: str | None,
    ) -> None:
        db.execute(
            sa.insert(_events).values(
                session=session,
                n=event["n"],
                client=client,
                heard=heard,
                data=json.dumps(event, ensure_ascii=False),
            )
        )


def numbered(
    bubbles: Sequence[Mapping[str, Any]], first: int, at: float
) -> list[Event]:
    """Bubbles as masked events with numbers from ``first``."""
    return [
        {"n": n, "from": "bot", "at": _ms(at), **mask_deep(dict(bubble))}
        for n, bubble in enumerate(bubbles, first)
    ]


def _ms(at: float) -> int:
    return int(at * 1000)
