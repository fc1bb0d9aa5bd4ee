"""Which limit a loan is measured against, and from when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from wenzhu.interest.limits import compare
from wenzhu.knowledge import load


@pytest.mark.parametrize(
    ("lender", "rate", "signed", "expected"),
    [
        ("licensed", "30", None, [("LAW-RATE-24", True)]),
        ("licensed", "23.99", None, [("LAW-RATE-24", False)]),
        ("licensed", "24", None, [("LAW-RATE-24", False)]),
        ("small_loan", "30", None, [("LAW-RATE-XD", True)]),
        ("small_loan", "30", date(2026, 2, 1), [("LAW-RATE-XD", True)]),
        ("small_loan", "30", date(2024, 2, 1), [("LAW-RATE-SCOPE", None)]),
        ("private", "11", None, [("LAW-RATE-MJJD25", False)]),
        ("private", "20", None, [("LAW-RATE-MJJD25", True)]),
        ("private", "40", None, [("LAW-RATE-MJJD25", True), ("ADD-11", True)]),
        ("private", "20", date(2019, 5, 1), [("LAW-RATE-CONFUSE", None)]),
        ("private", "20", date(2020, 8, 20), [("LAW-RATE-MJJD25", True)]),
        ("unknown", "20", None, [("LAW-RATE-SCOPE", None)]),
        (None, "40", None, [("ADD-11", True), ("LAW-RATE-SCOPE", None)]),
    ],
)
def test_the_limit_of_a_lender(
    lender: str | None,
    rate: str,
    signed: date | None,
    expected: list[tuple[str, bool | None]],
) -> None:
    found = compare(lender, Decimal(rate), signed)
    assert [(each.fact, each.above) for each in found] == expected


def test_figures_come_from_knowledge() -> None:
    figure = load().facts["LAW-RATE-24"].values["rate"].number
    assert figure is not None
    assert compare("licensed", Decimal(1))[0].limit == Decimal(figure)
