"""Channels without secrets, or with wrong ones, stay off and say so once."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sanic import Blueprint

from rasa_ext.channels.wechat.channel import API, WeChatInput, account_of
from rasa_ext.channels.wecom.channel import WeComInput, application_of
from tests.e2e.wechat_peer import AES_KEY

WECHAT = {"token": "t", "app_id": "a", "aes_key": AES_KEY, "app_secret": "s"}
WECOM = {"token": "t", "aes_key": AES_KEY, "corp_id": "c", "secret": "s"}


def routes(channel: Any) -> int:
    async def nobody(_message: Any) -> None:
        raise AssertionError("nothing is said")

    made = channel.blueprint(nobody)
    assert isinstance(made, Blueprint)
    return len(made._future_routes)


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        {},
        {**WECHAT, "token": ""},
        {**WECHAT, "app_id": None},
        {**WECHAT, "token": "${WENZHU_WECHAT_TOKEN}"},
    ],
)
@pytest.mark.parametrize("kind", [WeChatInput, WeComInput])
def test_without_secrets_it_is_off(
    kind: Any, credentials: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert routes(kind.from_credentials(credentials)) == 0
    assert len([r for r in caplog.records if "stays off" in r.getMessage()]) == 1


@pytest.mark.parametrize(
    ("kind", "credentials"),
    [
        (WeChatInput, {**WECHAT, "aes_key": "too short"}),
        (WeComInput, {**WECOM, "agent_id": "two"}),
        (WeComInput, {**WECOM, "agent_id": "1", "aes_key": "too short"}),
    ],
)
def test_wrong_ones_are_an_error_and_no_crash(
    kind: Any, credentials: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert routes(kind.from_credentials(credentials)) == 0
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "too short" not in record.getMessage()


@pytest.mark.parametrize(
    ("word", "sends"), [("yes", True), ("1", True), ("", False), ("no", False)]
)
def test_service_messages_are_a_setting(word: str, sends: bool) -> None:
    account = account_of({**WECHAT, "customer_service": word})
    assert account is not None
    assert account.sends is sends
    assert account.api == API


def test_no_service_messages_without_a_secret() -> None:
    account = account_of({**WECHAT, "app_secret": "", "customer_service": "yes"})
    assert account is not None
    assert not account.sends


def test_all_secrets_open_the_routes() -> None:
    assert routes(WeChatInput.from_credentials(dict(WECHAT))) == 2
    application = {**WECOM, "agent_id": "1000002"}
    assert application_of(application) is not None
    assert routes(WeComInput.from_credentials(application)) == 2
