"""What goes when its time is over, and that no table is left out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_ext.channels.web.log import Log
from rasa_ext.channels.wechat.state import Kept, Stage, State
from rasa_ext.storage import PROBE
from rasa_ext.tracker_store import CaseTrackerStore
from tests.unit.evidence.service import Service, everything, spellings
from wenzhu.adapters import people
from wenzhu.adapters.evidence_store import TABLES, evidence_store
from wenzhu.adapters.evidence_tables import VERSION_TABLE
from wenzhu.evidence.records import Draft
from wenzhu.settings import Settings

HOUR = 3600.0
DAY = 24 * HOUR


class Everybody:
    """Every part that keeps something, in the database of one service."""

    def __init__(self) -> None:
        self.trackers = CaseTrackerStore(Domain.empty())
        self.web, self.channel = Log(), State()

    def speak(self, sender: str, words: str) -> None:
        """Let each part keep what a person said."""
        tracker = DialogueStateTracker.from_events(
            sender,
            [
                UserUttered(words),
                SlotSet("message_text", words),
                SlotSet("fears", ["arrest", "crisis"]),
                SlotSet("crisis_open", True),
            ],
        )
        asyncio.run(self.trackers.save(tracker))
        with self.web._engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO web_sessions VALUES (:id, 0, :at)"),
                {"id": sender, "at": tracker.events[-1].timestamp},
            )
        _, heard = self.web.hear(sender, f"client-of-{sender}", words, "")
        assert heard is not None
        self.web.answer(heard, [{"text": f"听到了：{words}"}])
        self.channel.claim(f"key-{sender}", sender)
        self.channel.is_replay(f"proof-{sender}", f"key-{sender}")
        self.channel.grant(sender, event=False)
        kept = Kept(words, words)
        self.channel.finish(f"key-{sender}", sender, Stage.ANSWERED, words, kept)

    def close(self) -> None:
        self.trackers.engine.dispose()
        self.web.close()
        self.channel.close()


@pytest.fixture
def parts(service: Service) -> Everybody:
    own = Everybody()
    service.closing.append(own.close)
    return own


def age(own: Settings, sender: str, seconds: float) -> None:
    """Let all that is known of a person have happened earlier."""
    engine = sa.create_engine(own.database_url)
    person = evidence_store()._person(sender)
    with engine.begin() as connection:
        for place in people.PLACES:
            if place.at:
                table = sa.table(
                    place.table, sa.column(place.sender), sa.column(place.at)
                )
                connection.execute(
                    sa.update(table)
                    .where(table.c[place.sender] == sender)
                    .values({place.at: table.c[place.at] - seconds})
                )
        connection.execute(
            sa.text(
                "UPDATE evidence_cases SET touched_at = touched_at - :by"
                " WHERE person = :person"
            ),
            {"by": seconds, "person": person},
        )
    engine.dispose()


def test_every_table_with_something_of_a_person_is_known(
    service: Service, parts: Everybody
) -> None:
    engine = sa.create_engine(service.own.database_url)
    there = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    named = {place.table for place in people.PLACES}
    assert there == named | set(TABLES) | {VERSION_TABLE, PROBE.name}


def test_no_word_is_readable_at_rest(service: Service, parts: Everybody) -> None:
    words = "蓝鲸河边的陈小满说要去我单位"
    parts.speak("somebody", words)
    content = everything(service.own)
    assert b"somebody" in content
    assert not [s for s in spellings(words) if s in content]
    assert b"message_text" not in content, "not even which slots are filled"
    again = CaseTrackerStore(Domain.empty())
    service.closing.append(again.engine.dispose)
    tracker = asyncio.run(again.retrieve_full_tracker("somebody"))
    assert tracker is not None
    assert tracker.events[0].text == words
    with again.session_scope() as session:
        rows = session.query(again.SQLEvent).all()
        assert [json.loads(row.data)["event"] for row in rows][:2] == ["user", "slot"]
    assert parts.channel.kept("somebody").rest == words
    assert parts.web.after("somebody", 0)[0]["text"] == words


def test_a_text_of_one_column_does_not_open_in_another(
    service: Service, parts: Everybody
) -> None:
    parts.speak("somebody", "一句话")
    with parts.channel._engine.begin() as connection:
        connection.execute(sa.text("UPDATE channel_people SET rest = owed"))
    with pytest.raises(ValueError, match="was changed"):
        parts.channel.kept("somebody")


def test_time_goes_by(service: Service, parts: Everybody) -> None:
    """72 hours for what was said, 180 days for a case, from the last sign of life."""
    ages = {
        "passing-young": 71 * HOUR,
        "passing-old": 73 * HOUR,
        "keeping-new": 71 * HOUR,
        "keeping-young": 179 * DAY,
        "keeping-old": 181 * DAY,
        "keeping-talking": 181 * DAY,
        "keeping-alone": 181 * DAY,
    }
    store = evidence_store()
    for sender in ages:
        parts.speak(sender, "说过的话")
        if sender.startswith("keeping"):
            store.agree(sender, "case", True)
            store.add(sender, Draft("message", "pasted"), b"text")
    with parts.web._engine.begin() as connection:  # a case without its conversation
        people.delete(connection, "keeping-alone")
    for sender, seconds in ages.items():
        age(service.own, sender, seconds)
    with parts.web._engine.begin() as connection:  # was here yesterday
        connection.execute(
            sa.text("UPDATE web_sessions SET at = at + :by WHERE id = :id"),
            {"by": 180 * DAY, "id": "keeping-talking"},
        )
    before = everything(service.own)
    planned = store.sweep(dry_run=True)
    assert everything(service.own) == before
    assert (planned.people, planned.talks, planned.cases) == (2, 1, 2)
    assert store.sweep() == planned
    with parts.web._engine.connect() as connection:
        left = people.last_seen(connection)
    assert set(left) == {
        "passing-young", "keeping-new", "keeping-young", "keeping-talking",
    }  # fmt: skip
    assert len(store.items("keeping-talking")) == 1
    assert len(list(store.all_cases())) == 3
    content = everything(service.own)
    for gone in ("passing-old", "keeping-old", "keeping-alone"):
        assert gone.encode() not in content
        assert store._person(gone).encode() not in content
    again = store.sweep(dry_run=True)
    assert (again.people, again.talks, again.cases) == (0, 0, 0)
    assert events_of(parts, "keeping-new")[0]["text"] == "说过的话"
    known = {
        event["name"]: event["value"] for event in events_of(parts, "keeping-young")
    }
    assert known == {"message_text": "说过的话", "fears": ["arrest"]}
    assert parts.web.after("keeping-young", 0) == []
    assert parts.web.is_there("keeping-young"), "or nobody could come back to a case"


def events_of(parts: Everybody, sender: str) -> list[dict[str, Any]]:
    with parts.trackers.session_scope() as session:
        table = parts.trackers.SQLEvent
        rows = session.query(table).filter(table.sender_id == sender).order_by(table.id)
        return [json.loads(row.data) for row in rows]
