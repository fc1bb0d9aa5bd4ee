"""Dates are counted from a paper in hand, and the calendar tells nobody."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from wenzhu.knowledge import load
from wenzhu.letters.dates import (
    AlreadyPast,
    NotInHand,
    calendar_file,
    deadline,
    procedures,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("procedure", "received", "day"),
    [
        ("answer", date(2026, 11, 20), date(2026, 12, 5)),
        ("appeal_ruling", date(2026, 11, 20), date(2026, 11, 30)),
        ("payment_order", date(2026, 2, 20), date(2026, 3, 7)),
        ("arbitration_set_aside", date(2026, 11, 30), date(2027, 2, 28)),
        ("credit_dispute", date(2026, 12, 20), date(2027, 1, 9)),
    ],
)
def test_the_day_of_receipt_is_not_counted(
    procedure: str, received: date, day: date
) -> None:
    found = deadline(procedure, received, in_hand=True)
    assert found.day == day
    assert found.fact in load().facts


@pytest.mark.parametrize("procedure", sorted(procedures()))
def test_every_procedure_has_its_figure(procedure: str) -> None:
    assert deadline(procedure, date(2026, 1, 1), in_hand=True).day > date(2026, 1, 1)


def test_a_date_from_an_unchecked_message_is_refused() -> None:
    with pytest.raises(NotInHand):
        deadline("answer", date(2026, 11, 20), in_hand=False)
    with pytest.raises(NotInHand):
        calendar_file(date(2026, 12, 5), in_hand=False, now=NOW)


def test_a_day_that_is_over_is_refused() -> None:
    with pytest.raises(AlreadyPast):
        calendar_file(date(2026, 11, 22), in_hand=True, now=NOW)
    assert calendar_file(date(2026, 11, 23), in_hand=True, now=NOW)


def test_the_calendar_says_only_that_there_is_something() -> None:
    lines = (
        calendar_file(date(2026, 12, 31), in_hand=True, now=NOW).decode().split("\r\n")
    )
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261123T010000Z" in lines
    told = {
        line.partition(":")[2]
        for line in lines
        if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION"))
    }
    assert told == {"稳住：待办"}
    assert all(len(line.encode()) <= 75 for line in lines)
