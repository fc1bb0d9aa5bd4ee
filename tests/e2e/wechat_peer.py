"""WeChat's side, played by ``wechatpy``: pushes messages and reads the answers.

The channel has its own cryptography; this peer uses another, so that a mistake which
both sides of one library would share is seen.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from launcher.environment import ROOT
from launcher.settings import LOOPBACK
from tests.e2e.bot import Bot

TOKEN = "token-of-the-tests"
APP_ID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SECRET = "secret-of-the-tests"
ACCOUNT = "gh_0123456789ab"
PATH = "/webhooks/wechat/webhook"

_identities = itertools.count(int(time.time()) * 1000)


def settings(*, sends: bool, api: str = "", encrypted: bool = True) -> dict[str, str]:
    """The environment of a server with the channel on."""
    return {
        "WENZHU_WECHAT_TOKEN": TOKEN,
        "WENZHU_WECHAT_APP_ID": APP_ID,
        "WENZHU_WECHAT_AES_KEY": AES_KEY if encrypted else "",
        "WENZHU_WECHAT_APP_SECRET": SECRET,
        "WENZHU_WECHAT_CUSTOMER_SERVICE": "yes" if sends else "",
        "WENZHU_WECHAT_API": api,
    }


def open_channel(bot: Bot) -> Bot:
    """Have a server that is not started yet open the public channels beside REST."""
    path = bot.state / "credentials.yml"
    public = (ROOT / "credentials.yml").read_text(encoding="utf-8")
    path.write_text(f"rest:\n{public}", encoding="utf-8")
    command = list(bot.rasa.command)
    command[command.index("credentials.dev.yml")] = str(path)
    bot.rasa.command = command
    return bot


def person() -> str:
    """An OpenID of nobody."""
    return f"o{random.randrange(16**26):026x}"


def xml(**fields: str) -> str:
    """A push as WeChat writes it."""
    inside = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items())
    return f"<xml>{inside}</xml>"


def push(who: str, kind: str = "text", **fields: str) -> str:
    """A push of a person, with a number of its own."""
    common = {
        "ToUserName": ACCOUNT,
        "FromUserName": who,
        "CreateTime": str(int(time.time())),
        "MsgType": kind,
    }
    number = {} if kind == "event" else {"MsgId": str(next(_identities))}
    return xml(**common, **fields, **number)


def signature(*parts: str) -> str:
    """A signature by wechatpy."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


@dataclass
class Answered:
    """What came back: the status, the raw body, and the text if there is one."""

    status: int
    body: bytes
    text: str = ""
    seconds: float = 0.0
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Peer:
    """WeChat for one server.

    Attributes:
        port: where the server listens.
        encrypted: whether messages are encrypted.
    """

    port: int
    encrypted: bool = True

    def query(self, **changes: str) -> dict[str, str]:
        """The signed part of an address."""
        given = {"timestamp": str(int(time.time())), "nonce": _nonce(), **changes}
        given.setdefault(
            "signature", signature(TOKEN, given["timestamp"], given["nonce"])
        )
        return given

    def sealed(self, body: str, query: dict[str, str]) -> bytes:
        """The body of a push, encrypted and signed if need be."""
        if not self.encrypted:
            return body.encode()
        crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
        outer = crypto.encrypt_message(body, query["nonce"], query["timestamp"])
        found = xmltodict.parse(outer)["xml"]
        query["msg_signature"] = found["MsgSignature"]
        query["encrypt_type"] = "aes"
        return xml(ToUserName=ACCOUNT, Encrypt=found["Encrypt"]).encode()

    def deliver(self, body: str, timeout: float = 30.0, **changes: str) -> Answered:
        """Push a body once and read the answer."""
        query = self.query(**changes)
        return self.post(self.sealed(body, query), query, timeout)

    def post(
        self, body: bytes, query: dict[str, str], timeout: float = 30.0
    ) -> Answered:
        """Post bytes as they are."""
        begin = time.perf_counter()
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout)
        try:
            connection.request("POST", f"{PATH}?{urlencode(query)}", body)
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        answered = Answered(answer.status, raw, seconds=time.perf_counter() - begin)
        if answer.status == 200 and raw.startswith(b"<xml>"):
            answered.fields = self.opened(raw)
            answered.text = answered.fields["Content"]
        return answered

    def opened(self, raw: bytes) -> dict[str, Any]:
        """The fields of an answer."""
        found: dict[str, Any] = xmltodict.parse(raw)["xml"]
        if self.encrypted:
            inside = WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
                raw.decode(), found["MsgSignature"], found["TimeStamp"], found["Nonce"]
            )
            found = xmltodict.parse(inside)["xml"]
        return found

    def say(self, who: str, text: str) -> str:
        """Say something, asking three times as WeChat does; the answer's text."""
        return self.insist(push(who, Content=text)).text

    def insist(self, body: str, seconds: float = 5.0, attempts: int = 3) -> Answered:
        """Push until there is an answer, giving up each attempt after a while.

        Raises:
            AssertionError: no attempt was answered.
        """
        for _ in range(attempts):
            try:
                answered = self.deliver(body, timeout=seconds)
            except TimeoutError:
                continue
            if answered.status == 200:
                return answered
        raise AssertionError("该公众号暂时无法提供服务: no attempt was answered")


def _nonce() -> str:
    return str(random.randrange(10**9))


Fault = Callable[["Api", str, dict[str, Any]], tuple[int, str, str] | None]


class Api:
    """WeChat's web API on loopback.

    Attributes:
        sent: service messages that were taken: person and text.
        calls: every path that was called.
        fault: may answer a call in place of it: status, content type, body.
    """

    def __init__(self) -> None:
        """Nothing was called yet."""
        self.sent: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.menus: list[dict[str, Any]] = []
        self.token = "token-1"
        self.tokens = 1
        self.fault: Fault | None = None
        self.url = ""
        self._changed = threading.Condition()

    def answer(self, path: str, query: str, content: dict[str, Any]) -> Any:
        """What WeChat would say."""
        with self._changed:
            self.calls.append(path)
            if path == "/cgi-bin/gettoken":
                if parse_qs(query) != {"corpid": [APP_ID], "corpsecret": [SECRET]}:
                    return {"errcode": 40001, "errmsg": "invalid credential"}
                return {"errcode": 0, "access_token": self.token}
            if path == "/cgi-bin/stable_token":
                if (content["appid"], content["secret"]) != (APP_ID, SECRET):
                    return {"errcode": 40125, "errmsg": "invalid appsecret"}
                return {"access_token": self.token, "expires_in": 7200}
            if parse_qs(query).get("access_token") != [self.token]:
                return {"errcode": 42001, "errmsg": "access_token expired"}
            if path == "/cgi-bin/menu/create":
                self.menus.append(content)
            else:
                self.sent.append((content["touser"], content["text"]["content"]))
            self._changed.notify_all()
        return {"errcode": 0, "errmsg": "ok"}

    def expire(self) -> None:
        """Let the present token expire."""
        self.tokens += 1
        self.token = f"token-{self.tokens}"

    def heard(self, who: str, count: int = 1, seconds: float = 30.0) -> list[str]:
        """The texts sent to a person, once there are that many."""

        def texts() -> list[str]:
            return [text for one, text in self.sent if one == who]

        with self._changed:
            self._changed.wait_for(lambda: len(texts()) >= count, seconds)
        return texts()

    def called(self, path: str, count: int, seconds: float = 30.0) -> bool:
        """Whether a path was called that often, sooner or later."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self.calls.count(path) >= count, seconds
            )


@contextmanager
def api() -> Iterator[Api]:
    """WeChat's web API, listening."""
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond({})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self.respond(json.loads(self.rfile.read(length)))

        def respond(self, content: dict[str, Any]) -> None:
            address = urlsplit(self.path)
            own = state.fault and state.fault(state, address.path, content)
            if own:
                with state._changed:
                    state.calls.append(address.path)
                    state._changed.notify_all()
            answer = own or (
                200,
                "application/json",
                json.dumps(state.answer(address.path, address.query, content)),
            )
            status, kind, text = answer
            with suppress(OSError):  # the caller may have given up
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    with Server((LOOPBACK, 0), Handler) as server:
        state.url = f"http://{LOOPBACK}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()
