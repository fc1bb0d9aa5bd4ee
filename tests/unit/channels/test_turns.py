"""Which attempt gets the answer, and what becomes of one that nobody took."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from rasa_ext.channels.wechat import turns as module
from rasa_ext.channels.wechat.api import Api
from rasa_ext.channels.wechat.state import Kept, State
from rasa_ext.channels.wechat.turns import Answer, NotYet, Turns
from rasa_ext.channels.wording import words
from tests.e2e import wechat_peer as wechat

LONG = 30.0
SHORT = 0.01


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.db'}")


@pytest.fixture
def peer() -> Iterator[wechat.Api]:
    with wechat.api() as running:
        yield running


class Work:
    """A turn that ends when it is told to."""

    def __init__(self, text: str = "答", **more: bool) -> None:
        self.calls = 0
        self.text, self.more = text, more
        self.over = asyncio.Event()

    async def run(self) -> Answer:
        self.calls += 1
        await self.over.wait()
        return Answer(self.text, **self.more)


async def owed(state: State, person: str = "p") -> str:
    """What is owed, once something is."""
    async with asyncio.timeout(LONG):
        while not state.kept(person).owed:
            await asyncio.sleep(0.01)
    return state.kept(person).owed


async def test_the_newest_attempt_takes_the_answer(state: State) -> None:
    turns, work = Turns(state, None, LONG, LONG), Work()
    first = asyncio.create_task(turns.answer("k", "p", "o", work.run))
    await asyncio.sleep(0)
    second = asyncio.create_task(turns.answer("k", "p", "o", work.run))
    await asyncio.sleep(0)
    work.over.set()
    assert await second == "答"
    with pytest.raises(NotYet):
        await first
    assert await turns.answer("k", "p", "o", work.run) == "答"
    assert work.calls == 1


async def test_the_third_attempt_says_to_wait(state: State) -> None:
    turns, work = Turns(state, None, SHORT, SHORT), Work()
    for _ in range(2):
        with pytest.raises(NotYet):
            await turns.answer("k", "p", "o", work.run)
    said = await turns.answer("k", "p", "o", work.run)
    assert said == words("utter_wechat_wait")
    waiting = turns.waiting_for("p")
    assert waiting is not None
    work.over.set()
    await waiting
    assert state.kept("p").owed == "答"
    assert turns.waiting_for("p") is None
    assert work.calls == 1


async def test_an_answer_that_nobody_took_is_owed(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNCLAIMED", 0.0)
    turns, work = Turns(state, None, SHORT, SHORT), Work()
    with pytest.raises(NotYet):
        await turns.answer("k", "p", "o", work.run)
    work.over.set()
    assert await owed(state) == "答"


@pytest.mark.parametrize("urgent", [False, True])
async def test_what_is_owed_stands_under_the_next_answer(
    state: State, urgent: bool
) -> None:
    turns, work = Turns(state, None, LONG, LONG), Work("新", is_urgent=urgent)
    state.claim("before", "p")
    state.finish("before", "p", module.Stage.OVER, "", Kept(owed="旧"))
    work.over.set()
    said = await turns.answer("k", "p", "o", work.run)
    assert ("旧" in said) is not urgent
    assert state.kept("p").owed == ("旧" if urgent else "")


async def test_a_long_answer_is_cut_and_the_rest_kept(state: State) -> None:
    text = "这是一句话。" * 300
    turns, work = Turns(state, None, LONG, LONG), Work(text)
    work.over.set()
    said = await turns.answer("k", "p", "o", work.run)
    assert len(said.encode()) <= 2048
    assert said.endswith(words("utter_wechat_more"))
    assert (
        said.removesuffix(words("utter_wechat_more")).strip() + state.kept("p").rest
        == text
    )


async def test_without_a_service_message_left_the_answer_is_owed(
    state: State, peer: wechat.Api
) -> None:
    state.grant("p", event=True)
    while state.take("p"):
        pass
    api = Api(peer.url, wechat.APP_ID, wechat.SECRET)
    turns, work = Turns(state, api, SHORT), Work()
    assert await turns.answer("k", "p", "o", work.run) == ""
    work.over.set()
    assert await owed(state) == "答"
    assert peer.sent == []
    await api.close()


async def test_two_late_answers_are_both_kept(state: State) -> None:
    api = Api("http://127.0.0.1:9", "a", "s")
    turns = Turns(state, api, SHORT)
    for key, text in (("k", "一"), ("l", "二")):
        work = Work(text)
        assert await turns.answer(key, "p", "o", work.run) == ""
        api.may_send = False
        work.over.set()
        async with asyncio.timeout(LONG):
            while text not in state.kept("p").owed:
                await asyncio.sleep(0.01)
        api.may_send = True
    assert state.kept("p").owed == "一\n\n二"


async def test_without_a_database_people_are_answered_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.db"
    state = State(f"sqlite:///{path}")
    state.close()
    path.write_bytes(b"this is no database")
    turns, work = Turns(state, None, LONG, LONG), Work()
    work.over.set()
    state.grant("p", event=False)
    assert not state.is_replay("s", "k")
    assert await turns.answer("k", "p", "o", work.run) == "答"
    assert await turns.answer("k", "p", "o", work.run) == "答"
    assert work.calls == 1, "memory still knows"
    assert "DatabaseError" in caplog.text
