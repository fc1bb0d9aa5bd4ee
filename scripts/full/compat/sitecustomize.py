"""Lets our code, written for Python 3.11 and today's libraries, run on 3.10 and theirs.

Python imports it at start when its folder is on the path. It adds names that came later
and changes nothing that is there; no file of the project is edited.
"""

from __future__ import annotations

import datetime
import enum
import hashlib
import inspect
import types
from typing import Any

import confection
import sqlalchemy
from sqlalchemy.engine.url import make_url

if not hasattr(datetime, "UTC"):
    datetime.UTC = datetime.timezone.utc  # noqa: UP017

if not hasattr(enum, "StrEnum"):

    class StrEnum(str, enum.Enum):  # noqa: UP042
        """Members that print as their value."""

        __str__ = str.__str__

    enum.StrEnum = StrEnum

if not hasattr(hashlib, "file_digest"):

    def file_digest(stream: Any, name: str) -> Any:
        """The digest of what is left in a stream."""
        total = hashlib.new(name)
        while block := stream.read(1 << 20):
            total.update(block)
        return total

    hashlib.file_digest = file_digest

if not hasattr(sqlalchemy, "make_url"):
    sqlalchemy.make_url = make_url


def _signature(called: Any) -> inspect.Signature:
    """A signature with its types, where they are written as text."""
    try:
        return inspect.signature(called, eval_str=True)
    except NameError:  # a type that is imported for checking only
        return inspect.signature(called)


# pydantic 1, behind spaCy 3.4, does not read types that are written as text
confection.inspect = types.SimpleNamespace(**{**vars(inspect), "signature": _signature})
