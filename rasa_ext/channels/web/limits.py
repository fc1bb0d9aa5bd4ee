"""How often somebody may do something: buckets that fill again with time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

MOST_KEPT = 20_000


class Limit:
    """A bucket for each key, in memory; a full one need not be kept."""

    def __init__(
        self,
        most: int,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take how many at once, and how many more each second."""
        self._most = most
        self._rate = per_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> int:
        """Take one; 0, or after how many whole seconds there is one again."""
        present = self._clock()
        left, at = self._left.get(key, (float(self._most), present))
        left = min(self._most, left + (present - at) * self._rate)
        wait = 0
        if left >= 1:
            left -= 1
        else:
            wait = max(1, math.ceil((1 - left) / self._rate))
        if len(self._left) >= MOST_KEPT:
            self._drop_full(present)
        self._left[key] = (left, present)
        return wait

    def _drop_full(self, present: float) -> None:
        full = self._most / self._rate
        self._left = {
            key: (left, at)
            for key, (left, at) in self._left.items()
            if present - at < full
        }


# Whole towns share an address behind a carrier, so addresses get much more than people.
MESSAGES_OF_A_SESSION = (20, 0.5)
MESSAGES_OF_AN_ADDRESS = (600, 30.0)
CALLS_OF_AN_ADDRESS = (400, 5.0)
PICTURES_OF_A_SESSION = (10, 1 / 60)
PICTURES_OF_AN_ADDRESS = (60, 0.2)
"""Each: how many at once, and how many more each second."""
