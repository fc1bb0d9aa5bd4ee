"""Many people at once on one server: ``python -m tests.e2e.web_load PORT``.

Prints how many messages were answered and how long it took; ends with 1 if one was
lost or doubled. Time is reported and not judged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import sys
import time
from typing import Any

import aiohttp
import socketio

from launcher.settings import LOOPBACK
from tests.e2e.web_client import PATH

TEXTS = ("你好", "没借过", "他说要告诉我单位", "这是真的吗", "我该怎么办", "谢谢")


class Person:
    """One connected person, who says something now and then."""

    def __init__(self, base: str, every: float) -> None:
        self.base, self.every = base, every
        self.said: dict[int, float] = {}
        self.took: list[float] = []
        self.doubled = 0
        self.seen: set[int] = set()
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("events", self._take)

    async def live(self, number: int, until: float) -> None:
        """Connect, talk until a time, and wait for the last answers."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.base}/app/api/session", json={}) as answer,
        ):
            token = (await answer.json())["token"]
        await self._socket.connect(
            self.base,
            auth={"token": token},
            socketio_path=PATH,
            transports=["websocket"],
        )
        await asyncio.sleep(self.every * (number % 50) / 50)
        while time.monotonic() < until:
            begin = time.monotonic()
            text = TEXTS[len(self.said) % len(TEXTS)]
            message = {"id": secrets.token_hex(16), "text": text}
            taken = await self._socket.call("say", message, timeout=60)
            self.said[taken["n"]] = begin
            await asyncio.sleep(max(0.0, begin + self.every - time.monotonic()))
        for _ in range(300):
            if len(self.took) == len(self.said):
                break
            await asyncio.sleep(0.1)
        await self._socket.disconnect()

    async def _take(self, events: list[dict[str, Any]]) -> None:
        present = time.monotonic()
        for event in events:
            self.doubled += event["n"] in self.seen
            self.seen.add(event["n"])
        if events[0]["from"] == "bot":
            waiting = sorted(self.said)
            self.took.append(present - self.said[waiting[len(self.took)]])


async def main() -> int:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--every", type=float, default=20.0, help="seconds")
    parser.add_argument("--seconds", type=float, default=300.0)
    given = parser.parse_args()
    base = f"http://{LOOPBACK}:{given.port}"
    people = [Person(base, given.every) for _ in range(given.people)]
    until = time.monotonic() + given.seconds
    await asyncio.gather(*(each.live(n, until) for n, each in enumerate(people)))
    took = sorted(second for each in people for second in each.took)
    said = sum(len(each.said) for each in people)
    doubled = sum(each.doubled for each in people)
    report = {
        "people": given.people,
        "said": said,
        "answered": len(took),
        "doubled": doubled,
        "p50": round(statistics.median(took), 3),
        "p95": round(took[int(len(took) * 0.95)], 3),
        "longest": round(took[-1], 3),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if said == len(took) and not doubled else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
