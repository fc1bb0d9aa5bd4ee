"""The time, asked for in one place so that tests can move it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in China."""
    return datetime.now(CHINA)


def today() -> date:
    """The present date in China."""
    return now().date()
