"""Days that a person asked to be reminded of: sealed, shown on the next visit."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from wenzhu.adapters import clock
from wenzhu.adapters.evidence_database import EvidenceDatabase
from wenzhu.adapters.evidence_tables import reminders
from wenzhu.evidence import sealing
from wenzhu.letters.dates import Reminder

KEPT_AFTER = timedelta(days=3)
"""How long a day that is over is still shown, so that nobody takes it for done."""
PLACE = "reminder"


class Reminders(EvidenceDatabase):
    """Writes days down for people, under an HMAC; what they are for is sealed."""

    def remember(self, sender: str, reminder: Reminder) -> None:
        """Write a day down; the same one again changes nothing."""
        if reminder in self.reminders(sender):
            return
        content = json.dumps([reminder.name, reminder.day.isoformat()]).encode()
        with self._writing() as connection:
            connection.execute(
                reminders.insert().values(
                    person=self._person(sender),
                    sealed=sealing.seal(self._index, content, PLACE),
                    ends_at=_end_of(reminder.day + KEPT_AFTER),
                )
            )

    def reminders(self, sender: str) -> list[Reminder]:
        """The days of a person that are not long over, the nearest first."""
        with self._reading() as connection:
            rows = connection.scalars(
                sa.select(reminders.c.sealed).where(
                    reminders.c.person == self._person(sender),
                    reminders.c.ends_at >= self._now().timestamp(),
                )
            ).all()
        found = []
        for sealed in rows:
            name, day = json.loads(sealing.unseal(self._index, sealed, PLACE))
            found.append(Reminder(name, date.fromisoformat(day)))
        return sorted(found, key=lambda each: each.day)


def _end_of(day: date) -> float:
    return datetime.combine(day, time.max, clock.CHINA).timestamp()
