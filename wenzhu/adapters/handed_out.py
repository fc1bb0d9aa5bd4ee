"""The file that a link to a document stands for, made when it is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wenzhu.adapters.documents import File, as_docx, as_pdf
from wenzhu.case import Case
from wenzhu.letters.dates import calendar_file
from wenzhu.letters.text import write

MAKERS = {"docx": as_docx, "pdf": as_pdf}
CALENDAR = "text/calendar; charset=utf-8"


def file_of(document: Mapping[str, Any], now: datetime) -> File:
    """Make the file; nothing of it is kept.

    Args:
        document: ``{"letter", "form", "case"}`` or ``{"calendar": day}``, as
            ``Links.link`` sealed it.
        now: the present moment.

    Raises:
        NotSayable: a fact that a letter rests on cannot be said any more.
        AlreadyPast: the day is over.
    """
    if "calendar" in document:
        day = date.fromisoformat(document["calendar"])
        return File("todo.ics", CALENDAR, calendar_file(day, in_hand=True, now=now))
    case = Case.from_slots(document["case"].get)
    written = write(document["letter"], case, now.date())
    return MAKERS[document["form"]](written)
