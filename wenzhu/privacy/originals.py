"""Originals between the turn and the consent: in memory, for a while, bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from time import monotonic

from wenzhu.settings import ORIGINALS_MINUTES

MOST = 2_000
"""People whose text is held at once; of more the oldest goes first. With texts of at
most 10,000 characters this stays under 100 MB."""


@dataclass(frozen=True)
class Original:
    """A text as it was received.

    Attributes:
        text: unmasked.
        since: when it was received, in seconds of a clock that only goes forward.
    """

    text: str
    since: float


class Originals:
    """What people wrote, unmasked, by conversation and purpose; never on disk."""

    def __init__(
        self,
        minutes: float = ORIGINALS_MINUTES,
        most: int = MOST,
        now: Callable[[], float] = monotonic,
    ) -> None:
        """Hold at most so many, for so long."""
        self._seconds, self._most, self._now = minutes * 60, most, now
        self._held: OrderedDict[tuple[str, str], Original] = OrderedDict()
        self._lock = Lock()

    def hold(self, sender: str, purpose: str, text: str) -> None:
        """Hold a text in place of an earlier one for the same purpose."""
        with self._lock:
            self._drop_old()
            self._held.pop((sender, purpose), None)
            self._held[sender, purpose] = Original(text, self._now())
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def get(self, sender: str, purpose: str) -> str | None:
        """The text, or None once its time is over."""
        with self._lock:
            self._drop_old()
            found = self._held.get((sender, purpose))
            return found.text if found else None

    def drop(self, sender: str, purpose: str | None = None) -> None:
        """Let go of a text, or of all texts of a person."""
        with self._lock:
            for place in [p for p in self._held if p[0] == sender]:
                if purpose in (None, place[1]):
                    del self._held[place]

    def __len__(self) -> int:
        """How many texts are held."""
        with self._lock:
            self._drop_old()
            return len(self._held)

    def _drop_old(self) -> None:
        oldest = self._now() - self._seconds
        while self._held and next(iter(self._held.values())).since < oldest:
            self._held.popitem(last=False)


@lru_cache(maxsize=1)
def originals() -> Originals:
    """The originals that this process holds."""
    return Originals()
