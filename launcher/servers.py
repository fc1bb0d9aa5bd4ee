"""Children of the launcher: started, watched, restarted, stopped."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from launcher.environment import ROOT
from launcher.settings import LOOPBACK, log_file
from launcher.terminal import say, step, stop

START_SECONDS = 120.0
REFUSING_SECONDS = 5.0
STOP_SECONDS = 8.0
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, never bound
BEAT_SECONDS = 0.05
HEALTHY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0


@dataclass
class Child:
    """One server in a process group of its own.

    Attributes:
        name: what people call it.
        log: where its output goes.
        command: how to start it.
        environment: what it is told.
        port: where it answers.
        host: the address it listens on.
        path: what it answers when it is ready.
        folder: where it is started.
    """

    name: str
    log: Path
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int
    host: str = LOOPBACK
    path: str = "/"
    folder: Path = ROOT
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it; its output goes to the log.

        Raises:
            RuntimeError: it runs already; a second one would find the port taken and
                nobody would know the first one any more.
        """
        if self.is_running:
            raise RuntimeError(f"{self.name} runs already")
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether it answers requests, and is ready for more."""
        return self.status() == http.HTTPStatus.OK

    def status(self) -> int | None:
        """What it answers; None while nobody listens."""
        address = LOOPBACK if self.host == EVERYWHERE else self.host
        connection = http.client.HTTPConnection(address, self.port, timeout=2)
        try:
            connection.request("GET", self.path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def signal(self, number: int) -> None:
        """Send a signal to the whole group, which may be gone already."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def end(self, deadline: float) -> None:
        """Wait for the end until a deadline, then make it."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self.signal(signal.SIGKILL)
        self.process.wait()

    def tail(self, lines: int = 15) -> str:
        """Return the end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


class Supervisor:
    """Keeps children running until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        """Take over the children."""
        self.children = list(children)
        self.stopping = False

    def __enter__(self) -> Supervisor:
        """Listen to the signals that end a program."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all children, whatever happened."""
        self.stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stopped

    def start(self) -> None:
        """Start all and wait until each one answers."""
        for child in self.children:
            child.start()
        for child in self.children:
            with step(f"启动 starting {child.name}"):
                self._wait_for(child)

    def _wait_for(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        while (status := child.status()) != http.HTTPStatus.OK:
            if status is not None:  # it is up, and without a model or a database
                deadline = min(deadline, time.monotonic() + REFUSING_SECONDS)
            if not child.is_running or time.monotonic() > deadline:
                raise stop(
                    f"{child.name} 没有启动成功 did not start; "
                    f"the whole log is in {child.log}\n\n{child.tail()}"
                )
            time.sleep(BEAT_SECONDS)

    def watch(self, on_beat: Callable[[], bool] | None = None) -> None:
        """Restart what crashes, until told to stop.

        Args:
            on_beat: asked regularly; ends the watch when it returns true.
        """
        while not (on_beat and on_beat()):
            for child in self.children:
                self._look_after(child)
            time.sleep(0.2)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.is_running:
            if now - child.started > HEALTHY_SECONDS:
                child.failures = 0
            return
        if not child.again_at:
            pause = min(2.0**child.failures, LONGEST_PAUSE_SECONDS)
            child.failures += 1
            child.again_at = now + pause
            code = child.process.returncode if child.process else "?"
            say(
                f"! {child.name} 意外退出 exited ({code})，{pause:.0f}s 后重启"
                f" restarting in {pause:.0f}s: {child.log}"
            )
            child.signal(signal.SIGKILL)  # what it may have left in its group
        elif now >= child.again_at:
            child.again_at = 0.0
            child.start()

    def stop(self) -> None:
        """Ask all to stop, then make sure."""
        self.stopping = True
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.signal(signal.SIGTERM)
        for child in self.children:
            child.end(deadline)


def child_log(mode: str, name: str) -> Path:
    """Return the log of one server of one mode."""
    return log_file(f"{mode}-{name}")
