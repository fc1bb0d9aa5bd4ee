"""Which limit a loan is measured against, by kind of lender and date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from wenzhu.knowledge import load
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml


@dataclass(frozen=True)
class Comparison:
    """A limit that stands in knowledge, and how a rate lies to it.

    Attributes:
        fact: the id of the fact.
        limit: percent per year, or None where no figure can be named.
        above: whether the rate is over it; None where there is no figure.
        response: the response of the copy deck that says so.
    """

    fact: str
    limit: Decimal | None
    above: bool | None
    response: str


def compare(
    lender: str | None, annual: Decimal, signed: date | None = None
) -> tuple[Comparison, ...]:
    """The limits for a kind of lender, as they stood when the loan was made.

    Args:
        lender: one of ``LENDERS``; None counts as unknown.
        annual: percent per year.
        signed: when the loan was made; None is taken as recently.
    """
    found = []
    for row in _rows():
        if (lender or "unknown") not in row["lenders"]:
            continue
        if not _in_time(row, signed):
            continue
        limit = _limit(row)
        above = None if limit is None else annual > limit
        if row.get("only_above") and not above:
            continue
        say = row["above"] if above else row["within"]
        found.append(Comparison(row["fact"], limit, above, say))
    return tuple(found)


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    return tuple(read_yaml(KNOWLEDGE / "interest" / "limits.yml")["limits"])


def _in_time(row: Mapping[str, Any], signed: date | None) -> bool:
    """Whether a row holds for a loan of that day; bounds come from facts."""
    if signed is None:
        return not row.get("only_dated", False)
    said = signed.isoformat()
    since, until = _date_of(row.get("since")), _date_of(row.get("before"))
    return (since is None or said >= since) and (until is None or said < until)


def _date_of(name: str | None) -> str | None:
    """The date since which a fact applies, as ISO text; or a plain date."""
    if name is None:
        return None
    fact = load().facts.get(name)
    return fact.citations[0].since if fact else name


def _limit(row: Mapping[str, Any]) -> Decimal | None:
    if "value" not in row:
        return None
    number = load().facts[row.get("figure", row["fact"])].values[row["value"]].number
    return None if number is None else Decimal(number)
