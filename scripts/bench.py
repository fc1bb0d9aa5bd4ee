"""Measure the running bot: ready time, memory, turns (``make bench``).

Starts ``launcher api`` on a free port with a state folder of its own, talks to it over
REST, and prints a table. Figures of one run compare with each other; across machines
only the ratios do.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests

from launcher.settings import LOOPBACK, free_port
from wenzhu.app import latest_reader
from wenzhu.evaluate import DEV
from wenzhu.understanding.reader import Conversation
from wenzhu.understanding.sentences import sentences_in

READY_SECONDS = 600
CHATS = 25
LONG_CHAT = 120
PLAIN = ("谢谢", "你好笨", "拜拜")
"""Answered by a response alone."""

ACTION = ("你好", "有", "凭什么这么催", "去哪投诉", "好")
"""Answered through the action server."""


class Bench:
    """A bot that is being measured."""

    def __init__(self, state: Path) -> None:
        """Start it and wait until it answers; ``ready`` is how long that took, s."""
        port = free_port()
        self.url = f"http://{LOOPBACK}:{port}"
        self.http = requests.Session()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "launcher", "api"],
            env={**os.environ, "PORT": str(port), "WENZHU_STATE_DIR": str(state)},
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

    def say(self, sender: str, text: str) -> float:
        """Say something; milliseconds until the whole answer is there."""
        started = time.perf_counter()
        answer = self.http.post(
            f"{self.url}/webhooks/rest/webhook",
            json={"sender": sender, "message": text},
            timeout=60,
        )
        answer.raise_for_status()
        return (time.perf_counter() - started) * 1000

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each server (Linux; empty elsewhere)."""
        found: dict[str, float] = {}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if not children.exists():
            return found
        for child in children.read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            name = "actions" if "rasa_sdk" in command else "rasa"
            status = Path(f"/proc/{child}/status").read_text()
            kilobytes = status.split("VmRSS:")[1].split()[0]
            found[name] = found.get(name, 0) + int(kilobytes) / 1024
        return found

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


def quantiles(times: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    ordered = sorted(times)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)]


def parse_times() -> list[float]:
    """Milliseconds to understand each held-out sentence, one thread."""
    reader = latest_reader()
    reader.read("热身", Conversation())
    times = []
    for example in sentences_in(DEV):
        started = time.perf_counter()
        reader.read(example.text, Conversation(example.context))
        times.append((time.perf_counter() - started) * 1000)
    return times


def measure_turns(say: Callable[[str, str], float]) -> dict[str, list[float]]:
    """Milliseconds of every turn, by kind; the very first one stands alone.

    Args:
        say: says something as somebody, and tells how long the answer took.
    """
    turns = {"first turn": [say("first", "你好")], "plain turn": [], "action turn": []}
    for chat in range(CHATS):
        for name, texts in (("plain turn", PLAIN), ("action turn", ACTION)):
            turns[name] += [say(f"chat-{chat}", text) for text in texts]
    late = [say("long", PLAIN[n % len(PLAIN)]) for n in range(LONG_CHAT)]
    turns[f"turn {LONG_CHAT} of one chat"] = late[-10:]
    return turns


def measure() -> dict[str, Any]:
    """All figures; times in milliseconds, memory in megabytes."""
    with tempfile.TemporaryDirectory() as state:
        bench = Bench(Path(state))
        try:
            start = bench.memory()
            turns = measure_turns(bench.say)
            end = bench.memory()
        finally:
            bench.stop()
    turns["understanding alone"] = parse_times()
    return {
        "ready s": round(bench.ready, 2),
        "memory at start MB": {k: round(v) for k, v in start.items()},
        "memory at end MB": {k: round(v) for k, v in end.items()},
        "turns ms": {
            name: {"p50": round(p50, 1), "p95": round(p95, 1)}
            for name, (p50, p95) in ((n, quantiles(t)) for n, t in turns.items())
        },
    }


def main() -> None:
    """Print the table, with each turn as a ratio to the plain one."""
    found = measure()
    for name in ("ready s", "memory at start MB", "memory at end MB"):
        print(f"{name:24} {json.dumps(found[name])}")
    base = found["turns ms"]["plain turn"]["p50"]
    print(f"\n{'':24} {'p50 ms':>8} {'p95 ms':>8} {'ratio':>6}")
    for name, row in found["turns ms"].items():
        ratio = row["p50"] / base
        print(f"{name:24} {row['p50']:8.1f} {row['p95']:8.1f} {ratio:6.2f}")


if __name__ == "__main__":
    main()
