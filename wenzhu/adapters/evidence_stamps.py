"""Has the chains of cases stamped, and checks the stamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from wenzhu.adapters.evidence_cases import Cases, Held
from wenzhu.adapters.evidence_tables import cases, items, stamps
from wenzhu.evidence.chain import Failure
from wenzhu.evidence.errors import StampRefused
from wenzhu.evidence.records import Item, Stamp

if TYPE_CHECKING:
    from wenzhu.adapters.time_stamps import Authority


class Stamps(Cases):
    """Stamps the last link of a chain, which stands for all items before it."""

    def stamp(self, authority: Authority) -> int:
        """Have every chain stamped that has grown; returns how many were.

        Raises:
            StampRefused: the authority does not answer as it should.
        """
        last = (
            sa.select(items.c.case_id, sa.func.max(items.c.number).label("number"))
            .group_by(items.c.case_id)
            .subquery()
        )
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(items.c.case_id, items.c.number, items.c.link)
                .join(
                    last,
                    (items.c.case_id == last.c.case_id)
                    & (items.c.number == last.c.number),
                )
                .outerjoin(
                    stamps,
                    (stamps.c.case_id == items.c.case_id)
                    & (stamps.c.number == items.c.number),
                )
                .where(stamps.c.id.is_(None))
            ).all()
        for row in rows:
            token, stated = authority.stamp(row.link.encode())
            with self._writing() as connection:
                is_there = sa.select(cases.c.id).where(cases.c.id == row.case_id)
                if connection.scalar(is_there.with_for_update()) is None:
                    continue  # it was forgotten meanwhile
                connection.execute(
                    stamps.insert().values(
                        case_id=row.case_id,
                        number=row.number,
                        link=row.link,
                        token=token,
                        stated_at=stated.timestamp(),
                    )
                )
        return len(rows)

    def stamps_of(self, held: Held) -> list[Stamp]:
        """The stamps of a case, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(stamps)
                .where(stamps.c.case_id == held.id)
                .order_by(stamps.c.number, stamps.c.id)
            ).all()
        return [
            Stamp(row.number, row.link, row.token, self._moment(row.stated_at))
            for row in rows
        ]


def check_stamps(
    found: Sequence[Stamp], chain: Sequence[Item], authority: Authority | None
) -> Failure | None:
    """The first item whose stamp does not fit, and why.

    Args:
        found: the stamps of a case.
        chain: its items.
        authority: checks the signatures; without one only the links are compared.
    """
    links = {item.number: item.link for item in chain}
    for stamp in found:
        if links.get(stamp.number) != stamp.link:
            return Failure(stamp.number, "its time stamp is of another chain")
        if authority is None:
            continue
        try:
            authority.check(stamp.token, stamp.link.encode())
        except StampRefused as error:
            return Failure(stamp.number, f"its time stamp does not hold: {error}")
    return None
