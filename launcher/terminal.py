"""What the launcher prints: one line per step, and a clock on long ones."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEAT_SECONDS = 0.5
QUIET_BEAT_SECONDS = 10.0  # where lines cannot be rewritten, say so less often


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def stop(text: str) -> SystemExit:
    """Return the exit for a failure that a person can act on."""
    return SystemExit(f"\n{text}")


@contextmanager
def step(title: str, progress: Callable[[], str] | None = None) -> Iterator[None]:
    """Show that something long goes on, and for how long it has.

    Args:
        title: what is being done.
        progress: asked again and again for how far it is.
    """
    ended = threading.Event()
    start = time.monotonic()
    rewrite = sys.stdout.isatty()

    def line() -> str:
        detail = f" {progress()}" if progress else ""
        return f"· {title}{detail} {time.monotonic() - start:.0f}s"

    def show() -> None:
        while not ended.wait(BEAT_SECONDS if rewrite else QUIET_BEAT_SECONDS):
            text = f"\r\033[K{line()}" if rewrite else f"{line()}\n"
            print(text, end="", flush=True)

    say(f"· {title} …")
    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        ended.set()
        thread.join()
        start_of_line = "\r\033[K" if rewrite else ""
        say(f"{start_of_line}{mark} {title} ({time.monotonic() - start:.1f}s)")
