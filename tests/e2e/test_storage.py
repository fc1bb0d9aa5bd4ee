"""The database goes away in the middle of a case: said, nothing made up, resumed.

Renamed, held by another program, read-only, full: each while a question is open.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.bot import Bot
from tests.e2e.postgresql import Cluster
from wenzhu.adapters.clock import today
from wenzhu.knowledge import load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

WORDS = read_yaml(DATA / "responses" / "apology.yml")["responses"]
NOT_STORED = load().fill(WORDS["utter_apology_storage"][0]["text"], today())
MEGABYTES = 3
"""Of the file system that is filled."""


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of its own in memory; without the right to mount, none."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs more rights")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def bot(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Both servers with a database that nobody else uses."""
    with Bot(model, tmp_path_factory.mktemp("storage")) as running:
        yield running


@pytest.fixture(scope="module")
def small(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """The same with the database on a small disk."""
    with small_disk(tmp_path_factory.mktemp("small") / "disk") as disk:
        own = {"DATABASE_URL": f"sqlite:///{disk / 'case.db'}"}
        state = tmp_path_factory.mktemp("small-state")
        with Bot(model, state, settings=own) as running:
            yield running


@contextmanager
def renamed(bot: Bot) -> Iterator[None]:
    """Somebody moves the file away, and puts it back."""
    files = list(bot.state.glob("wenzhu.db*"))
    for file in files:
        file.rename(file.with_name("moved-" + file.name))
    try:
        yield
    finally:
        assert not (bot.state / "wenzhu.db").exists(), "nobody made another one"
        for file in files:
            with suppress(FileNotFoundError):  # folded into the database meanwhile
                file.with_name("moved-" + file.name).rename(file)


@contextmanager
def held(bot: Bot) -> Iterator[None]:
    """Another program writes and does not finish."""
    other = sqlite3.connect(bot.state / "wenzhu.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def disk_of(bot: Bot) -> Path:
    return Path(bot.settings["DATABASE_URL"].removeprefix("sqlite:///")).parent


@contextmanager
def full(bot: Bot) -> Iterator[None]:
    """Something else fills the disk to the last byte."""
    filler = disk_of(bot) / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"\0" * 512)
    try:
        yield
    finally:
        filler.unlink()


HELP = load().render("HOT-12356.number", today())


Fault = Callable[[Bot], AbstractContextManager[None]]


def goes_on_afterwards(bot: Bot, sender: str, fault: Fault) -> None:
    """A case with an open question, a fault, and the case again."""
    bot.say(sender, "你好")
    bot.say(sender, "有")
    assert bot.slots(sender)["requested_slot"] == "message_text"
    with fault(bot):
        assert bot.hear(sender, "怕坐牢") == NOT_STORED
        assert bot.hear(sender, "去哪投诉") == NOT_STORED
    slots = bot.slots(sender)
    assert slots["has_loan"] == "yes", "the case is there"
    assert slots["requested_slot"] == "message_text", "the question is open"
    assert not slots["fears"], "what was not acknowledged was not kept"
    bot.say(sender, "怕坐牢")
    slots = bot.slots(sender)
    assert slots["has_loan"] == "yes"
    assert slots["fears"] == ["arrest"]
    assert bot.rasa.is_running


@pytest.mark.parametrize("fault", [renamed, held])
def test_the_case_waits(bot: Bot, sender: str, fault: Fault) -> None:
    goes_on_afterwards(bot, sender, fault)


def test_the_case_waits_for_room_on_the_disk(small: Bot, sender: str) -> None:
    assert shutil.disk_usage(disk_of(small)).total <= MEGABYTES * 2**20
    goes_on_afterwards(small, sender, full)


@pytest.mark.long
def test_the_case_waits_for_postgresql(
    model: Path, tmp_path: Path, sender: str
) -> None:
    with Cluster() as cluster:
        own = {"DATABASE_URL": cluster.url}
        with Bot(model, tmp_path / "state", settings=own) as bot:
            goes_on_afterwards(bot, sender, lambda _bot: cluster.stopped())


def test_a_crisis_is_heard_and_stays_open(bot: Bot, sender: str) -> None:
    """The gate needs no database, and does not forget what it heard without one."""
    bot.say(sender, "你好")
    with renamed(bot):
        for words in ("我不想活了", "随便吧"):
            answer = bot.hear(sender, words)
            assert HELP in answer
            assert NOT_STORED not in answer
    assert HELP in bot.hear(sender, "嗯")
    assert bot.slots(sender)["crisis_open"] is True


def test_an_open_crisis_stays_open(bot: Bot, sender: str) -> None:
    bot.say(sender, "我不想活了")
    with renamed(bot):
        answer = bot.hear(sender, "没事")
    assert HELP in answer
    assert NOT_STORED not in answer


def test_nobody_elses_talk_is_touched(bot: Bot, sender: str) -> None:
    """Whoever first writes while the database is away begins anew afterwards."""
    with renamed(bot):
        assert bot.hear(sender, "你好") == NOT_STORED
    assert "utter_apology_storage" not in bot.say(sender, "你好")
    assert bot.slots(sender)["requested_slot"] == "has_loan"
