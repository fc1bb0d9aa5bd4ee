"""The improvement loop over real servers: asked, kept or not, reviewed, forgotten."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.e2e.bot import Bot

OFFER = "utter_review_offer"
YES = "可以，遮住号码后拿去改进"
STORY = "怕坐牢，电话13812345678老打"
CORRECTION = "不对，我刚才说错了，不是怕坐牢，是怕我妈知道"
ODD = "今天晚上北京会下雨吗"
LONG_AGO = {"fears": ["arrest"], "has_loan": "yes", "stage": "check"}


def kept(bot: Bot) -> list[tuple[str, str]]:
    """What waits for review, of everybody: the text and why."""
    path = next(bot.state.glob("*.db"))
    with closing(sqlite3.connect(path)) as connection:
        try:
            rows = connection.execute("SELECT text, why FROM review_utterances")
            return [(str(text), str(why)) for text, why in rows]
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


def review(bot: Bot, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, on the database of these servers."""
    return subprocess.run(
        [sys.executable, "-m", "wenzhu.review", *arguments],
        env={**os.environ, "WENZHU_STATE_DIR": str(bot.state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(autouse=True)
def nothing_waits(bot: Bot) -> None:
    """Each test starts with an empty table: the servers are shared."""
    for line in review(bot, "list").stdout.splitlines()[:-1]:
        review(bot, "drop", line.split("\t")[0])
    assert kept(bot) == []


def correct(bot: Bot, sender: str) -> list[str]:
    bot.ask(sender, None, **LONG_AGO)
    bot.say(sender, STORY)
    bot.say(sender, CORRECTION)
    return bot.responses(sender)


def test_a_yes_keeps_what_was_corrected_masked_until_it_is_dropped(
    bot: Bot, sender: str
) -> None:
    assert correct(bot, sender).count(OFFER) == 1
    assert kept(bot) == [], "nothing before a yes"
    bot.say(sender, YES)
    assert bot.responses(sender) == ["utter_review_yes"]
    assert bot.slots(sender)["review_consent"] == "yes/1"
    assert kept(bot) == [("怕坐牢，电话138●●●●5678老打", "corrected")]
    bot.say(sender, ODD)
    assert (ODD, "rejected") in kept(bot)
    listed = review(bot, "list")
    assert listed.returncode == 0
    assert "138●●●●5678" in listed.stdout
    number = listed.stdout.split("\t")[0]
    assert review(bot, "accept", number, "--intent", "nonsense").returncode == 1
    assert review(bot, "drop", number).returncode == 0
    assert kept(bot) == [(ODD, "rejected")]
    number = review(bot, "list").stdout.split("\t")[0]
    assert review(bot, "drop", number).returncode == 0
    bot.say(sender, "谢谢")
    assert kept(bot) == [], "what was removed does not come back"
    bot.say(sender, CORRECTION)
    assert OFFER not in bot.responses(sender), "asked once in a conversation"


def test_without_a_yes_nothing_is_kept(bot: Bot, sender: str) -> None:
    correct(bot, sender)
    bot.say(sender, "好")
    assert not bot.slots(sender)["review_consent"], "a plain yes is for the case"
    bot.say(sender, ODD)
    assert kept(bot) == []


def test_a_no_keeps_nothing(bot: Bot, sender: str) -> None:
    correct(bot, sender)
    bot.say(sender, "不用")
    assert bot.responses(sender) == ["utter_review_no"]
    bot.say(sender, ODD)
    assert kept(bot) == []


def test_by_words_and_taken_back(bot: Bot, sender: str) -> None:
    bot.ask(sender, "fears")
    bot.say(sender, ODD)
    bot.say(sender, "可以用我的话改进")
    assert bot.responses(sender) == ["utter_review_yes"]
    assert kept(bot) == [(ODD, "rejected")]
    bot.say(sender, "怕坐牢")
    assert "arrest" in bot.slots(sender)["fears"], "the question stayed open"
    bot.say(sender, "别用我的话改进")
    assert bot.responses(sender) == ["utter_review_no"]
    assert kept(bot) == []


def test_a_crisis_is_neither_asked_nor_kept(bot: Bot, sender: str) -> None:
    bot.say(sender, "可以用我的话改进")
    bot.say(sender, "我不想活了")
    bot.say(sender, ODD)
    bot.say(sender, CORRECTION)
    assert OFFER not in bot.responses(sender)
    assert kept(bot) == []


def test_a_long_message_is_not_kept(bot: Bot, sender: str) -> None:
    bot.say(sender, "可以用我的话改进")
    bot.say(sender, "今天晚上北京会下雨吗，" * 20)
    assert kept(bot) == []


def test_deleting_my_data_deletes_it(bot: Bot, sender: str) -> None:
    bot.say(sender, "可以用我的话改进")
    bot.say(sender, ODD)
    assert kept(bot) == [(ODD, "rejected")]
    bot.say(sender, "删除我的数据")
    assert "删好了" in bot.hear(sender, "确认删除")
    assert kept(bot) == []
