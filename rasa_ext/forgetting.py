"""“删除我的数据” and the time that is over: whatever is kept about a person goes.

The database is emptied by the evidence store, which knows every table
(``wenzhu.adapters.people``). Parts that keep something elsewhere register a function.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from wenzhu.adapters.clock import now
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.evidence.errors import StoreFailed

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 3600

Forgetter = Callable[[str], None]
"""Takes the sender id and deletes what is kept about it."""

_forgetters: list[Forgetter] = []
_sweeping = threading.Lock()
_swept = 0.0


def register(forgetter: Forgetter) -> None:
    """Have a function called whenever a person is forgotten."""
    _forgetters.append(forgetter)


def unregister(forgetter: Forgetter) -> None:
    """Take a function out again."""
    _forgetters.remove(forgetter)


def forget(sender_id: str, ended: bool = False) -> None:
    """Delete what the database and every part keep.

    A part that fails does not stop the others; it is logged without the person.

    Args:
        sender_id: the conversation key.
        ended: it goes because its time is over.

    Raises:
        StoreFailed: the database did not delete it.
    """
    for forgetter in tuple(_forgetters):
        try:
            forgetter(sender_id)
        except Exception:
            logger.exception("a part could not delete what it keeps")
    evidence_store().forget(sender_id, ended)


def sweep_when_due() -> None:
    """Once an hour, forget the people whose time is over."""
    global _swept
    with _sweeping:
        present = now().timestamp()
        if present - _swept < SWEEP_SECONDS:
            return
        _swept = present
    try:
        swept = evidence_store().sweep(forget=forget)
    except StoreFailed as error:
        logger.error("nothing could be swept: %s", error)
        return
    if swept.people or swept.cases or swept.orphans:
        logger.info(
            "swept %d conversations, %d cases, %d files without a row",
            swept.people,
            swept.cases,
            swept.orphans,
        )
