"""Play WeChat's side from the terminal: ``make wechat-sim``.

Starts the bot with a made-up account, pushes what is typed as WeChat would (signed,
encrypted unless told otherwise, three attempts of five seconds), shows the answers,
and plays the API that late answers are sent through. Nothing leaves this machine.

    python -m scripts.wechat_sim                 # encrypted, with service messages
    python -m scripts.wechat_sim --plain --no-service
    python -m scripts.wechat_sim --url http://127.0.0.1:8000   # a bot that runs
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

from launcher import settings
from launcher.environment import ROOT
from rasa_ext.channels.wechat import crypto, messages

PATH = "/webhooks/wechat/webhook"
ATTEMPTS, SECONDS = 3, 5.0
READY_SECONDS = 600.0  # it may train first
HELP = """\
直接打字就是发消息。命令：
  :关注  :扫码  :菜单 去哪投诉  :语音 我没借过  :图片  :位置  :重发  :帮助  :退出"""
TOKEN, APP_ID = "WENZHU_WECHAT_TOKEN", "WENZHU_WECHAT_APP_ID"
AES_KEY, SERVICE = "WENZHU_WECHAT_AES_KEY", "WENZHU_WECHAT_CUSTOMER_SERVICE"
MADE_UP = {
    TOKEN: "simulator",
    APP_ID: "wx0000000000000000",
    AES_KEY: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    SERVICE: "yes",
    "WENZHU_WECHAT_APP_SECRET": "simulator",
}


class WeChat:
    """WeChat for one account and one person."""

    def __init__(self, url: str, account: Mapping[str, str]) -> None:
        """Take where the bot is and the settings of the account."""
        address = urlsplit(url)
        self._host = address.hostname or settings.LOOPBACK
        self._port = address.port or 80
        self._token = account[TOKEN]
        key = account[AES_KEY]
        self._cipher = crypto.Cipher(key, account[APP_ID]) if key else None
        self._person = "o" + secrets.token_hex(13)
        self._numbers = itertools.count(int(time.time()) * 1000)
        self._last = ""

    def push(self, kind: str, **fields: str) -> str:
        """Push something the person did; what they see."""
        number = {} if kind == "event" else {"MsgId": str(next(self._numbers))}
        inside = {
            "ToUserName": "gh_simulator",
            "FromUserName": self._person,
            "CreateTime": str(int(time.time())),
            "MsgType": kind,
            **fields,
            **number,
        }
        self._last = xml(inside)
        return self.again()

    def again(self) -> str:
        """Push the last thing again, as WeChat does when no answer came."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                status, answer = self._post(self._last)
            except TimeoutError:
                print(f"  · 第 {attempt} 次五秒内没有回答 no answer in five seconds")
                continue
            if status == http.HTTPStatus.OK:
                return self._shown(answer)
            print(f"  · 第 {attempt} 次 HTTP {status}")
        return "（该公众号暂时无法提供服务，请稍后再试）"

    def _post(self, body: str) -> tuple[int, bytes]:
        stamp, nonce = str(int(time.time())), secrets.token_hex(5)
        proof = crypto.signature(self._token, stamp, nonce)
        query = {"signature": proof, "timestamp": stamp, "nonce": nonce}
        if self._cipher is not None:
            sealed = self._cipher.encrypt(body.encode())
            body = xml({"ToUserName": "gh_simulator", "Encrypt": sealed})
            inner = crypto.signature(self._token, stamp, nonce, sealed)
            query |= {"msg_signature": inner, "encrypt_type": "aes"}
        connection = http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        try:
            connection.request("POST", f"{PATH}?{urlencode(query)}", body.encode())
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _shown(self, answer: bytes) -> str:
        if not answer.startswith(b"<xml>"):
            return f"（{answer.decode()[:80]}：没有立刻回答）"
        found = messages.fields(answer)
        if self._cipher is not None:
            found = messages.fields(self._cipher.decrypt(found["Encrypt"]))
        return found["Content"]


def xml(fields: Mapping[str, str]) -> str:
    """Fields as WeChat writes them."""
    parts = (f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items())
    return f"<xml>{''.join(parts)}</xml>"


def said(wechat: WeChat, line: str) -> str:
    """Do what a line of the terminal asks for; what the person sees."""
    command, _, rest = line.partition(" ")
    match command:
        case ":关注":
            return wechat.push("event", Event="subscribe")
        case ":扫码":
            return wechat.push("event", Event="SCAN", EventKey="1")
        case ":菜单":
            return wechat.push("event", Event="CLICK", EventKey=rest)
        case ":语音":
            return wechat.push("voice", MediaId="1", Format="amr", Recognition=rest)
        case ":图片":
            return wechat.push("image", MediaId="1", PicUrl="https://mmbiz.qpic.cn/1")
        case ":位置":
            return wechat.push("location", Location_X="0", Location_Y="0")
        case ":重发":
            return wechat.again()
        case ":帮助":
            return HELP
    return wechat.push("text", Content=line)


@contextmanager
def api() -> Iterator[str]:
    """WeChat's API; prints the service messages that it is given. Its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a call."""
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.startswith("/cgi-bin/message/custom/send"):
                print(f"\n［稍后送到 sent later］\n{content['text']['content']}\n")
            answer = {"errcode": 0, "access_token": "simulator", "expires_in": 7200}
            body = json.dumps(answer).encode()
            self.send_response(http.HTTPStatus.OK)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing of each call."""

    with ThreadingHTTPServer((settings.LOOPBACK, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{settings.LOOPBACK}:{server.server_port}"
        server.shutdown()


@contextmanager
def bot(account: Mapping[str, str], api_url: str) -> Iterator[str]:
    """The bot with this account, on a free port; its address."""
    port = settings.free_port()
    state = settings.state_folder() / "wechat-sim"
    environment = {
        **os.environ,
        **account,
        "WENZHU_WECHAT_API": api_url,
        "HOST": settings.LOOPBACK,
        "PORT": str(port),
        "WENZHU_STATE_DIR": str(state),
        "DATABASE_URL": f"sqlite:///{state / 'bot.db'}",
    }
    command = [sys.executable, "-m", "launcher", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port, process)
        yield f"http://{settings.LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the webhook answers.

    Raises:
        SystemExit: the bot ended, or does not answer.
    """
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(settings.LOOPBACK, port, timeout=2)
        try:
            connection.request("GET", PATH)
            # without a signature it is refused, which is an answer
            if connection.getresponse().status == http.HTTPStatus.FORBIDDEN:
                time.sleep(1.0)  # until the launcher has said that it is ready
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.5)
    raise SystemExit("服务没有起来 the bot does not answer")


def talk(wechat: WeChat) -> None:
    """Read lines until there are none, or ``:退出``."""
    print(f"\n{HELP}\n")
    while True:
        try:
            line = input("你　　").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line == ":退出":
            return
        if line:
            print(f"\n{said(wechat, line)}\n")


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="play WeChat's side")
    parser.add_argument("--url", help="a bot that runs, set up by .env")
    parser.add_argument("--plain", action="store_true", help="without encryption")
    parser.add_argument("--no-service", action="store_true", help="no late messages")
    arguments = parser.parse_args()
    account = dict(MADE_UP)
    if arguments.url:
        settings.read_dotenv()
        account = {name: os.environ.get(name, "") for name in MADE_UP}
        if not account[TOKEN]:
            raise SystemExit(f"先在 .env 里设好 {TOKEN} 等，或去掉 --url")
        talk(WeChat(arguments.url, account))
        return
    if arguments.plain:
        account[AES_KEY] = ""
    if arguments.no_service:
        account[SERVICE] = ""
    with api() as api_url, bot(account, api_url) as url:
        talk(WeChat(url, account))


if __name__ == "__main__":
    main()
