"""Both servers of a bot in one environment or the other, for as long as a block."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from launcher.environment import ROOT
from launcher.servers import Child, Supervisor
from launcher.settings import LOOPBACK, free_port
from scripts.full import environment

SECRET = "between-the-two-servers"  # noqa: S105 - both answer on loopback for a while


@dataclass
class Served:
    """A Rasa server and its action server, with a state folder of their own.

    Attributes:
        state: where database and logs go.
        model: what Rasa loads.
        endpoints: Rasa's endpoints file.
        credentials: Rasa's credentials file.
        is_full: whether Rasa runs on its own full set.
        actions_full: whether the action server does.
        folder: where both are started.
        settings: further environment variables.
    """

    state: Path
    model: Path
    endpoints: Path
    credentials: Path
    is_full: bool = False
    actions_full: bool = False
    folder: Path = ROOT
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Describe both; nothing is started yet."""
        self.state.mkdir(parents=True, exist_ok=True)
        port, action_port = free_port(), free_port()
        self.url = f"http://{LOOPBACK}:{port}"
        self.http = requests.Session()
        action_url = f"http://{LOOPBACK}:{action_port}/webhook"
        rasa = ["-m", "rasa", "run", "--model", str(self.model), "--enable-api"]
        rasa += ["--endpoints", str(self.endpoints)]
        rasa += ["--credentials", str(self.credentials)]
        rasa += ["-i", LOOPBACK, "-p", str(port)]
        actions = ["-m", "rasa_sdk", "--actions", "actions", "-p", str(action_port)]
        self.rasa = self._child("rasa", self.is_full, rasa, port, "/status", action_url)
        self.actions = self._child(
            "actions", self.actions_full, actions, action_port, "/health", action_url
        )

    def _child(
        self, name: str, full: bool, command: list[str], port: int, path: str, url: str
    ) -> Child:
        python = str(environment.PYTHON) if full else sys.executable
        own = {
            "ACTION_ENDPOINT_URL": url,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": LOOPBACK,
            "WENZHU_ACTION_SECRET": SECRET,
            "WENZHU_ACTION_TIMEOUT": "60",
            "WENZHU_STATE_DIR": str(self.state),
            **self.settings,
        }
        told = environment.environment() if full else dict(os.environ)
        return Child(
            name=name,
            log=self.state / f"{name}.log",
            command=[python, *command],
            environment={**told, **own},
            port=port,
            path=path,
            folder=self.folder,
        )

    def __enter__(self) -> Served:
        """Start both and wait; ``ready`` is how long that took, in seconds."""
        self._supervisor = Supervisor([self.actions, self.rasa])
        started = time.perf_counter()
        try:
            self._supervisor.start()
        except BaseException:
            self._supervisor.stop()
            raise
        self.ready = time.perf_counter() - started
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both."""
        self._supervisor.stop()

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Say something; the bubbles of the answer."""
        body = {"sender": sender, "message": text}
        return list(self._asked("POST", "/webhooks/rest/webhook", body))

    def parse(self, text: str) -> dict[str, Any]:
        """What is understood of a sentence that stands alone."""
        return dict(self._asked("POST", "/model/parse", {"text": text}))

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of a conversation."""
        return dict(self._asked("GET", f"/conversations/{sender}/tracker")["slots"])

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each server."""
        found = {}
        for child in (self.rasa, self.actions):
            if child.process is not None:
                process = psutil.Process(child.process.pid)
                found[child.name] = process.memory_info().rss / 2**20
        return found

    def _asked(self, method: str, path: str, body: object = None) -> Any:
        answer = self.http.request(method, self.url + path, json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()
