"""Rasa's structured log events without a person's words: ids and lengths only."""

from __future__ import annotations

import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from wenzhu.privacy import logs

SAFE_KEYS = frozenset(
    {"event", "level", "event_info", "action_name", "sender_id", "timestamp"}
)


def install() -> None:
    """Keep a person's words out of this process's logs.

    Rasa freezes the list of processors into each logger on first use. So the list
    itself is changed, which reaches the loggers that exist; and whoever configures
    structlog later gets our processor put first again.
    """
    logs.install()
    configure = structlog.configure
    if getattr(configure, "guards", False):
        return

    def guarded(*args: Any, **kwargs: Any) -> None:
        configure(*args, **kwargs)
        _put_first()

    guarded.guards = True  # type: ignore[attr-defined]
    structlog.configure = guarded
    _put_first()


def _put_first() -> None:
    processors = structlog.get_config()["processors"]
    if without_texts in processors:
        return
    if isinstance(processors, list):
        processors.insert(0, without_texts)
    else:
        structlog.configure(processors=[without_texts, *processors])


def without_texts(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace every value that may hold a person's words by its length."""
    raised = event.get("exc_info") or method == "exception"
    for key, value in event.items():
        if key not in SAFE_KEYS:
            event[key] = f"<{len(str(value))} characters>"
    if raised:
        # Rasa's own rendering would write the local variables of every frame; a
        # value that is there and empty keeps it from looking for itself.
        event["exc_info"] = None
        event["exception"] = _traceback(raised)
    return event


def _traceback(raised: Any) -> str:
    if isinstance(raised, tuple):
        return "".join(traceback.format_exception(*raised))
    if isinstance(raised, BaseException):
        return "".join(traceback.format_exception(raised))
    return traceback.format_exc()
