"""Evidence in a real conversation: offered, agreed to, kept, handed out, forgotten."""

from __future__ import annotations

import http.client
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.e2e.bot import LOOPBACK, Bot

MESSAGE = "【捷信】您的贷款逾期45天，今日不还将上门并通知您单位，联系微信jx8866"
NOTE = "帮我记一下，他10点打了三个电话说要去我单位"
KEEP = '/ask_how_to_evidence{"keep":"message"}'
LINK = re.compile(r"/downloads/[a-p]+\.[a-p]+")


def press(bot: Bot, sender: str, title: str) -> list[str]:
    """Say the title of a button; the responses of the turn."""
    bot.say(sender, title)
    return bot.responses(sender)


def keep_message(bot: Bot, sender: str) -> None:
    bot.say(sender, MESSAGE)
    bot.offer(sender, KEEP)
    assert press(bot, sender, KEEP) == ["utter_keep_case_ask"]
    assert press(bot, sender, "替我存") == ["utter_keep_originals_ask"]
    assert press(bot, sender, "存完整的") == ["utter_keep_done"]


def fetch(bot: Bot, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, bot.port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def link_in(bot: Bot, sender: str, words: str) -> str:
    found = LINK.search(bot.hear(sender, words))
    assert found, bot.responses(sender)
    return found[0]


def test_the_evidence_step_offers_to_keep_the_message(bot: Bot, sender: str) -> None:
    bot.ask(
        sender, None, has_loan="yes", message_kind="collection", fears=[], stage="check"
    )
    bubbles = bot.say(sender, "好")
    payloads = [b["payload"] for bubble in bubbles for b in bubble.get("buttons", [])]
    assert KEEP in payloads


def test_a_message_is_kept_and_comes_back_once(
    bot: Bot, sender: str, tmp_path: Path
) -> None:
    keep_message(bot, sender)
    link = link_in(bot, sender, "导出证据")
    status, content = fetch(bot, link)
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("originals/001-message.txt").decode() == MESSAGE
        assert "conversation.json" not in archive.namelist()
        archive.extractall(tmp_path)
    checked = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path, check=False)
    assert checked.returncode == 0
    status, page = fetch(bot, link)
    assert (status, "用过一次" in page.decode()) == (410, True)


def test_a_call_is_shown_confirmed_and_in_the_timeline(bot: Bot, sender: str) -> None:
    words = bot.hear(sender, NOTE)
    assert bot.responses(sender) == ["utter_keep_note_confirm"]
    assert "几点：10点" in words and "说了什么：要去我单位" in words
    assert not bot.slots(sender)["message_text"], "a note is no message"
    assert press(bot, sender, "对") == ["utter_keep_case_ask"], "typed, not pressed"
    assert press(bot, sender, "好") == ["utter_keep_originals_ask"]
    assert press(bot, sender, "存完整的") == ["utter_keep_done"]
    assert "来电 要去我单位" in bot.hear(sender, "看看我的证据")


def test_a_no_keeps_nothing_and_guidance_goes_on(bot: Bot, sender: str) -> None:
    bot.say(sender, MESSAGE)
    bot.offer(sender, KEEP)
    press(bot, sender, KEEP)
    assert press(bot, sender, "先不存") == ["utter_keep_refused"]
    assert press(bot, sender, "看看我的证据") == ["utter_keep_empty"]
    assert bot.say(sender, "他们能抓我吗")


def test_a_note_inside_the_form_leaves_its_question_open(bot: Bot, sender: str) -> None:
    bot.ask(sender, "has_loan")
    bot.say(sender, NOTE)
    assert bot.responses(sender) == ["utter_keep_note_confirm"]
    press(bot, sender, "不对，重说")
    bot.say(sender, "借过")
    assert bot.slots(sender)["has_loan"] == "yes"


def test_a_crisis_comes_before_the_note(bot: Bot, sender: str) -> None:
    bot.say(sender, "帮我记一下，我不想活了，今晚就走")
    assert bot.responses(sender)[0].startswith("utter_crisis")


@pytest.mark.parametrize(
    "path", ["/downloads/", "/downloads/..%2f..%2fetc", "/downloads/a.b"]
)
def test_a_guessed_link_opens_nothing(bot: Bot, path: str) -> None:
    status, content = fetch(bot, path)
    assert status == 404
    assert not content.startswith(b"PK")


def test_my_data_is_handed_out_and_then_forgotten(bot: Bot, sender: str) -> None:
    keep_message(bot, sender)
    link = link_in(bot, sender, "导出我的数据")
    later = link_in(bot, sender, "导出我的数据")
    status, content = fetch(bot, link)
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"conversation.json", "manifest.json"} <= set(archive.namelist())
        assert "捷信" in archive.read("conversation.json").decode()
    files = {p for p in (bot.state / "evidence").rglob("*") if p.is_file()}
    bot.say(sender, "删除我的数据")
    assert "删好了" in bot.hear(sender, "确认删除")
    left = {p for p in (bot.state / "evidence").rglob("*") if p.is_file()}
    assert len(left) == len(files) - 1
    assert fetch(bot, later)[0] == 404
    assert press(bot, sender, "看看我的证据") == ["utter_keep_empty"]


def test_without_the_action_server_it_is_said(bot: Bot, sender: str) -> None:
    with bot.without_actions():
        bot.say(sender, NOTE)
        assert bot.responses(sender) == ["utter_apology"]
