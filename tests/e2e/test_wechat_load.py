"""500 conversations at once: no reply lost, doubled or given to somebody else."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from launcher.settings import LOOPBACK
from tests.e2e import wechat_peer as wechat
from tests.e2e.bot import Bot
from tests.e2e.wechat_peer import PATH, Api, Peer, push

PEOPLE = 500
RUSH = 250
SECONDS = 60.0
PER_SECOND = 10.0
ATTEMPTS = 3
WAIT = aiohttp.ClientTimeout(total=5.0)
"""WeChat waits no longer, and asks three times."""
LATE_SECONDS = 240.0
ACTION_SECONDS = "60"
"""Whoever shares the machine must not turn an answer into an apology."""


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with wechat.api() as running:
        yield running


@pytest.fixture(scope="module")
def bot(
    model: Path, tmp_path_factory: pytest.TempPathFactory, api: Api
) -> Iterator[Bot]:
    own = wechat.settings(sends=True, api=api.url)
    own["WENZHU_ACTION_TIMEOUT"] = ACTION_SECONDS
    with wechat.open_channel(
        Bot(model, tmp_path_factory.mktemp("load"), settings=own)
    ) as running:
        yield running


class Person:
    """Greets, then says that they borrowed, or that they did not."""

    def __init__(self, number: int) -> None:
        self.who = wechat.person()
        self.borrowed = number % 2 == 0
        self.said = 0
        self.turn = asyncio.Lock()

    def next(self) -> tuple[str, str]:
        """What is said next, and what must stand in the answer."""
        self.said += 1
        if self.said == 1:
            return "你好", "\n2. 没借过\n"
        if self.said == 2 and self.borrowed:
            return "1️⃣", "记下了：借过"
        if self.said == 2:
            return "2️⃣", "记下了：没借过"
        return "你是谁", ""


async def asked(
    session: aiohttp.ClientSession, peer: Peer, body: str
) -> tuple[bytes, float]:
    """What the first attempt that is answered brings, and how long it took.

    Raises:
        AssertionError: none of the three was answered.
    """
    for _ in range(ATTEMPTS):
        query = peer.query()
        sealed = peer.sealed(body, query)
        url = f"http://{LOOPBACK}:{peer.port}{PATH}?{urlencode(query)}"
        begin = time.perf_counter()
        try:
            async with session.post(url, data=sealed, timeout=WAIT) as response:
                raw = await response.read()
        except (aiohttp.ClientError, TimeoutError):
            continue
        if response.status == 200:
            return raw, time.perf_counter() - begin
    raise AssertionError("no attempt was answered: the reply is lost")


async def say(
    session: aiohttp.ClientSession, peer: Peer, api: Api, person: Person
) -> float:
    """One message and its answer, passive or late; seconds of the attempt."""
    async with person.turn:  # nobody speaks before they are answered
        return await turn(session, peer, api, person)


async def turn(
    session: aiohttp.ClientSession, peer: Peer, api: Api, person: Person
) -> float:
    """The same, with nothing else of this person under way."""
    text, expected = person.next()
    heard = len(api.heard(person.who, 0))
    raw, seconds = await asked(session, peer, push(person.who, Content=text))
    if raw == b"success":
        async with asyncio.timeout(LATE_SECONDS):
            while len(late := api.heard(person.who, 0)) <= heard:
                await asyncio.sleep(0.5)
        assert len(late) == heard + 1, "sent late exactly once"
        answer = late[-1]
    else:
        fields = peer.opened(raw)
        assert fields["ToUserName"] == person.who
        answer = fields["Content"]
    assert answer
    assert expected in answer
    return seconds


async def everybody(peer: Peer, api: Api) -> list[float]:
    """People speak at random, ten a second; nobody twice at once."""
    people = [Person(number) for number in range(PEOPLE)]
    order = people + random.sample(people, int(SECONDS * PER_SECOND) - PEOPLE)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        begin = time.perf_counter()
        turns = []
        for place, person in enumerate(order):
            pause = begin + place / PER_SECOND - time.perf_counter()
            await asyncio.sleep(max(pause, 0))
            turns.append(asyncio.create_task(say(session, peer, api, person)))
        return await asyncio.gather(*turns)


@pytest.mark.long
def test_500_conversations(
    bot: Bot, api: Api, record_property: Callable[[str, object], None]
) -> None:
    taken = sorted(asyncio.run(everybody(Peer(bot.port), api)))
    cuts = statistics.quantiles(taken, n=20)
    record_property("p50", round(cuts[9], 3))
    record_property("p95", round(cuts[18], 3))
    sys.stdout.write(
        f"p50 {cuts[9]:.3f} s, p95 {cuts[18]:.3f} s, most {taken[-1]:.3f} s\n"
    )
    with sqlite3.connect(next(bot.state.glob("*.db"))) as database:
        query = "select count(*) from events where type_name = 'user'"
        [heard] = database.execute(query).fetchone()
    assert heard == len(taken), "each message reached Rasa once"


@pytest.mark.long
def test_250_at_the_same_moment(bot: Bot, api: Api) -> None:
    """More at once than can be answered in five seconds: the rest comes late."""

    async def rush() -> list[float]:
        people = [Person(number) for number in range(RUSH)]
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            peer = Peer(bot.port)
            return await asyncio.gather(
                *(say(session, peer, api, person) for person in people)
            )

    before = len(api.sent)
    taken = asyncio.run(rush())
    assert len(taken) == RUSH
    late = api.sent[before:]
    sys.stdout.write(
        f"{len(late)} of {RUSH} late, slowest passive {max(taken):.3f} s\n"
    )
