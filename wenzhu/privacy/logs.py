"""Log records without identifiers, at every level and in every process."""

from __future__ import annotations

import logging
from typing import Any

from wenzhu.privacy.masking import mask

LONGEST = 2_000
"""Longer lines are cut: nobody needs a whole conversation in a log."""

_formatter = logging.Formatter()


def install() -> None:
    """Mask every record of this process from here on; a second call does nothing.

    Records are masked where they are made, so that no handler, present or later,
    ever holds an identifier.
    """
    make = logging.getLogRecordFactory()
    if isinstance(make, _Masked):
        return
    logging.setLogRecordFactory(_Masked(make))


class _Masked:
    """Makes records whose message and traceback are masked."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """A record like that of the factory before it, masked."""
        record: logging.LogRecord = self._make(*args, **kwargs)
        record.msg = masked_line(_message(record))
        record.args = ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = mask(_formatter.formatException(record.exc_info))
        return record


def masked_line(text: str) -> str:
    """A line of a log, masked and not too long."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text)} characters)"
    return mask(text)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit: logging would print
        return str(record.msg)
