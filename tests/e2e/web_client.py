"""The public server as ``make run`` starts it, and people in a browser's place."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import socketio

from launcher.settings import LOOPBACK
from tests.e2e.bot import TURN_SECONDS, Bot, end, wait_for

PATH = "/app/socket.io"


@dataclass
class WebBot(Bot):
    """Both servers with the public credentials and without Rasa's HTTP API."""

    def __post_init__(self) -> None:
        super().__post_init__()
        command = [each for each in self.rasa.command if each != "--enable-api"]
        at = command.index("credentials.dev.yml")
        self.rasa.command = [*command[:at], "credentials.yml", *command[at + 1 :]]
        self.rasa.path = "/app/api/health"

    def kill(self) -> None:
        """End Rasa as a power cut would."""
        assert self.rasa.process is not None
        self.rasa.process.kill()
        self.rasa.process.wait()

    def start(self) -> None:
        """Start Rasa again, and wait until it answers."""
        self.rasa.start()
        wait_for(self.rasa)

    def stop_rasa(self) -> None:
        """End Rasa as a supervisor would."""
        end(self.rasa)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | dict[str, Any] | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        """One request; status, headers in small letters, content."""
        connection = http.client.HTTPConnection(
            LOOPBACK, self.port, timeout=TURN_SECONDS
        )
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, data, named)
            answer = connection.getresponse()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, given, answer.read()
        finally:
            connection.close()

    def session(self, token: str | None = None) -> dict[str, Any]:
        """The answer to ``POST /app/api/session``."""
        status, _, content = self.call(
            "POST", "/app/api/session", {"token": token} if token else {}
        )
        assert status == 200, content
        return dict(json.loads(content))

    def upload(self, token: str, content: bytes) -> tuple[int, dict[str, Any]]:
        """Send a picture; status and answer."""
        boundary = secrets.token_hex(8)
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; name=picture; "
            'filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        status, _, answer = self.call(
            "POST",
            "/app/api/upload",
            body,
            Authorization=f"Bearer {token}",
            Content_Type=f"multipart/form-data; boundary={boundary}",
        )
        return status, dict(json.loads(answer))


class Tab:
    """One tab of one person: a real socket.io client that keeps what it hears."""

    def __init__(self, bot: WebBot, token: str, after: int = 0) -> None:
        self.bot, self.token = bot, token
        self.events: dict[int, dict[str, Any]] = {}
        self.typing: list[bool] = []
        self.gone = False
        self.doubled: list[int] = []
        self._news = threading.Condition()
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("events", self._take)
        self._socket.on("typing", self._type)
        self._socket.on("gone", self._end)
        self._socket.connect(
            f"http://{LOOPBACK}:{bot.port}",
            auth={"token": token, "after": after},
            socketio_path=PATH,
            transports=["websocket"],
            wait_timeout=20,
        )

    def _take(self, events: list[dict[str, Any]]) -> None:
        with self._news:
            self.doubled += [each["n"] for each in events if each["n"] in self.events]
            self.events |= {each["n"]: each for each in events}
            self._news.notify_all()

    def _type(self, on: bool) -> None:
        with self._news:
            self.typing.append(on)
            self._news.notify_all()

    def _end(self) -> None:
        with self._news:
            self.gone = True
            self._news.notify_all()

    def say(self, text: str, id: str | None = None, **more: str) -> dict[str, Any]:
        """Say something; the acknowledgement."""
        message = {"id": id or secrets.token_hex(16), "text": text, **more}
        return dict(self._socket.call("say", message, timeout=20))

    def hear(self, text: str, **more: str) -> str:
        """Say something, wait for the answer, and return its words."""
        n = self.say(text, **more)["n"]
        self.wait(lambda: self.answered(n))
        return "\n".join(each["text"] for each in self.after(n))

    def answered(self, n: int) -> bool:
        """Whether the bot said something after a number."""
        return any(each["from"] == "bot" for each in self.after(n))

    def after(self, n: int) -> list[dict[str, Any]]:
        """What came after a number, in order."""
        return [self.events[each] for each in sorted(self.events) if each > n]

    def wait(self, until: Callable[[], bool], seconds: float = TURN_SECONDS) -> None:
        """Wait for something to be true, looked at whenever something arrives."""
        with self._news:
            assert self._news.wait_for(until, seconds), self.after(0)[-3:]

    def close(self) -> None:
        """Close the tab."""
        self._socket.disconnect()
