"""WeChat in plain mode, for an account that may not send service messages.

The whole answer must fit the three attempts that WeChat makes, or wait to be asked
for. The same server takes what nobody should send.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
import yaml

from launcher.settings import LOOPBACK
from tests.e2e import wechat_peer as wechat
from tests.e2e.bot import Bot
from tests.e2e.wechat_peer import Peer, push

ACTION_SECONDS = "16"
"""A hung turn outlasts all three attempts: 5 + 5 + 4.3 seconds."""
DECK = yaml.safe_load(Path("data/responses/wechat.yml").read_text("utf-8"))["responses"]


@pytest.fixture(scope="module")
def bot(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    own = wechat.settings(sends=False, encrypted=False)
    own["WENZHU_ACTION_TIMEOUT"] = ACTION_SECONDS
    bot = Bot(model, tmp_path_factory.mktemp("plain"), settings=own)
    with wechat.open_channel(bot):
        yield bot


@pytest.fixture
def peer(bot: Bot) -> Peer:
    return Peer(bot.port, encrypted=False)


def test_plain_messages_are_answered_in_plain(peer: Peer) -> None:
    assert "1. 借过" in peer.say(wechat.person(), "你好")


def test_a_slow_answer_waits_for_the_word_continue(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    wait = str(DECK["utter_wechat_wait"][0]["text"])
    with bot.faulty_actions("hung"):
        answered = peer.insist(push(who, Content="怎么投诉"))
        assert answered.text == wait
        assert answered.seconds < 5
        texts = [peer.say(who, "继续")]
        while texts[-1] == wait and len(texts) < 4:
            texts.append(peer.say(who, "继续"))
    assert "没能答上来" in texts[-1]
    assert "没送到" not in peer.say(who, "你好"), "it was heard already"


XML = push("oabc", Content="你好")
BOMB = (
    '<!DOCTYPE xml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefg"))
    + "]>"
)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="empty"),
        pytest.param(b"{}", 400, id="json"),
        pytest.param(XML.encode()[:-20], 400, id="truncated"),
        pytest.param(XML.encode("gbk"), 400, id="gbk"),
        pytest.param(
            b'<?xml version="1.0" encoding="gbk"?>' + XML.encode("gbk"),
            400,
            id="declared gbk",
        ),
        pytest.param(XML.encode("utf-16"), 400, id="utf-16"),
        pytest.param((BOMB + XML.replace("你好", "&g;")).encode(), 400, id="bomb"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + XML.encode(),
            400,
            id="external entity",
        ),
        pytest.param(b"<xml>" + b"<a>" * 20_000, 400, id="deep"),
        pytest.param(b"<xml>" + b"<a/>" * 15_000 + b"</xml>", 400, id="many"),
        pytest.param(XML.replace("xml>", "html>").encode(), 400, id="other root"),
        pytest.param(
            XML.replace("</xml>", "<MsgType>image</MsgType></xml>").encode(),
            400,
            id="a field twice",
        ),
        pytest.param(XML.replace("oabc", "<b>").encode(), 400, id="a strange name"),
        pytest.param(XML.replace("MsgId", "MsgNo").encode(), 400, id="no number"),
        pytest.param(XML.encode() + b"\0" * 10, 400, id="NUL behind"),
        pytest.param(b"<xml>" + b"x" * 70_000 + b"</xml>", 413, id="70 kB"),
    ],
)
def test_what_is_no_message_is_refused(peer: Peer, body: bytes, status: int) -> None:
    assert peer.post(body, peer.query()).status == status


def test_ten_megabytes_cost_no_memory(bot: Bot, peer: Peer) -> None:
    """Neither announced nor in chunks; the server refuses before it has them."""
    process = psutil.Process(bot.rasa.process.pid)  # type: ignore[union-attr]
    peer.say(wechat.person(), "你好")
    before = process.memory_info().rss
    for chunked in (False, True) * 4:
        assert upload(bot.port, peer, 10_000_000, chunked) == 413
    assert process.memory_info().rss - before < 20_000_000
    assert peer.say(wechat.person(), "你好")


def upload(port: int, peer: Peer, size: int, chunked: bool) -> int:
    """Send a large body; the status, read while sending."""
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = f"POST {wechat.PATH}?{urlencode(peer.query())} HTTP/1.1\r\nHost: x\r\n{how}"
    piece = b"x" * 65536
    framed = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    with socket.create_connection((LOOPBACK, port), timeout=10) as connection:
        try:
            connection.sendall(head.encode() + b"\r\n\r\n")
            for _ in range(size // len(piece)):
                connection.sendall(framed)
        except OSError:
            pass  # it hung up; what it said stands in the buffer
        answer = connection.recv(64)
    return int(answer.split()[1])
