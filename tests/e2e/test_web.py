"""The web channel through its front door, with real clients and a real server."""

from __future__ import annotations

import io
import re
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import socketio
from PIL import Image, ImageDraw, ImageFont

from launcher.settings import LOOPBACK
from tests.e2e.web_client import PATH, Tab, WebBot
from wenzhu.adapters.documents import font_path
from wenzhu.settings import ROOT

SMS = (
    "【捷信消费金融】您的贷款已逾期45天，金额8000元，今日不处理将上门并通知您单位，"
    "请联系微信jx8866"
)
KEY = "a-key-of-the-tests-a-key-of-the-tests"
HOURS = 72


@pytest.fixture(scope="module")
def web(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebBot]:
    own = {
        "WENZHU_WEB_KEY": KEY,
        "WENZHU_WEB_ORIGINS": "https://friend.example",
        "WENZHU_WEB_FRAMES": "https://friend.example",
        "WENZHU_WEB_PROXIES": "1",
    }
    with WebBot(model, tmp_path_factory.mktemp("web"), settings=own) as started:
        yield started


@pytest.fixture
def token(web: WebBot) -> str:
    return str(web.session()["token"])


@pytest.fixture
def tab(web: WebBot, token: str) -> Iterator[Tab]:
    opened = Tab(web, token)
    yield opened
    opened.close()


def refused(web: WebBot, token: object) -> str:
    """The message with which the socket refuses a token."""
    client, told = socketio.Client(reconnection=False), []
    client.on("connect_error", told.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            f"http://{LOOPBACK}:{web.port}",
            auth={"token": token},
            socketio_path=PATH,
            transports=["websocket"],
        )
    return str(told[0]["message"] if isinstance(told[0], dict) else told[0])


def rows(web: WebBot, session: str) -> int:
    """Rows about a session in all tables."""
    with sqlite3.connect(web.state / "wenzhu.db") as db:
        return sum(
            db.execute(
                f"SELECT COUNT(*) FROM {table} WHERE {column} = ?",  # noqa: S608
                (session,),
            ).fetchone()[0]
            for table, column in (
                ("web_sessions", "id"),
                ("web_events", "session"),
                ("events", "sender_id"),
            )
        )


def session_of(token: str) -> str:
    return "web-" + token.split(".")[0]


# --- talking ----------------------------------------------------------------------


def test_a_whole_case(tab: Tab) -> None:
    tab.hear("你好")
    last = tab.after(0)[-1]
    title, payload = last["buttons"][1]["title"], last["buttons"][1]["payload"]
    assert payload.startswith("/")
    assert "借过" in tab.hear(title, payload=payload)
    assert "jx8866" in tab.hear(SMS)
    numbers = sorted(tab.events)
    assert numbers == list(range(1, numbers[-1] + 1))
    assert tab.typing[:2] == [True, False]


def test_numbers_are_masked_in_the_log_too(tab: Tab, web: WebBot) -> None:
    tab.hear("我的手机号13812345678")
    assert "●" in tab.events[1]["text"]
    again = Tab(web, tab.token)
    again.wait(lambda: 1 in again.events)
    assert again.events[1] == tab.events[1]
    again.close()
    kept = b"".join(file.read_bytes() for file in web.state.glob("wenzhu.db*"))
    assert b"13812345678" not in kept


def test_a_typed_slash_is_text_and_a_payload_counts_only_if_offered(tab: Tab) -> None:
    tab.hear("你好")
    n = tab.say("看看", payload="/restart")["n"]
    tab.wait(lambda: tab.answered(n))
    assert "看看" in tab.events[n]["text"]
    assert tab.hear("/restart")
    assert all(each["n"] for each in tab.after(0))


def test_a_long_text_is_answered_and_not_kept(tab: Tab) -> None:
    assert "太长" in tab.hear("催" * 10_001)
    assert "10001" in tab.events[1]["text"]


@pytest.mark.parametrize(
    "given",
    [
        *("words", 7, None, [], {}, {"id": "12345678"}, {"text": "x"}),
        {"id": "short", "text": "x"},
        {"id": "12345678", "text": 5},
        {"id": {"a": 1}, "text": "x"},
    ],
)
def test_what_is_no_message_is_refused_with_words(tab: Tab, given: object) -> None:
    answer = tab._socket.call("say", given, timeout=20)
    assert set(answer) == {"error"}
    assert tab.hear("在吗")


def test_an_id_is_handled_once(tab: Tab) -> None:
    name = secrets.token_hex(16)
    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda _: tab.say("你好", name), range(4)))
    assert {each["n"] for each in answers} == {1}
    tab.wait(lambda: tab.answered(1))
    tab.hear("谢谢")
    assert [each["text"] for each in tab.after(0) if each["from"] == "me"] == [
        "你好",
        "谢谢",
    ]


def test_messages_are_answered_in_order(tab: Tab) -> None:
    sent = [tab.say(text)["n"] for text in ("你好", "没借过", "你是谁", "谢谢")]
    tab.wait(lambda: tab.typing.count(False) == len(sent))
    tab.wait(lambda: tab.after(0)[-1]["from"] == "bot")
    assert sorted(sent) == sent


def test_two_tabs_see_the_same(tab: Tab, web: WebBot, token: str) -> None:
    other = Tab(web, token)
    tab.hear("你好")
    other.hear("没借过")
    tab.wait(lambda: len(tab.events) == len(other.events))
    assert tab.events == other.events
    assert not tab.doubled
    other.close()


# --- coming back ------------------------------------------------------------------


def test_what_was_missed_is_replayed(tab: Tab, web: WebBot, token: str) -> None:
    tab.hear("你好")
    half = len(tab.events)
    away = Tab(web, token)
    tab.hear("没借过")
    away.close()
    back = Tab(web, token, after=half)
    back.wait(lambda: len(back.events) == len(tab.events) - half)
    assert back.after(half) == tab.after(half)
    back.close()


def test_a_kill_loses_and_doubles_nothing(web: WebBot) -> None:
    people = [Tab(web, str(web.session()["token"])) for _ in range(5)]
    names = [secrets.token_hex(16) for _ in people]
    for person, name in zip(people, names, strict=True):
        person.hear("你好")
        assert person.say("没借过", name)["n"]
    web.kill()
    web.start()
    for person, name in zip(people, names, strict=True):
        back = Tab(web, person.token)
        back.wait(lambda back=back: back.after(0)[-1:] != [] and len(back.events) > 4)
        said = [each["text"] for each in back.after(0) if each["from"] == "me"]
        assert said == ["你好", "没借过"]
        mine = next(n for n, each in back.events.items() if each["text"] == "没借过")
        back.wait(lambda back=back, mine=mine: back.answered(mine))
        assert back.say("没借过", name) == {"n": mine}
        assert back.hear("谢谢")
        for n, event in person.events.items():
            assert back.events[n] == event
        back.close()


def test_what_cannot_be_stored_is_not_acknowledged(web: WebBot, tab: Tab) -> None:
    tab.hear("你好")
    name = secrets.token_hex(16)
    database = sqlite3.connect(web.state / "wenzhu.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    assert tab.say("没借过", name)["later"] >= 1
    database.execute("ROLLBACK")
    database.close()
    n = tab.say("没借过", name)["n"]
    tab.wait(lambda: tab.answered(n))
    assert [each["text"] for each in tab.after(0)].count("没借过") == 1


def test_without_the_action_server_there_is_an_apology(web: WebBot, tab: Tab) -> None:
    with web.without_actions():
        assert tab.hear("没借过")
        assert tab.hear("他说要上门")


# --- who may ------------------------------------------------------------------------


def test_foreign_altered_and_expired_tokens_are_refused(
    web: WebBot, token: str
) -> None:
    from rasa_ext.channels.web.sessions import Tokens
    from wenzhu.adapters.clock import now

    session, at = session_of(token), now().timestamp()
    ours, foreign = Tokens(KEY.encode()), Tokens(b"f" * 40)
    bad = [
        None,
        "",
        session,
        7,
        {"token": token},
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        "0" * 32 + token[32:],
        foreign.make(session, at),
        ours.make(session, at - HOURS * 3600 - 1),
        ours.make(session, at + 3600),
        ours.make("web-" + "1" * 32, at),
    ]
    for each in bad:
        assert refused(web, each) == "session", each
        if isinstance(each, str) and each.isascii() and each:
            answer = web.session(each)
            assert answer["renewed"] and session not in answer["token"]
            status, _, _ = web.call(
                "DELETE", "/app/api/session", Authorization=f"Bearer {each}"
            )
            assert status == 401
    assert web.session(token)["token"] == token


@pytest.mark.parametrize("times", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_guessing_gets_nothing(web: WebBot, tab: Tab, times: int) -> None:
    tab.hear("没借过")
    mine = tab.token.split(".")
    for number in range(times):
        guess = f"{mine[0]}.{mine[1]}.{secrets.token_hex(32)}"
        status, _, content = web.call(
            "DELETE",
            "/app/api/session",
            Authorization=f"Bearer {guess}",
            X_Forwarded_For=f"10.0.{number // 250}.{number % 250}",
        )
        assert status == 401 and "没借过".encode() not in content
    assert tab.hear("你好")


def test_a_session_renames_nobody(web: WebBot, tab: Tab) -> None:
    tab.hear("没借过")
    thief = Tab(web, str(web.session()["token"]))
    name = secrets.token_hex(16)
    thief._socket.call(
        "say",
        {"id": name, "text": "你好", "session": session_of(tab.token), "room": "x"},
        timeout=20,
    )
    thief.wait(lambda: thief.answered(1))
    said = [each["text"] for each in thief.after(0) if each["from"] == "me"]
    assert said == ["你好"]
    assert tab.hear("谢谢")
    said = [each["text"] for each in tab.after(0) if each["from"] == "me"]
    assert said == ["没借过", "谢谢"]
    thief.close()


def test_too_many_messages_wait(web: WebBot, tab: Tab) -> None:
    answers = [tab.say("你好") for _ in range(30)]
    waits = [each["later"] for each in answers if "later" in each]
    assert waits and all(each >= 1 for each in waits)


def test_too_many_calls_are_told_when_to_come_back(web: WebBot) -> None:
    def call(_: int) -> tuple[int, str]:
        status, headers, _content = web.call(
            "DELETE", "/app/api/session", X_Forwarded_For="192.0.2.9"
        )
        return status, headers.get("retry-after", "")

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(call, range(600)))
    assert {status for status, _ in answers} == {401, 429}
    assert all(int(later) >= 1 for status, later in answers if status == 429)


def test_other_origins_are_refused_unless_they_are_allowed(web: WebBot) -> None:
    own = f"http://{LOOPBACK}:{web.port}"
    for origin, expected in {
        own: 200,
        "https://friend.example": 200,
        "https://evil.example": 403,
        "null": 403,
    }.items():
        status, _, _ = web.call("POST", "/app/api/session", {}, Origin=origin)
        assert status == expected, origin
        path = f"{PATH}/?EIO=4&transport=polling"
        status, _, _ = web.call("GET", path, Origin=origin)
        assert (status == 200) == (expected == 200), origin


# --- pages --------------------------------------------------------------------------


def test_the_public_port_has_no_rest_and_no_api(web: WebBot) -> None:
    for path in (
        "/webhooks/rest/webhook",
        "/webhooks/web/webhook",
        "/conversations/default/tracker",
        "/model",
        "/domain",
        "/status",
        "/app/../README.md",
        "/app/%2e%2e/README.md",
        "/app/assets/..%2f..%2findex.html",
        "/app/.built",
    ):
        for method in ("GET", "POST"):
            status, _, content = web.call(method, path, {})
            assert status in (404, 405), (path, status)
            assert b"Wenzhu" not in content


def test_pages_carry_the_security_headers(web: WebBot) -> None:
    for path in ("/app/", "/app/api/health", "/app/nothing"):
        _, headers, _ = web.call("GET", path)
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy
        assert "frame-ancestors 'self' https://friend.example" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "geolocation=()" in headers["permissions-policy"]
    assert web.call("GET", "/")[1]["location"] == "/app/"


def test_the_page_holds_nothing_its_own_policy_forbids(web: WebBot) -> None:
    _, _, content = web.call("GET", "/app/")
    text = content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", text)
    assert not re.search(r"(?:src|href)=.https?:", text)


# --- deleting -----------------------------------------------------------------------


def test_deleting_leaves_nothing(web: WebBot, tab: Tab) -> None:
    tab.hear("没借过")
    session = session_of(tab.token)
    assert rows(web, session)
    status, _, _ = web.call(
        "DELETE", "/app/api/session", Authorization=f"Bearer {tab.token}"
    )
    assert status == 204
    tab.wait(lambda: tab.gone)
    assert rows(web, session) == 0
    assert "later" in tab.say("还在吗")
    assert refused(web, tab.token) == "session"
    assert web.session(tab.token)["renewed"]


def test_deleting_in_the_conversation_leaves_nothing(web: WebBot, tab: Tab) -> None:
    tab.hear("删除我的数据")
    receipt = tab.hear("是的")
    assert "删" in receipt
    assert rows(web, session_of(tab.token)) == 0
    assert "later" in tab.say("还在吗")
    tab.wait(lambda: tab.gone)


# --- pictures -------------------------------------------------------------------------


def test_a_picture_is_read_and_not_said(web: WebBot, tab: Tab) -> None:
    picture = Image.new("RGB", (1080, 500), "white")
    font = ImageFont.truetype(str(font_path()), 44)
    ImageDraw.Draw(picture).text((60, 80), "您已逾期45天", font=font, fill="black")
    content = io.BytesIO()
    picture.save(content, "PNG")
    status, answer = web.upload(tab.token, content.getvalue())
    assert (status, answer) == (200, {"text": "您已逾期45天"})
    assert not tab.events
    assert not [file for file in web.state.rglob("*") if file.suffix == ".png"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7 named picture.png", 415),
        (b"<html><script>alert(1)</script>", 415),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), 415),
        (b"\x89PNG\r\n\x1a\n" + bytes(21 * 1024 * 1024), 413),
    ],
)
def test_what_is_no_picture_is_refused_with_words(
    web: WebBot, token: str, content: bytes, expected: int
) -> None:
    status, answer = web.upload(token, content)
    assert status == expected
    assert re.search("[一-鿿]", answer["error"])


def test_a_picture_needs_a_session(web: WebBot, token: str) -> None:
    assert web.upload("0" * 110, b"x")[0] == 401
    status, _, _ = web.call(
        "POST", "/app/api/upload", b"x", Authorization=f"Bearer {token}"
    )
    assert status == 400


# --- load -----------------------------------------------------------------------------


@pytest.mark.long
def test_many_people_at_once_lose_nothing(web: WebBot) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.web_load", str(web.port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
