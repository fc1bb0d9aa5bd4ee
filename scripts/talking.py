"""Starts the bot as ``launcher api`` does and talks to it over REST."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from launcher.settings import LOOPBACK, free_port

READY_SECONDS = 600
TURN_SECONDS = 60


class Api:
    """A bot on a free port with a state folder of its own.

    Attributes:
        url: where it answers.
        ready: how long it took until it answered, in seconds.
        process: the launcher.
    """

    def __init__(self, state: Path, settings: Mapping[str, str] | None = None) -> None:
        """Start it and wait until it answers."""
        port = free_port()
        self.url = f"http://{LOOPBACK}:{port}"
        self.http = requests.Session()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "launcher", "api"],
            env={
                **os.environ,
                "PORT": str(port),
                "WENZHU_STATE_DIR": str(state),
                **(settings or {}),
            },
            stdout=subprocess.DEVNULL,
        )
        self._wait(started)
        self.ready = time.perf_counter() - started

    def _wait(self, started: float) -> None:
        while time.perf_counter() - started < READY_SECONDS:
            if self.process.poll() is not None:
                raise SystemExit("the bot ended before it answered; try `make api`")
            try:
                self.http.get(f"{self.url}/version", timeout=2).raise_for_status()
                return
            except requests.RequestException:
                time.sleep(0.05)
        raise SystemExit("the bot did not answer in time")

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Say something; the bubbles of the answer."""
        answer = self.http.post(
            f"{self.url}/webhooks/rest/webhook",
            json={"sender": sender, "message": text},
            timeout=TURN_SECONDS,
        )
        answer.raise_for_status()
        bubbles: list[dict[str, Any]] = answer.json()
        return bubbles

    def __enter__(self) -> Api:
        """Itself; it runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it as Ctrl-C would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
