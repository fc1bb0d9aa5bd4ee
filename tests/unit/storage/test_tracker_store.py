"""The store itself, on a real file: a turn that is not kept is not taken for kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered

from rasa_ext.storage import LostTracker
from rasa_ext.tracker_store import CaseTrackerStore
from wenzhu.settings import settings

DOMAIN = Domain.from_yaml(
    """
    slots:
      crisis_open: {type: bool, influence_conversation: false, mappings: []}
      stage: {type: text, influence_conversation: false, mappings: []}
    """
)


@pytest.fixture
def store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CaseTrackerStore]:
    monkeypatch.setenv("WENZHU_STATE_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    made = CaseTrackerStore(DOMAIN)
    yield made
    made.engine.dispose()
    settings.cache_clear()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Another program writes and does not finish."""
    other = sqlite3.connect(folder / "wenzhu.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def a_turn(store: CaseTrackerStore, text: str, stage: str) -> None:
    tracker = await store.get_or_create_tracker("person")
    tracker.update(UserUttered(text, {"name": "greet"}))
    tracker.update(SlotSet("stage", stage))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)


async def test_after_a_turn_that_was_not_kept_the_next_one_is_lost(
    store: CaseTrackerStore, tmp_path: Path
) -> None:
    await a_turn(store, "你好", "triage")
    tracker = await store.get_or_create_tracker("person")
    tracker.update(UserUttered("有", {"name": "inform_loan"}))
    tracker.update(SlotSet("stage", "calm"))
    with held(tmp_path):
        await store.save(tracker)
    lost = await store.retrieve("person")
    assert isinstance(lost, LostTracker)
    assert not isinstance(await store.retrieve("another"), LostTracker)
    await store.save(lost)
    again = await store.retrieve("person")
    assert not isinstance(again, LostTracker)
    assert again is not None
    assert again.get_slot("stage") == "triage"


async def test_a_row_that_cannot_be_read_harms_nobody_else(
    store: CaseTrackerStore, tmp_path: Path
) -> None:
    """Rasa's own store would end the whole server here."""
    await a_turn(store, "你好", "triage")
    with sqlite3.connect(tmp_path / "wenzhu.db") as file:
        file.execute("UPDATE events SET data = substr(data, 1, 20)")
    assert isinstance(await store.retrieve("person"), LostTracker)
    assert await store.retrieve("another") is None


async def test_a_missing_file_is_not_made_again(
    store: CaseTrackerStore, tmp_path: Path
) -> None:
    await a_turn(store, "你好", "triage")
    (tmp_path / "wenzhu.db").rename(tmp_path / "elsewhere.db")
    assert isinstance(await store.retrieve("person"), LostTracker)
    assert not (tmp_path / "wenzhu.db").exists()
    (tmp_path / "elsewhere.db").rename(tmp_path / "wenzhu.db")
    back = await store.retrieve("person")
    assert back is not None
    assert back.get_slot("stage") == "triage"


async def test_another_file_in_its_place_is_read_anew(
    store: CaseTrackerStore, tmp_path: Path
) -> None:
    """As after a backup was put back."""
    await a_turn(store, "你好", "triage")
    store.engine.dispose()
    kept = (tmp_path / "wenzhu.db").read_bytes()
    await a_turn(store, "有", "calm")
    (tmp_path / "backup.db").write_bytes(kept)
    store.engine.dispose()
    for left in tmp_path.glob("wenzhu.db-*"):
        left.unlink()
    (tmp_path / "backup.db").replace(tmp_path / "wenzhu.db")
    back = await store.retrieve("person")
    assert back is not None
    assert back.get_slot("stage") == "triage"


async def test_a_crisis_outlives_the_database(
    store: CaseTrackerStore, tmp_path: Path
) -> None:
    (tmp_path / "wenzhu.db").rename(tmp_path / "elsewhere.db")
    lost = await store.retrieve("person")
    assert isinstance(lost, LostTracker)
    lost.update(SlotSet("crisis_open", True))
    await store.save(lost)
    (tmp_path / "elsewhere.db").rename(tmp_path / "wenzhu.db")
    back = await store.retrieve("person")
    assert back is not None
    assert back.get_slot("crisis_open") is True
    back.update(SlotSet("crisis_open", False))
    await store.save(back)
    closed = await store.retrieve("person")
    assert closed is not None
    assert closed.get_slot("crisis_open") is False
