"""Where the database holds something of a person outside the evidence tables.

Whoever adds a table with something of a person adds it here; a test compares this list
with the database. Conversations are then exported, deleted and kept for their time by
one mechanism, whichever channel they came over and whichever process runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from wenzhu.evidence.sealing import seal_text, unseal_text


@dataclass(frozen=True)
class Place:
    """A table with rows of a person.

    Attributes:
        table: its name; it is there once its part has run.
        sender: the column of the conversation key.
        at: the column of the time of a sign of life, if there is one.
        by: where rows hang on rows of another table: own column, other table, its
            column; ``sender`` is then a column of the other table.
    """

    table: str
    sender: str
    at: str = ""
    by: tuple[str, str, str] | None = None


PLACES = (
    Place("events", "sender_id", "timestamp"),
    Place("web_events", "session"),
    Place("web_sessions", "id", "at"),
    Place("channel_signatures", "person", by=("key", "channel_turns", "key")),
    Place("channel_turns", "person", "at"),
    Place("channel_people", "person", "at"),
)
"""In the order in which they are emptied."""

CONVERSATION = "events"
DATA = "events.data"
"""Rasa's events, and the name under which their data is sealed."""
KNOWN = ("slot", "session_started")
"""Kinds of events that say what is known of a case; the others are the talk itself."""
TALK = ("web_events", "channel_signatures", "channel_turns", "channel_people")
"""Tables that hold nothing but talk."""
CRISIS_SLOT, FEARS_SLOT, CRISIS = "crisis_open", "fears", "crisis"


def delete(connection: sa.Connection, sender: str) -> None:
    """Delete every row of a person."""
    for place in _present(connection):
        _empty(connection, place, sender)


def last_seen(connection: sa.Connection) -> Mapping[str, float]:
    """Every person, and when they were last seen, in seconds since 1970."""
    seen: dict[str, float] = {}
    for place in _present(connection):
        if not place.at:
            continue
        table = sa.table(place.table, sa.column(place.sender), sa.column(place.at))
        sender, at = table.c[place.sender], table.c[place.at]
        last = sa.select(sender, sa.func.max(at)).group_by(sender)
        for person, time in connection.execute(last):
            seen[person] = max(seen.get(person, 0.0), time or 0.0)
    return seen


def quieten(connection: sa.Connection, sender: str, key: bytes) -> None:
    """Delete what was said; leave what is known of the case, without any crisis.

    Args:
        connection: of a transaction that writes.
        sender: the conversation key.
        key: of the sealed texts.
    """
    for place in _present(connection):
        if place.table in TALK:
            _empty(connection, place, sender)
    mine = _events.c.sender_id == sender
    connection.execute(
        sa.delete(_events).where(mine & _events.c.type_name.not_in(KNOWN))
    )
    rows = connection.execute(sa.select(_events).where(mine)).all()
    for row in rows:
        event = json.loads(unseal_text(key, row.data, DATA))
        this, value = _events.c.id == row.id, event.get("value")
        if event.get("name") == CRISIS_SLOT:
            connection.execute(sa.delete(_events).where(this))
        elif event.get("name") == FEARS_SLOT and CRISIS in (value or ()):
            event["value"] = [fear for fear in value if fear != CRISIS]
            text = json.dumps(event, ensure_ascii=False)
            data = seal_text(key, text, DATA)
            connection.execute(sa.update(_events).where(this).values(data=data))


def talked(connection: sa.Connection) -> set[str]:
    """Everybody of whom there is more than what is known of the case."""
    if not sa.inspect(connection).has_table(CONVERSATION):
        return set()
    return set(
        connection.scalars(
            sa.select(_events.c.sender_id)
            .where(_events.c.type_name.not_in(KNOWN))
            .distinct()
        )
    )


_events = sa.table(
    CONVERSATION,
    *map(sa.column, ("id", "sender_id", "type_name", "data")),
)


def _present(connection: sa.Connection) -> list[Place]:
    there = set(sa.inspect(connection).get_table_names())
    return [place for place in PLACES if place.table in there]


def _empty(connection: sa.Connection, place: Place, sender: str) -> None:
    if place.by is None:
        table = sa.table(place.table, sa.column(place.sender))
        mine = table.c[place.sender] == sender
    else:
        own, other, column = place.by
        table = sa.table(place.table, sa.column(own))
        hung = sa.table(other, sa.column(column), sa.column(place.sender))
        mine = table.c[own].in_(
            sa.select(hung.c[column]).where(hung.c[place.sender] == sender)
        )
    connection.execute(sa.delete(table).where(mine))
