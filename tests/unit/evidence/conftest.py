"""Stores for the tests of evidence, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.evidence.databases import KINDS, database, settings_of
from tests.unit.evidence.service import Service
from wenzhu import settings as module
from wenzhu.adapters.clock import CHINA
from wenzhu.adapters.evidence_store import EvidenceStore, evidence_store
from wenzhu.settings import Settings


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.time

    def go(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=KINDS)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an empty database of each kind."""
    with database(request.param, tmp_path) as url:
        yield settings_of(tmp_path, url)


@pytest.fixture
def store(own: Settings, clock: Clock) -> Iterator[EvidenceStore]:
    opened = EvidenceStore(own, now=clock)
    yield opened
    opened.close()


@pytest.fixture
def agreed(store: EvidenceStore) -> EvidenceStore:
    """A store in which the person “me” has agreed to everything."""
    store.agree("me", "case", True)
    store.agree("me", "originals", True)
    return store


@pytest.fixture(params=KINDS)
def service(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """One service with its own state folder and database, as a process has it."""
    with database(request.param, tmp_path) as url:
        module.settings.cache_clear()
        monkeypatch.setenv("WENZHU_STATE_DIR", str(tmp_path))
        # As operators write it, without naming a driver.
        monkeypatch.setenv("DATABASE_URL", url.replace("+psycopg2", ""))
        evidence_store.cache_clear()
        running = Service(settings_of(tmp_path, url))
        yield running
        for close in running.closing:
            close()
        evidence_store().close()
        evidence_store.cache_clear()
        module.settings.cache_clear()
