"""The two real servers on free ports, a client, and action servers that misbehave."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from launcher.servers import Child
from launcher.settings import LOOPBACK, free_port

SECRET = "between-the-two-servers-of-the-tests"
READY_SECONDS = 120.0
STOP_SECONDS = 10.0
TURN_SECONDS = 60.0
NOT_INHERITED = ("DATABASE_URL", "RASA_MODEL_SERVER", "LOG_LEVEL", "PORT", "HOST")

Bubble = dict[str, Any]
Fault = Literal["hung", "slow", "500", "garbage"]


class NotStarted(RuntimeError):
    """A server ended, or never answered; holds the end of its log."""


@dataclass
class Bot:
    """A Rasa server and an action server with a state folder of their own.

    Attributes:
        model: the trained model.
        state: folder for the database and the logs.
        debug: whether both servers log at debug level.
        settings: further environment variables.
    """

    model: Path
    state: Path
    debug: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long the last turn took."""

    def __post_init__(self) -> None:
        """Choose the ports; nothing is started yet."""
        self.port, self.action_port = free_port(), free_port()
        while self.action_port == self.port:
            self.action_port = free_port()
        self.state.mkdir(parents=True, exist_ok=True)
        level = ["--debug"] if self.debug else []
        self.rasa = self._child(
            "rasa",
            self.port,
            "/status",
            ["-m", "rasa", "run", "--model", str(self.model), "--enable-api"]
            + ["--endpoints", "endpoints.yml", "--credentials", "credentials.dev.yml"]
            + ["-i", LOOPBACK, "-p", str(self.port), *level],
        )
        self.actions = self._child(
            "actions",
            self.action_port,
            "/health",
            ["-m", "rasa_sdk", "--actions", "actions", "-p", str(self.action_port)]
            + level,
        )

    def _child(self, name: str, port: int, path: str, arguments: list[str]) -> Child:
        inherited = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
        environment = {
            **inherited,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "ACTION_ENDPOINT_URL": f"http://{LOOPBACK}:{self.action_port}/webhook",
            "PYTHONUNBUFFERED": "1",
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": LOOPBACK,
            "WENZHU_ACTION_SECRET": inherited.get("WENZHU_ACTION_SECRET", SECRET),
            "WENZHU_STATE_DIR": str(self.state),
            "WENZHU_SUPERVISOR": str(os.getpid()),
            **self.settings,
        }
        log = self.state / f"{name}.log"
        command = [sys.executable, *arguments]
        return Child(name, log, command, environment, port, LOOPBACK, path)

    def __enter__(self) -> Bot:
        """Start both servers and wait until both answer."""
        try:
            self.actions.start()
            self.rasa.start()
            wait_for(self.actions)
            wait_for(self.rasa)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End both servers."""
        self.stop()

    def stop(self) -> None:
        """End what is still running, by process id."""
        for child in (self.rasa, self.actions):
            end(child)

    def start_actions(self) -> None:
        """See to it that the action server runs and answers."""
        if not self.actions.is_running:
            self.actions.start()
        wait_for(self.actions)

    def stop_actions(self) -> None:
        """See to it that the action server does not run."""
        end(self.actions)

    @contextmanager
    def without_actions(self) -> Iterator[None]:
        """Run a block with the action server stopped."""
        self.stop_actions()
        try:
            yield
        finally:
            self.start_actions()

    @contextmanager
    def faulty_actions(self, fault: Fault, seconds: float = 20.0) -> Iterator[None]:
        """Run a block with something broken on the action server's port."""
        self.stop_actions()
        try:
            with FaultyServer(self.action_port, fault, seconds):
                yield
        finally:
            self.start_actions()

    def say(self, sender: str, text: str, **more: Any) -> list[Bubble]:
        """Say something and return the bubbles of the answer.

        Raises:
            AssertionError: the answer is not HTTP 200.
        """
        begin = time.perf_counter()
        body = {"sender": sender, "message": text, **more}
        status, answer = self.request("POST", "/webhooks/rest/webhook", body)
        self.seconds = time.perf_counter() - begin
        assert status == 200, f"HTTP {status}: {answer!r}"
        return list(answer)

    def hear(self, sender: str, text: str) -> str:
        """Say something and return the words of the answer, bubble by line."""
        return "\n".join(bubble.get("text", "") for bubble in self.say(sender, text))

    def tracker(self, sender: str) -> dict[str, Any]:
        """The stored conversation."""
        path = f"/conversations/{sender}/tracker?include_events=ALL"
        status, answer = self.request("GET", path)
        assert status == 200, f"HTTP {status}: {answer!r}"
        return dict(answer)

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of the stored conversation."""
        return dict(self.tracker(sender)["slots"])

    def last_turn(self, sender: str) -> list[dict[str, Any]]:
        """The events since the person last spoke, the sentence first."""
        events = self.tracker(sender)["events"]
        spoken = [at for at, event in enumerate(events) if event["event"] == "user"]
        return list(events[spoken[-1] :])

    def responses(self, sender: str) -> list[str]:
        """Names of the responses that the last turn said."""
        return [
            str(event["metadata"].get("utter_action"))
            for event in self.last_turn(sender)
            if event["event"] == "bot"
        ]

    def put(self, sender: str, *events: Mapping[str, Any]) -> None:
        """Append events to a conversation, as if they had happened."""
        path = f"/conversations/{sender}/tracker/events"
        status, answer = self.request("POST", path, list(events))
        assert status == 200, f"HTTP {status}: {answer!r}"

    def ask(
        self,
        sender: str,
        question: str | None,
        seconds_ago: float = 0.0,
        **slots: Any,
    ) -> None:
        """Bring a fresh conversation to where a question is open, or none is."""
        events: list[dict[str, Any]] = [
            {"event": "action", "name": "action_session_start"},
            {"event": "session_started"},
            {"event": "action", "name": "action_listen"},
        ]
        events += [
            {"event": "slot", "name": name, "value": value}
            for name, value in slots.items()
        ]
        if question is not None:
            name = f"utter_ask_triage_form_{question}"
            events += [
                {"event": "user", "text": "你好", "parse_data": _greeting()},
                {"event": "action", "name": "triage_form"},
                {"event": "active_loop", "name": "triage_form"},
                {"event": "slot", "name": "requested_slot", "value": question},
                {"event": "bot", "text": "？", "metadata": {"utter_action": name}},
                {"event": "action", "name": "action_listen"},
            ]
        if seconds_ago:
            then = time.time() - seconds_ago
            events = [
                {**event, "timestamp": then + place / 1000}
                for place, event in enumerate(events)
            ]
        self.put(sender, *events)

    def offer(self, sender: str, payload: str) -> None:
        """Put a button into the last bot turn, so that its payload counts."""
        buttons = [{"title": "按钮", "payload": payload}]
        self.put(sender, {"event": "bot", "text": "…", "data": {"buttons": buttons}})

    def fetch(self, path: str) -> tuple[int, bytes]:
        """What a link answers: its status and the bytes."""
        connection = http.client.HTTPConnection(
            LOOPBACK, self.port, timeout=TURN_SECONDS
        )
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One HTTP request to Rasa; the answer's status and content."""
        connection = http.client.HTTPConnection(
            LOOPBACK, self.port, timeout=TURN_SECONDS
        )
        try:
            data = None if body is None else json.dumps(body).encode("ascii")
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content.decode("utf-8", "replace")


def _greeting() -> dict[str, Any]:
    return {"intent": {"name": "greet", "confidence": 1.0}, "entities": []}


def wait_for(child: Child) -> None:
    """Wait until a server answers.

    Raises:
        NotStarted: it ended, could not load the model, or took too long.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not child.answers():
        log = child.log.read_text(encoding="utf-8", errors="replace")
        if not child.is_running:
            raise NotStarted(f"{child.name} ended at once:\n{log[-4000:]}")
        if "Could not load model" in log:
            found = log.index("Could not load model")
            raise NotStarted(f"{child.name}: {log[found:][:2500]}")
        if time.monotonic() > deadline:
            raise NotStarted(f"{child.name} never answered:\n{log[-4000:]}")
        time.sleep(0.1)


def end(child: Child) -> None:
    """See to it that a server is gone, and whatever it started with it."""
    if child.is_running:
        child.signal(signal.SIGTERM)
        child.end(time.monotonic() + STOP_SECONDS)


class FaultyServer:
    """Listens on a port and treats every caller badly.

    ``hung`` accepts and never answers; ``slow`` answers with an empty result after
    a while; ``500`` fails at once; ``garbage`` answers with something else than JSON.
    """

    def __init__(self, port: int, fault: Fault, seconds: float) -> None:
        """Bind at once, so that the port is ours before anyone calls."""
        self.fault, self.seconds = fault, seconds
        self.calls = 0
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((LOOPBACK, port))
        self._listener.listen(64)
        self._listener.settimeout(0.1)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> FaultyServer:
        """Start to accept."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self._over.set()
        self._thread.join()
        self._listener.close()
        for caller in self._open:
            with suppress(OSError):
                caller.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                caller, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.calls += 1
            self._open.append(caller)
            threading.Thread(target=self._treat, args=(caller,), daemon=True).start()

    def _treat(self, caller: socket.socket) -> None:
        if self.fault == "hung":
            return
        with suppress(OSError):
            caller.settimeout(2)
            _read_request(caller)
            if self.fault == "slow":
                self._over.wait(self.seconds)
            caller.sendall(_ANSWERS[self.fault])
            caller.shutdown(socket.SHUT_RDWR)


def _read_request(caller: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += caller.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += caller.recv(65536)


def _answer(status: str, kind: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


_ANSWERS = {
    "slow": _answer("200 OK", "application/json", b'{"events": [], "responses": []}'),
    "500": _answer("500 Internal Server Error", "text/plain", b"Traceback: broken"),
    "garbage": _answer("200 OK", "text/html", b"<html><b>not json</b></html>"),
}
