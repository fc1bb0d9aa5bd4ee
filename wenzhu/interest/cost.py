"""The true yearly rate of a loan, step by step."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from wenzhu.interest.limits import Comparison, compare
from wenzhu.interest.loan import Loan
from wenzhu.interest.rate import DAYS_OF_YEAR, NoRate, dated_rate, internal_rate

CENT = Decimal("0.01")
MONTHS = 12
ENORMOUS = Decimal(10_000)
"""A compounded yearly rate above this many percent says nothing to anybody."""


class Incomplete(ValueError):
    """A number is still missing; ``asks`` names it."""


class Implausible(ValueError):
    """The numbers cannot be those of a loan, for example more came than was paid."""


@dataclass(frozen=True)
class Step:
    """One step of the computation, as values."""

    name: str
    values: dict[str, Decimal | int | str]


@dataclass(frozen=True)
class Flow:
    """What came in (positive) or was paid (negative), and when."""

    period: int
    amount: Decimal
    on: date | None = None


@dataclass(frozen=True)
class Cost:
    """What a loan really costs; an estimate from what the person told.

    Attributes:
        flows: the money, in order.
        steps: how the rate comes about.
        paid_out: what the person really had.
        paid_back: everything that was or will be paid.
        period_rate: percent per period, or None with irregular days.
        annual_rate: percent per year: the period's rate times the periods of a
            year; with irregular days the compounded one.
        effective_rate: percent per year, compounded.
        dated_rate: percent per year from the real days, or None without days.
        flat_rate: percent per year as if the principal had never shrunk.
        comparisons: the limits that this kind of lender is measured against.
        estimate: always True: fees that were not told are not in it.
    """

    flows: tuple[Flow, ...]
    steps: tuple[Step, ...]
    paid_out: Decimal
    paid_back: Decimal
    period_rate: Decimal | None
    annual_rate: Decimal
    effective_rate: Decimal
    dated_rate: Decimal | None
    flat_rate: Decimal | None
    comparisons: tuple[Comparison, ...]
    estimate: bool = True

    @property
    def extra(self) -> Decimal:
        """What the loan costs in yuan."""
        return self.paid_back - self.paid_out


def asks(loan: Loan) -> str | None:
    """The one number to ask for next, or None when there are enough.

    Returns:
        ``principal``, ``received``, ``fee``, ``periods``, ``instalment``,
        ``settlement``, ``lender`` or None.
    """
    if loan.principal is None and loan.received is None:
        return "principal"
    if loan.paid_out is None:
        return "received"
    if loan.fee_unclear is not None:
        return "fee"
    if not (loan.payments and loan.start):
        if loan.periods is None:
            return "periods"
        if loan.each is None:
            return "instalment"
    if loan.settled_after is not None and loan.settlement is None:
        return "settlement"
    return "lender" if loan.lender is None else None


def true_cost(loan: Loan) -> Cost:
    """The rate of a loan by what came and went, with every step.

    Raises:
        Incomplete: a number is missing; the lender may be.
        Implausible: the numbers do not fit together.
    """
    if asks(loan) not in (None, "lender"):
        raise Incomplete(str(asks(loan)))
    flows = _flows(loan)
    paid_out = flows[0].amount
    paid_back = -sum((flow.amount for flow in flows[1:]), Decimal(0))
    if paid_out <= 0 or paid_back < paid_out:
        raise Implausible("less was paid back than was received")
    try:
        dated = _dated(flows)
        period = (
            None if loan.payments and loan.start else internal_rate(_by_period(flows))
        )
    except (NoRate, OverflowError) as error:
        raise Implausible(str(error)) from error
    if period is None:
        assert dated is not None
        annual = effective = dated
    else:
        per_year = _per_year(loan)
        annual = period * per_year
        effective = _compounded(period, per_year)
    flat = _flat(loan, paid_back)
    return Cost(
        flows=flows,
        steps=_steps(loan, flows, paid_back, period, annual, effective),
        paid_out=paid_out,
        paid_back=paid_back,
        period_rate=None if period is None else _percent(period, "0.0001"),
        annual_rate=_percent(annual),
        effective_rate=_percent(effective),
        dated_rate=None if dated is None else _percent(dated),
        flat_rate=flat,
        comparisons=compare(loan.lender, _percent(annual), loan.start),
    )


def due_date(start: date, number: int, unit: str, every: int) -> date:
    """The day of an instalment: the same day of a later month, or days on."""
    if unit == "day":
        return start + timedelta(days=number * every)
    month = start.month - 1 + number * every
    year, month = start.year + month // MONTHS, month % MONTHS + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(start.day, last))


def _flows(loan: Loan) -> tuple[Flow, ...]:
    paid_out = loan.paid_out
    assert paid_out is not None
    if loan.payments and loan.start:
        if min(each.on for each in loan.payments) < loan.start:
            raise Implausible("a payment before the money came")
        paid = [
            Flow(number, -each.amount, each.on)
            for number, each in enumerate(sorted(loan.payments), 1)
        ]
        return (Flow(0, paid_out, loan.start), *paid)
    assert loan.periods is not None
    unit, every = loan.unit or "month", loan.every or 1
    flows = [Flow(0, paid_out, loan.start)]
    for number, amount in _schedule(loan):
        day = loan.start and due_date(loan.start, number, unit, every)
        flows.append(Flow(number, -amount, day))
    return tuple(flows)


def _schedule(loan: Loan) -> list[tuple[int, Decimal]]:
    """What is paid in which period; a missed one is caught up with the next."""
    each, periods = loan.each, loan.periods
    assert each is not None and periods is not None
    end = periods if loan.settled_after is None else loan.settled_after
    if not 0 < end <= periods:
        raise Implausible("it was paid off outside its term")
    owed, rows = Decimal(0), []
    for number in range(1, end + 1):
        amount = each
        if number == end:
            amount += (
                loan.balloon or 0
                if loan.settled_after is None
                else loan.settlement or 0
            )
        if number in loan.missed:
            owed += amount + (loan.late_fee or 0)
            continue
        rows.append((number, amount + owed))
        owed = Decimal(0)
    if owed:
        rows.append((end + 1, owed))
    return rows


def _by_period(flows: Sequence[Flow]) -> list[float]:
    values = [0.0] * (flows[-1].period + 1)
    for flow in flows:
        values[flow.period] += float(flow.amount)
    return values


def _dated(flows: Sequence[Flow]) -> float | None:
    days = [(flow.on, float(flow.amount)) for flow in flows if flow.on is not None]
    return dated_rate(days) if len(days) == len(flows) else None


def _per_year(loan: Loan) -> float:
    whole = MONTHS if (loan.unit or "month") == "month" else DAYS_OF_YEAR
    return whole / (loan.every or 1)


def _compounded(period: float, per_year: float) -> float:
    try:
        return float((1 + period) ** per_year - 1)
    except OverflowError:
        return float("inf")


def _flat(loan: Loan, paid_back: Decimal) -> Decimal | None:
    if loan.principal is None or loan.periods is None or loan.settled_after is not None:
        return None
    years = Decimal(loan.periods) / Decimal(_per_year(loan))
    return _percent(float((paid_back - loan.principal) / loan.principal / years))


def _percent(rate: float, exact: str = "0.01") -> Decimal:
    """A rate as percent; what is beyond saying stays infinite."""
    if rate == float("inf") or rate * 100 > 1e20:
        return Decimal("Infinity")
    return Decimal(repr(rate * 100)).quantize(Decimal(exact), ROUND_HALF_UP)


def _steps(
    loan: Loan,
    flows: Sequence[Flow],
    paid_back: Decimal,
    period: float | None,
    annual: float,
    effective: float,
) -> tuple[Step, ...]:
    paid_out = flows[0].amount
    deducted = (loan.principal or paid_out) - paid_out
    steps = [
        Step(
            "received",
            {
                "principal": loan.principal or paid_out,
                "deducted": max(deducted, Decimal(0)),
                "received": paid_out,
            },
        )
    ]
    if period is None:
        steps.append(Step("paid_dated", {"count": len(flows) - 1, "total": paid_back}))
    else:
        each = loan.each
        assert each is not None
        steps.append(
            Step(
                "paid",
                {
                    "count": len(flows) - 1,
                    "each": each.quantize(CENT),
                    "fee": loan.period_fee or Decimal(0),
                    "total": paid_back.quantize(CENT),
                },
            )
        )
    steps.append(Step("extra", {"extra": (paid_back - paid_out).quantize(CENT)}))
    if period is not None:
        per_year = _per_year(loan)
        steps.append(
            Step(
                "period_rate",
                {
                    "rate": _percent(period),
                    "per_year": Decimal(str(per_year)).quantize(CENT).normalize(),
                    "annual": _percent(annual),
                },
            )
        )
    if _percent(effective) <= ENORMOUS:
        steps.append(Step("effective", {"rate": _percent(effective)}))
    return tuple(steps)
