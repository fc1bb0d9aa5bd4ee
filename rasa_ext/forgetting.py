"""“删除我的数据”, beyond the tracker: who else keeps something about a person.

Each part that keeps rows or files about a conversation registers a function here; the
tracker store calls them all when a person has everything deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

Forgetter = Callable[[str], None]
"""Takes the sender id and deletes what is kept about it."""

_forgetters: list[Forgetter] = []


def register(forgetter: Forgetter) -> None:
    """Have a function called whenever a person is forgotten."""
    _forgetters.append(forgetter)


def unregister(forgetter: Forgetter) -> None:
    """Take a function out again."""
    _forgetters.remove(forgetter)


def forget(sender_id: str) -> None:
    """Delete what every part keeps; one that fails does not stop the others."""
    for forgetter in tuple(_forgetters):
        try:
            forgetter(sender_id)
        except Exception:
            logger.exception("something of %s could not be deleted", sender_id)
