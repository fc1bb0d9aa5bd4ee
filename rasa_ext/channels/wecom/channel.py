"""The webhook of a WeCom application: encrypted in, sent by the API out.

WeCom may send at any time, so each message is taken at once and answered through the
API. Everything else is WeChat's: the cipher, the reading of XML, one answer for each
message, what is kept when sending fails.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request

from rasa_ext.channels.wechat import crypto
from rasa_ext.channels.wechat.api import Api, token_in
from rasa_ext.channels.wechat.channel import (
    REPLAY_SECONDS,
    Account,
    Webhook,
    argument,
    given,
    routes_of,
)
from rasa_ext.channels.wechat.state import State
from rasa_ext.channels.wechat.turns import Turns
from wenzhu.adapters.clock import now

logger = logging.getLogger(__name__)

API = "https://qyapi.weixin.qq.com"
NEEDED = ("token", "aes_key", "corp_id", "secret", "agent_id")


@dataclass(frozen=True)
class Application(Account):
    """An application of a company; ``app_id`` is the CorpID."""

    agent: int


def application_of(credentials: Mapping[str, Any] | None) -> Application | None:
    """The application in the credentials; none if it is not set up.

    Raises:
        ValueError: the AES key or the AgentId is not one.
    """
    found = {name: given(credentials, name) for name in NEEDED}
    if not all(found.values()):
        return None
    if not found["agent_id"].isdecimal():
        raise ValueError("the AgentId is no number")
    return Application(
        token=found["token"],
        app_id=found["corp_id"],
        cipher=crypto.Cipher(found["aes_key"], found["corp_id"]),
        secret=found["secret"],
        sends=True,
        api=given(credentials, "api_url") or API,
        agent=int(found["agent_id"]),
    )


class WeComApi(Api):
    """The API of WeCom: another token, another address to send to."""

    def __init__(self, application: Application) -> None:
        """Take the application."""
        super().__init__(application.api, application.app_id, application.secret)
        self._application = application

    async def send_text(self, person: str, text: str) -> None:
        """Send one message.

        Raises:
            CallFailed: it was not sent, or nobody knows whether it was.
        """
        await self._call_or_give_up(
            "/cgi-bin/message/send",
            {
                "touser": person,
                "msgtype": "text",
                "agentid": self._application.agent,
                "text": {"content": text},
            },
        )

    async def _fetch_token(self, *, force: bool) -> str:
        query = {
            "corpid": self._application.app_id,
            "corpsecret": self._application.secret,
        }
        return token_in(await self._ask("GET", "/cgi-bin/gettoken", query, None))


class WeComHook(Webhook):
    """What answers WeCom."""

    channel = "wecom"
    taken = ""

    def __init__(
        self,
        application: Application,
        on_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> None:
        """Keep the parts."""
        super().__init__(application, on_message)
        self._application = application

    def make_api(self) -> Api:
        """What sends every answer."""
        return WeComApi(self._application)

    def make_turns(self, state: State, api: Api | None) -> Turns:
        """Nobody waits for an answer: it is sent when it is ready."""
        return Turns(state, api, patience=0.0)

    def check(self, request: Request) -> str:
        """Check the time; the signature covers the body, which is not read yet."""
        timestamp = argument(request, "timestamp")
        crypto.check_age(timestamp, now().timestamp(), REPLAY_SECONDS)
        return argument(request, "msg_signature")

    def proved(self, request: Request) -> str:
        """What the request wants to read again, decrypted."""
        self.check(request)
        return self.opened(request, argument(request, "echostr")).decode(
            "ascii", "replace"
        )


class WeComInput(InputChannel):  # type: ignore[misc]
    """WeCom as a channel of Rasa; off, with one line in the log, until set up."""

    def __init__(self, application: Application | None) -> None:
        """Take the application, or none to stay off."""
        self._application = application

    @classmethod
    def name(cls) -> str:
        """The name, which is part of the address of the webhook."""
        return "wecom"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeComInput:
        """The channel of these credentials; a fault in them leaves it off."""
        try:
            application = application_of(credentials)
        except ValueError as error:
            logger.error("WeCom stays off: %s", error)
            return cls(None)
        if application is None:
            logger.info("WeCom stays off: not all of %s are set", ", ".join(NEEDED))
        return cls(application)

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """The routes ``GET`` and ``POST /webhooks/wecom/webhook``."""
        application = self._application
        hook = WeComHook(application, on_new_message) if application else None
        return routes_of("wecom", hook)
