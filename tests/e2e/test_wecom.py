"""WeCom through the front door: everything is taken at once and sent by the API."""

from __future__ import annotations

import http.client
import itertools
import random
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import xmltodict
from wechatpy.enterprise.crypto import WeChatCrypto

from launcher.settings import LOOPBACK
from tests.e2e import wechat_peer as wechat
from tests.e2e.bot import Bot
from tests.e2e.wechat_peer import AES_KEY, APP_ID, SECRET, TOKEN, Api, push

PATH = "/webhooks/wecom/webhook"
AGENT = 1000002
SEND = "/cgi-bin/message/send"
_people = itertools.count(1)


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with wechat.api() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    model: Any, tmp_path_factory: pytest.TempPathFactory, api: Api
) -> Iterator[Bot]:
    own = {
        "WENZHU_WECOM_CORP_ID": APP_ID,
        "WENZHU_WECOM_AGENT_ID": str(AGENT),
        "WENZHU_WECOM_SECRET": SECRET,
        "WENZHU_WECOM_TOKEN": TOKEN,
        "WENZHU_WECOM_AES_KEY": AES_KEY,
        "WENZHU_WECOM_API": api.url,
    }
    bot = Bot(model, tmp_path_factory.mktemp("wecom"), settings=own)
    with wechat.open_channel(bot):
        yield bot


@pytest.fixture
def bot(server: Bot, api: Api) -> Iterator[Bot]:
    yield server
    api.fault = None


def person() -> str:
    return f"staff-{next(_people)}"


def request(bot: Bot, method: str, query: dict[str, str], body: bytes) -> Any:
    connection = http.client.HTTPConnection(LOOPBACK, bot.port, timeout=30)
    try:
        connection.request(method, f"{PATH}?{urlencode(query)}", body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def signed(inside: str, corp: str = APP_ID) -> tuple[dict[str, str], bytes]:
    """A push, encrypted by wechatpy, and its query."""
    stamp, nonce = str(int(time.time())), str(random.randrange(10**9))
    outer = WeChatCrypto(TOKEN, AES_KEY, corp).encrypt_message(inside, nonce, stamp)
    found = xmltodict.parse(outer)["xml"]
    query = {
        "msg_signature": found["MsgSignature"],
        "timestamp": stamp,
        "nonce": nonce,
    }
    return query, wechat.xml(ToUserName=corp, Encrypt=found["Encrypt"]).encode()


def deliver(bot: Bot, inside: str) -> Any:
    query, body = signed(inside)
    return request(bot, "POST", query, body)


def test_the_address_is_proved(bot: Bot) -> None:
    query, body = signed("5231782")
    query["echostr"] = xmltodict.parse(body)["xml"]["Encrypt"]
    assert request(bot, "GET", query, b"") == (200, b"5231782")
    query["msg_signature"] = "0" * 40
    assert request(bot, "GET", query, b"")[0] == 403


def test_a_message_is_taken_at_once_and_answered_once(bot: Bot, api: Api) -> None:
    who = person()
    hello = push(who, Content="你好")
    assert deliver(bot, hello) == (200, b"")
    assert "1. 借过" in api.heard(who)[0]
    assert deliver(bot, hello) == (200, b"")
    deliver(bot, push(who, Content="2"))
    answers = api.heard(who, 2)
    assert len(answers) == 2, "a retry is not answered again"
    assert "没借过" in answers[1]


def test_who_subscribes_is_welcomed_and_entering_is_silent(bot: Bot, api: Api) -> None:
    who = person()
    assert deliver(bot, push(who, "event", Event="enter_agent"))[0] == 200
    assert deliver(bot, push(who, "event", Event="subscribe"))[0] == 200
    assert len(api.heard(who)) == 1


def test_what_could_not_be_sent_comes_with_the_next(bot: Bot, api: Api) -> None:
    who = person()
    refused = 200, "application/json", '{"errcode": 45009}'
    api.fault = lambda _api, path, _content: refused if path == SEND else None
    before = api.calls.count(SEND)
    deliver(bot, push(who, Content="你好"))
    assert api.called(SEND, before + 1)
    api.fault = None
    deliver(bot, push(who, Content="没借过"))
    [answer] = api.heard(who)
    assert answer.startswith("记下了：没借过")
    assert "1. 借过" in answer


@pytest.mark.parametrize("change", ["msg_signature", "timestamp", "nonce"])
def test_what_is_not_signed_is_refused(bot: Bot, change: str) -> None:
    query, body = signed(push(person(), Content="你好"))
    query[change] = "1"
    assert request(bot, "POST", query, body)[0] == 403


def test_another_company_is_refused(bot: Bot) -> None:
    query, body = signed(push(person(), Content="你好"), corp="ww_other")
    assert request(bot, "POST", query, body)[0] == 403


def test_wechat_stays_off_beside_it(bot: Bot) -> None:
    assert bot.request("GET", wechat.PATH)[0] == 404
    assert bot.rasa.tail(400).count("WeChat stays off") == 1
