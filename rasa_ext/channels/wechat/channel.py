"""The webhook of a WeChat Official Account."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_ext.channels.people import pseudonym
from rasa_ext.channels.wechat import crypto, messages
from rasa_ext.channels.wechat.api import Api
from rasa_ext.channels.wechat.messages import Message
from rasa_ext.channels.wechat.state import State
from rasa_ext.channels.wechat.talk import Talk, said
from rasa_ext.channels.wechat.turns import NotYet, Turns
from rasa_ext.channels.wording import words
from wenzhu.adapters.clock import now

logger = logging.getLogger(__name__)

API = "https://api.weixin.qq.com"
REPLAY_SECONDS = 300
"""How far WeChat's clock and ours may be apart."""
YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Account:
    """An Official Account, from ``credentials.yml``.

    Attributes:
        token: signs requests.
        app_id: the AppID.
        cipher: encrypts messages; none in plain mode.
        secret: the AppSecret; only with it service messages can be sent.
        sends: whether the account may send service messages.
        api: the base URL of WeChat's API.
    """

    token: str
    app_id: str
    cipher: crypto.Cipher | None
    secret: str
    sends: bool
    api: str


def given(credentials: Mapping[str, Any] | None, name: str) -> str:
    """A value of the credentials; empty where it, or its variable, is not set."""
    value = str((credentials or {}).get(name) or "").strip()
    return "" if value.startswith("${") else value


def account_of(credentials: Mapping[str, Any] | None) -> Account | None:
    """The account in the credentials; none if it is not set up.

    Raises:
        ValueError: the AES key is not one.
    """
    token, app_id = given(credentials, "token"), given(credentials, "app_id")
    if not token or not app_id:
        return None
    key, secret = given(credentials, "aes_key"), given(credentials, "app_secret")
    return Account(
        token=token,
        app_id=app_id,
        cipher=crypto.Cipher(key, app_id) if key else None,
        secret=secret,
        sends=bool(secret) and given(credentials, "customer_service").lower() in YES,
        api=given(credentials, "api_url") or API,
    )


class WeChatInput(InputChannel):  # type: ignore[misc]
    """WeChat as a channel of Rasa; off, with one line in the log, until set up."""

    def __init__(self, account: Account | None) -> None:
        """Take the account, or none to stay off."""
        self._account = account

    @classmethod
    def name(cls) -> str:
        """The name, which is part of the address of the webhook."""
        return "wechat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatInput:
        """The channel of these credentials; a fault in them leaves it off."""
        try:
            account = account_of(credentials)
        except ValueError as error:
            logger.error("WeChat stays off: %s", error)
            return cls(None)
        if account is None:
            logger.info("WeChat stays off: no token or AppID is set")
        return cls(account)

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        """The routes ``GET`` and ``POST /webhooks/wechat/webhook``."""
        hook = Webhook(self._account, on_new_message) if self._account else None
        return routes_of("wechat", hook)


def routes_of(channel: str, hook: Webhook | None) -> Blueprint:
    """The routes of a webhook; none where the channel is off."""
    routes = Blueprint(f"{channel}_webhook")
    if hook is None:
        return routes

    @routes.get("/webhook")
    async def echo(request: Request) -> HTTPResponse:
        return await hook.echo(request)

    @routes.post("/webhook", stream=True)
    async def receive(request: Request) -> HTTPResponse:
        return await hook.receive(request)

    routes.listener("before_server_start")(hook.open)
    routes.listener("after_server_stop")(hook.close)
    return routes


async def body_of(request: Request) -> bytes:
    """The body of a request, read piece by piece up to the longest allowed.

    Raises:
        Refused: it is longer.
    """
    length = request.headers.get("content-length", "0")
    body = b""
    if length.isascii() and length.isdigit() and int(length) <= messages.MOST_BYTES:
        while piece := await request.stream.read():
            body += piece
            if len(body) > messages.MOST_BYTES:
                break
        else:
            return body
    raise crypto.Refused("too long", 413)


def argument(request: Request, name: str) -> str:
    """A part of the query; empty if it is not there."""
    return str(request.args.get(name, ""))


class Webhook:
    """What answers WeChat.

    Attributes:
        channel: the name of the channel, which pseudonyms start with.
        taken: the body that says that a message was taken.
    """

    channel = "wechat"
    taken = "success"

    def __init__(
        self, account: Account, on_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        """Keep the parts; the rest is made when the server starts."""
        self._account = account
        self._on_message = on_message

    async def open(self, _app: Sanic) -> None:
        """Open what needs the event loop and the database."""
        self._state = State()
        lost = self._state.lost(f"{self.channel}-", words("utter_wechat_lost"))
        if lost:
            logger.warning("%d late answers were cut off by the restart", lost)
        self._api = self.make_api()
        self._turns = self.make_turns(self._state, self._api)
        self._talk = Talk(self.channel, self._state, self._turns, self._on_message)

    def make_api(self) -> Api | None:
        """What sends service messages, if the account may."""
        account = self._account
        if not account.sends:
            return None
        return Api(account.api, account.app_id, account.secret)

    def make_turns(self, state: State, api: Api | None) -> Turns:
        """What shares one answer between attempts."""
        return Turns(state, api)

    async def close(self, _app: Sanic) -> None:
        """Close it again."""
        await self._turns.close()
        if self._api is not None:
            await self._api.close()
        self._state.close()

    async def echo(self, request: Request) -> HTTPResponse:
        """Prove to WeChat that this is the address it was told."""
        try:
            return response.text(self.proved(request))
        except crypto.Refused as refused:
            return self._refusal(refused)

    def proved(self, request: Request) -> str:
        """What the request wants to read again.

        Raises:
            Refused: it was not signed by WeChat.
        """
        self.check(request)
        return argument(request, "echostr")[:256]

    async def receive(self, request: Request) -> HTTPResponse:
        """Take a message and answer it."""
        try:
            proof = self.check(request)  # before anything is read
            message = self.message(request, await body_of(request))
            if self._state.is_replay(proof, message.key):
                raise crypto.Refused("the signature was used before")
        except crypto.Refused as refused:
            return self._refusal(refused)
        try:
            text = await self._answer(message)
        except NotYet:
            return response.text("", status=503)
        if not text:
            return response.text(self.taken)
        return self._answered(message, text)

    def check(self, request: Request) -> str:
        """Check who signed the request and when; the signature.

        Raises:
            Refused: somebody else, or at another time.
        """
        timestamp, nonce = argument(request, "timestamp"), argument(request, "nonce")
        proof = argument(request, "signature")
        crypto.check(proof, self._account.token, timestamp, nonce)
        crypto.check_age(timestamp, now().timestamp(), REPLAY_SECONDS)
        return proof

    def message(self, request: Request, body: bytes) -> Message:
        """The message in a body, decrypted.

        Raises:
            Refused: it is none, or not encrypted as this account does.
        """
        found = messages.fields(body)
        if self._account.cipher is not None:
            found = messages.fields(self.opened(request, found.get("Encrypt", "")))
        return messages.message_of(found)

    def opened(self, request: Request, sealed: str) -> bytes:
        """What was encrypted, after its signature was checked.

        Raises:
            Refused: the signature or the encryption is wrong.
        """
        account = self._account
        if account.cipher is None:
            raise crypto.Refused("no key is set")
        crypto.check(
            argument(request, "msg_signature"),
            account.token,
            argument(request, "timestamp"),
            argument(request, "nonce"),
            sealed,
        )
        return account.cipher.decrypt(sealed)

    async def _answer(self, message: Message) -> str:
        person = pseudonym(self.channel, self._account.app_id, message.person)
        if message.event == "unsubscribe":
            self._state.forget(person)
            return ""
        text = said(message)
        if text is None:
            return ""
        self._state.grant(person, event=message.kind == "event")
        return await self._turns.answer(
            message.key,
            person,
            message.person,
            lambda: self._talk.answer(message, person, text),
        )

    def _answered(self, message: Message, text: str) -> HTTPResponse:
        account, created = self._account, int(now().timestamp())
        document = messages.answer_xml(message, text, created)
        if account.cipher is not None:
            document = messages.sealed_xml(
                account.cipher, account.token, document, created, secrets.token_hex(8)
            )
        return response.raw(document, content_type="application/xml; charset=utf-8")

    def _refusal(self, refused: crypto.Refused) -> HTTPResponse:
        logger.info("a request to %s was refused: %s", self.channel, refused)
        return response.text("", status=refused.status)
