"""Log records without a person's words: ids and lengths only, at every level."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from wenzhu.privacy import mask

SAFE_KEYS = frozenset(
    {"event", "level", "event_info", "action_name", "sender_id", "exc_info", "timestamp"}
)


def install() -> None:
    """Mask every log record and drop the texts of Rasa's structured events."""
    if getattr(install, "done", False):
        return
    make = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg = mask(str(record.getMessage()))
        record.args = ()
        return record

    logging.setLogRecordFactory(factory)
    configure = structlog.configure

    def guarded(*args: Any, **kwargs: Any) -> None:
        processors = list(kwargs.get("processors") or ())
        if without_texts not in processors:
            kwargs["processors"] = [without_texts, *processors]
        configure(*args, **kwargs)

    structlog.configure = guarded
    guarded(processors=structlog.get_config()["processors"])
    install.done = True  # type: ignore[attr-defined]


def without_texts(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace every value that may hold a person's words by its length."""
    for key, value in event.items():
        if key not in SAFE_KEYS:
            event[key] = f"<{len(str(value))} characters>"
    return event
