"""The rate at which what was paid back is worth what was received."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from scipy.optimize import brentq  # type: ignore[import-untyped]

DAYS_OF_YEAR = 365
HIGHEST = 1e12
TOLERANCE = 1e-14


class NoRate(ValueError):
    """No rate fits: there is no money in, or no money out."""


def internal_rate(flows: Sequence[float]) -> float:
    """The rate per period of flows at equal distances (IRR).

    Args:
        flows: what came in is positive, what was paid is negative.

    Raises:
        NoRate: there is none from nothing up to a million million.
    """

    def worth(rate: float) -> float:
        value = 0.0
        for flow in reversed(flows):
            value = value / (1 + rate) + flow
        return value

    return _root(worth, flows)


def dated_rate(flows: Sequence[tuple[date, float]]) -> float:
    """The yearly rate of flows on real days, compounded, over 365 days (XIRR).

    Raises:
        NoRate: as for ``internal_rate``.
    """
    first = min(day for day, _ in flows)
    years = [((day - first).days / DAYS_OF_YEAR, flow) for day, flow in flows]

    def worth(rate: float) -> float:
        return sum(flow * (1 + rate) ** -distance for distance, flow in years)

    return _root(worth, [flow for _, flow in flows])


def _root(worth: Callable[[float], float], flows: Sequence[float]) -> float:
    if not any(flow > 0 for flow in flows):
        raise NoRate("no money came in")
    if sum(flows) > 0:
        raise NoRate("less was paid than came in: no rate from nothing up fits")
    high = 1.0
    # The value of what is left rises with the rate: paying later weighs less.
    while worth(high) < 0 and high < HIGHEST:
        high *= 10
    if worth(high) < 0:
        raise NoRate("no rate fits these numbers")
    root: float = brentq(worth, 0.0, high, xtol=TOLERANCE, maxiter=500)
    return root
