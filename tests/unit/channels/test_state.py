"""What the channel remembers: across a restart, within quotas, until forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rasa_ext.channels.wechat import state as module
from rasa_ext.channels.wechat.state import Kept, Stage, State
from wenzhu.adapters.clock import CHINA


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.present = datetime(2026, 3, 1, 12, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.present

    def move(self, **by: float) -> None:
        self.present += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    own = Clock()
    monkeypatch.setattr(module, "now", own)
    return own


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
def state(url: str, clock: Clock) -> State:
    return State(url)


def test_attempts_are_counted_and_the_answer_kept(state: State, url: str) -> None:
    assert state.claim("k", "p").attempt == 1
    state.finish("k", "p", Stage.ANSWERED, "好", Kept("余", ""))
    again = State(url)  # after a restart
    claim = again.claim("k", "p")
    assert (claim.attempt, claim.stage, claim.answer) == (2, Stage.ANSWERED, "好")
    assert again.kept("p") == Kept("余", "")


def test_a_signature_counts_for_one_message(state: State, url: str) -> None:
    assert not state.is_replay("s", "k")
    assert not state.is_replay("s", "k")
    assert State(url).is_replay("s", "other")


def taken(state: State, person: str = "p") -> int:
    count = 0
    while count < 20 and state.take(person):
        count += 1
    return count


def test_a_message_allows_five_within_48_hours(state: State, clock: Clock) -> None:
    state.grant("p", event=False)
    clock.move(hours=47)
    assert taken(state) == 5
    state.grant("p", event=False)
    clock.move(hours=49)
    assert taken(state) == 0


def test_an_event_allows_three_within_a_minute(state: State, clock: Clock) -> None:
    state.grant("p", event=True)
    assert taken(state) == 3
    state.grant("p", event=True)
    clock.move(seconds=61)
    assert taken(state) == 0


def test_grants_of_both_kinds_add_up(state: State, clock: Clock) -> None:
    state.grant("p", event=False)
    state.grant("p", event=True)
    assert taken(state) == 8


def test_what_a_restart_cut_off_is_owned_up_to_once(state: State, url: str) -> None:
    for key, person in (("k", "wechat-1"), ("l", "wecom-1")):
        state.claim(key, person)
        state.finish(key, person, Stage.LATE)
    again = State(url)
    assert again.lost("wechat-", "抱歉") == 1
    assert again.kept("wechat-1").owed == "抱歉"
    assert again.kept("wecom-1") == Kept()
    assert again.lost("wechat-", "抱歉") == 0


def test_a_restart_loses_nothing_that_was_owed(state: State) -> None:
    for key in ("k", "l"):
        state.claim(key, "wechat-1")
        state.finish(key, "wechat-1", Stage.LATE, "", Kept("余", "欠"))
    state.lost("wechat-", "抱歉")
    assert state.kept("wechat-1") == Kept("余", "欠\n\n抱歉")


def test_nothing_is_left_of_who_was_forgotten(state: State) -> None:
    state.is_replay("s", "k")
    state.claim("k", "p")
    state.grant("p", event=False)
    state.forget("p")
    state.finish("k", "p", Stage.ANSWERED, "已删", Kept("余", ""))
    assert state.kept("p") == Kept()
    assert state.claim("k", "p").attempt == 1
    assert not state.is_replay("s", "other")


def test_old_signatures_go(state: State, clock: Clock) -> None:
    assert not state.is_replay("s", "k")
    assert state.is_replay("s", "other")
    clock.move(hours=2)
    state.claim("k2", "p")  # sweeps
    assert not state.is_replay("s", "other")
