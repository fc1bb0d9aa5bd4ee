"""Measure the running bot: ready time, memory, turns (``make bench``).

Starts ``launcher api`` on a free port with a state folder of its own, talks to it over
REST, and prints a table. Figures of one run compare with each other; across machines
only the ratios do.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scripts.talking import Api
from wenzhu.app import latest_reader
from wenzhu.evaluate import DEV
from wenzhu.understanding.reader import Conversation
from wenzhu.understanding.sentences import sentences_in

CHATS = 25
LONG_CHAT = 120
PLAIN = ("谢谢", "你好笨", "拜拜")
"""Answered by a response alone."""

ACTION = ("你好", "有", "凭什么这么催", "去哪投诉", "好")
"""Answered through the action server."""


def memory(bot: Api) -> dict[str, float]:
    """Resident megabytes of each server (Linux; empty elsewhere)."""
    found: dict[str, float] = {}
    children = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children")
    if not children.exists():
        return found
    for child in children.read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        name = "actions" if "rasa_sdk" in command else "rasa"
        status = Path(f"/proc/{child}/status").read_text()
        kilobytes = status.split("VmRSS:")[1].split()[0]
        found[name] = found.get(name, 0) + int(kilobytes) / 1024
    return found


def timed(bot: Api, sender: str, text: str) -> float:
    """Say something; milliseconds until the whole answer is there."""
    started = time.perf_counter()
    bot.say(sender, text)
    return (time.perf_counter() - started) * 1000


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
    with tempfile.TemporaryDirectory() as state, Api(Path(state)) as bot:
        ready, start = bot.ready, memory(bot)
        turns = measure_turns(partial(timed, bot))
        end = memory(bot)
    turns["understanding alone"] = parse_times()
    return {
        "ready s": round(ready, 2),
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
