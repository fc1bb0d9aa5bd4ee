"""Dates that matter: counted from a paper in hand, and offered as a calendar file."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from wenzhu.knowledge import load
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.letters.library import FOLDER

DAYS = {"日": 1, "天": 1}
MONTHS = {"个月": 1, "月": 1, "年": 12}
MONTHS_OF_YEAR = 12


class NotInHand(ValueError):
    """The date stands in an unchecked message, not on a paper the person holds."""


class AlreadyPast(ValueError):
    """The day is over; what to do now is a question for the court's own number."""


@dataclass(frozen=True)
class Reminder:
    """A day to be reminded of: the name of what is due, and the day."""

    name: str
    day: date


@dataclass(frozen=True)
class Deadline:
    """A last day, and the fact that it follows from."""

    procedure: str
    day: date
    fact: str


def deadline(procedure: str, received: date, in_hand: bool) -> Deadline:
    """The last day of a period that begins when a paper was received.

    The day of receipt is not counted. What the paper itself says comes first; a
    last day on a public holiday moves on, which is not counted here.

    Args:
        procedure: one of ``procedures``.
        received: the day on which the paper was received.
        in_hand: whether the person holds it, or checked it with the court.

    Raises:
        NotInHand: it was not checked.
        KeyError: there is no such procedure.
    """
    if not in_hand:
        raise NotInHand(procedure)
    rule = procedures()[procedure]
    value = load().facts[rule["fact"]].values[rule["value"]]
    number, unit = int(value.number or 0), value.unit or ""
    if unit in DAYS:
        day = received + timedelta(days=number * DAYS[unit])
    else:
        day = _months_on(received, number * MONTHS[unit])
    return Deadline(procedure, day, rule["fact"])


@cache
def procedures() -> Mapping[str, Mapping[str, str]]:
    """The procedures with a period, by name: which fact holds it."""
    found: Mapping[str, Mapping[str, str]] = _words()["procedures"]
    return found


def calendar_file(day: date, in_hand: bool, now: datetime) -> bytes:
    """An .ics file for a day, that tells nobody what it is about.

    Args:
        day: the day that is written on the paper, or was counted from it.
        in_hand: whether the person holds the paper, or checked it.
        now: the present moment, with its time zone.

    Raises:
        NotInHand: the date comes from an unchecked message.
        AlreadyPast: the day is over.
    """
    if not in_hand:
        raise NotInHand(day.isoformat())
    if day < now.date():
        raise AlreadyPast(day.isoformat())
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    number = hashlib.sha256(f"{day}{stamp}".encode()).hexdigest()[:16]
    title = _words()["calendar_title"]
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//wenzhu//todo//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{number}@wenzhu",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        *_alarm(title, "-P3D"),
        *_alarm(title, "-P1D"),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(lines).encode("utf-8")


def _alarm(title: str, before: str) -> tuple[str, ...]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{title}",
        f"TRIGGER:{before}",
        "END:VALARM",
    )


def _months_on(day: date, months: int) -> date:
    whole = day.month - 1 + months
    year, month = day.year + whole // MONTHS_OF_YEAR, whole % MONTHS_OF_YEAR + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(FOLDER / "words.yml")
    return found
