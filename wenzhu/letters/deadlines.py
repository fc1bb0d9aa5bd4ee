"""What to say to a date: counted from a paper in hand, kept, shown on a next visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from wenzhu.case import Case, Say
from wenzhu.knowledge import load
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.letters.dates import Reminder, deadline, procedures
from wenzhu.letters.days import read_day
from wenzhu.letters.library import FOLDER
from wenzhu.text.folding import fold

LONGEST = 80
"""Characters up to which a sentence may be about a date; a story is not."""
VERIFIED = "court_has_case"
"""The fact of a case that a court confirmed it."""

Whence = Literal["paper", "message", "unsaid"]


@dataclass(frozen=True)
class Told:
    """A date that a person told.

    Attributes:
        name: what is due, as in ``words.yml``.
        day: the last day, or the day of the hearing; None where none was told.
        counted: whether it was counted from the day a paper was received.
        whence: whether it stands on a paper, or only in a message.
    """

    name: str
    day: date | None
    counted: bool = False
    whence: Whence = "unsaid"

    @property
    def reminder(self) -> Reminder | None:
        """What can be written down; None without a day."""
        return Reminder(self.name, self.day) if self.day else None

    def to_slot(self) -> dict[str, Any]:
        """Plain values, to be kept between two turns."""
        day = self.day.isoformat() if self.day else None
        return {"name": self.name, "day": day, "counted": self.counted}


def told_from_slot(value: object, whence: Whence) -> Told | None:
    """What a slot says was told; None if it says nothing."""
    if not isinstance(value, Mapping) or value.get("name") not in _rows():
        return None
    day = value.get("day")
    return Told(
        str(value["name"]),
        date.fromisoformat(day) if day else None,
        bool(value.get("counted")),
        whence,
    )


def read_deadline(text: str, today: date, case: Case | None = None) -> Told | None:
    """The date that a sentence tells, or None where it is about none.

    Args:
        text: what the person wrote.
        today: the present day.
        case: with it, a case that a court confirmed counts as a paper in hand.
    """
    folded = re.sub(r"\s+", "", fold(text))
    if len(folded) > LONGEST:
        return None
    row = next((r for r in _rows().values() if re.search(r["words"], folded)), None)
    wants = re.search(_words()["wants"], folded)
    if row is None:
        return None
    named = re.search(_words()["on_paper"], folded) is not None
    receives = re.search(_words()["receiving"], folded) is not None and not named
    if receives and not row.get("received"):  # the day it came is not the day it names
        return None
    counts = receives
    day = read_day(text, today, past=counts)
    if day is None and not wants:
        return None
    if row["name"] == "other" and not (wants or named):
        return None
    if counts and day is not None:
        day = deadline(row["name"], day, in_hand=True).day
    return Told(row["name"], day, counts and day is not None, _whence(folded, case))


def says(told: Told, today: date) -> tuple[Say, ...]:
    """What is said to a date that was told; the last bubble asks on."""
    row = _rows()[told.name]
    values: dict[str, Any] = {"title": row["title"]}
    lead = (Say(row["lead"]),) if "lead" in row else ()
    if told.day is None:
        return (Say("utter_deadline_when", values),)
    values["day"] = said_day(told.day)
    values["left"] = left(told.day, today)
    if told.whence == "message":
        return (Say("utter_letters_calendar_check_first"),)
    if told.whence == "unsaid":
        return (*lead, Say("utter_deadline_whence", values))
    if told.day < today:
        return (Say("utter_letters_calendar_past"),)
    if told.counted:
        fact = procedures()[told.name]["fact"]
        values["law"] = load().render(fact, today)
        return (*lead, Say("utter_deadline_counted", values))
    return (*lead, Say("utter_deadline_day", values))


def kept(reminder: Reminder, link: str, today: date) -> Say:
    """What is said when a day was written down."""
    return Say("utter_deadline_kept", {**_values(reminder, today), "link": link})


def reminded(reminder: Reminder, today: date) -> Say:
    """The bubble that shows a day on the next visit."""
    over = reminder.day < today
    response = "utter_deadline_over" if over else "utter_deadline_soon"
    return Say(response, _values(reminder, today))


def left(day: date, today: date) -> str:
    """How far a day is away, in words."""
    words: Mapping[str, str] = _words()["days"]
    count = (day - today).days
    if count in (0, 1):
        return words["tomorrow" if count else "today"]
    return words["future" if count > 0 else "past"].format(count=abs(count))


def said_day(day: date) -> str:
    """A day as it is said."""
    form: str = _words()["day"]
    return form.format(year=day.year, month=day.month, day=day.day)


def _values(reminder: Reminder, today: date) -> dict[str, str | int | float]:
    return {
        "title": _rows()[reminder.name]["title"],
        "day": said_day(reminder.day),
        "left": left(reminder.day, today),
    }


def _whence(folded: str, case: Case | None) -> Whence:
    if re.search(_words()["hearsay"], folded):
        return "message"
    verified = case is not None and VERIFIED in case.facts_found
    if verified or re.search(_words()["in_hand"], folded):
        return "paper"
    return "unsaid"


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(FOLDER / "words.yml")
    return found


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return {row["name"]: row for row in _words()["deadlines"]}
