"""The client of WeChat's API against one that misbehaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from rasa_ext.channels.wechat import api as client
from rasa_ext.channels.wechat.api import CallFailed
from tests.e2e import wechat_peer as wechat
from tests.e2e.wechat_peer import APP_ID, SECRET, Api

SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/stable_token"


@pytest.fixture
def peer() -> Iterator[Api]:
    with wechat.api() as running:
        yield running


@pytest.fixture
async def ours(peer: Api, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[client.Api]:
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0))
    made = client.Api(peer.url, APP_ID, SECRET)
    yield made
    await made.close()


def says(status: int, kind: str, body: str, path: str = SEND) -> wechat.Fault:
    return lambda _api, called, _content: (
        (status, kind, body) if called == path else None
    )


async def test_a_message_is_sent_in_its_own_characters(
    ours: client.Api, peer: Api
) -> None:
    await ours.send_text("o1", "先别转账")
    assert peer.sent == [("o1", "先别转账")]


async def test_one_token_for_many_at_once(ours: client.Api, peer: Api) -> None:
    await asyncio.gather(*(ours.send_text(f"o{i}", "好") for i in range(20)))
    assert len(peer.sent) == 20
    assert peer.calls.count(TOKEN) == 1


async def test_many_find_the_token_expired_and_one_renews_it(
    ours: client.Api, peer: Api
) -> None:
    await ours.send_text("o0", "好")
    peer.expire()
    await asyncio.gather(*(ours.send_text(f"o{i}", "好") for i in range(20)))
    assert len(peer.sent) == 21
    assert peer.calls.count(TOKEN) == 2


async def test_a_token_that_stays_refused_is_forced_anew(
    ours: client.Api, peer: Api
) -> None:
    asked: list[bool] = []

    def stubborn(api: Api, path: str, content: dict[str, Any]) -> Any:
        if path != TOKEN:
            return None
        asked.append(content["force_refresh"])
        kind = "application/json"
        fresh = api.token if content["force_refresh"] else "stale"
        return 200, kind, f'{{"access_token": "{fresh}", "expires_in": 7200}}'

    peer.fault = stubborn
    await ours.send_text("o1", "好")
    assert asked == [False, False, True]
    assert peer.sent == [("o1", "好")]


@pytest.mark.parametrize("code", [45009, 45015, 45047])
async def test_a_refusal_is_not_tried_again(
    ours: client.Api, peer: Api, code: int
) -> None:
    peer.fault = says(200, "application/json", f'{{"errcode": {code}}}')
    with pytest.raises(CallFailed) as failed:
        await ours.send_text("o1", "好")
    assert failed.value.code == code
    assert peer.calls.count(SEND) == 1
    assert ours.may_send


async def test_an_account_that_may_not_send_is_not_asked_again(
    ours: client.Api, peer: Api
) -> None:
    peer.fault = says(200, "application/json", '{"errcode": 48001}')
    with pytest.raises(CallFailed):
        await ours.send_text("o1", "好")
    assert not ours.may_send


async def test_a_busy_system_is_tried_again(ours: client.Api, peer: Api) -> None:
    answers = iter(['{"errcode": -1}', '{"errcode": -1}'])

    def busy(_api: Api, path: str, _content: dict[str, Any]) -> Any:
        body = next(answers, None) if path == SEND else None
        return body and (200, "application/json", body)

    peer.fault = busy
    await ours.send_text("o1", "好")
    assert peer.sent == [("o1", "好")]


@pytest.mark.parametrize(
    "broken",
    [
        says(200, "text/html", "<html>login</html>"),
        says(502, "text/html", "<html>Bad Gateway</html>"),
        says(200, "application/json", "[]"),
        says(200, "application/json", ""),
        says(500, "application/json", "{}"),
    ],
)
async def test_what_is_no_answer_fails_and_is_sent_once(
    ours: client.Api, peer: Api, broken: wechat.Fault
) -> None:
    peer.fault = broken
    with pytest.raises(CallFailed) as failed:
        await ours.send_text("o1", "好")
    assert not failed.value.surely_not_done
    assert peer.calls.count(SEND) == 1


async def test_an_api_that_hangs_fails_in_time(
    ours: client.Api, peer: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.5)
    over = threading.Event()
    peer.fault = lambda _api, path, _content: path == SEND and over.wait() and None
    try:
        with pytest.raises(CallFailed, match="no answer"):
            await ours.send_text("o1", "好")
    finally:
        over.set()


async def test_nobody_there_is_tried_again_and_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0))
    alone = client.Api("http://127.0.0.1:9", APP_ID, SECRET)
    with pytest.raises(CallFailed, match="no connection"):
        await alone.send_text("o1", "好")
    await alone.close()


async def test_a_failure_tells_no_secret(ours: client.Api, peer: Api) -> None:
    peer.fault = says(200, "application/json", '{"errcode": 40125}', TOKEN)
    with pytest.raises(CallFailed) as failed:
        await ours.send_text("opaque-person", "好")
    assert SECRET not in str(failed.value)
    assert "opaque-person" not in str(failed.value)


async def test_the_menu_is_installed(ours: client.Api, peer: Api) -> None:
    from rasa_ext.channels.wechat.menu import menu

    await ours.install_menu(menu())
    assert peer.menus == [menu()]


async def test_the_command_installs_the_menu(peer: Api, tmp_path: Path) -> None:
    from rasa_ext.channels.wechat.menu import CHANNEL, install, menu

    credentials = tmp_path / "credentials.yml"
    credentials.write_text(
        f"{CHANNEL}:\n  token: t\n  app_id: {APP_ID}\n  app_secret: {SECRET}\n"
        f"  api_url: {peer.url}\n",
        encoding="utf-8",
    )
    await install(credentials)
    assert peer.menus == [menu()]


@pytest.mark.parametrize(
    ("secret", "said"), [("", "AppSecret"), ("another", "errcode 40125")]
)
async def test_the_command_says_why_it_cannot(
    peer: Api, tmp_path: Path, secret: str, said: str
) -> None:
    from rasa_ext.channels.wechat.menu import CHANNEL, install

    credentials = tmp_path / "credentials.yml"
    credentials.write_text(
        f"{CHANNEL}:\n  token: t\n  app_id: {APP_ID}\n  app_secret: '{secret}'\n"
        f"  api_url: {peer.url}\n",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit, match=said):
        await install(credentials)
    assert peer.menus == []
