"""A loan as its person tells it: every number may still be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

UNITS = ("month", "day")
LENDERS = ("licensed", "small_loan", "private", "unknown")


@dataclass(frozen=True, order=True)
class Payment:
    """Money that was paid back on a day."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Loan:
    """What is known of one loan; money in yuan.

    Attributes:
        principal: what the contract says was lent.
        received: what arrived, after anything kept back.
        upfront: fees kept back from the principal.
        paid_apart: fees paid separately on the first day.
        periods: how many instalments.
        unit: ``month`` or ``day``, the unit of ``every``.
        every: how many units lie between two instalments.
        instalment: what is due each period.
        period_fee: fees due each period on top of the instalment.
        fee_unclear: a fee of which nobody said yet whether it is due once or each
            period.
        total: everything that is paid back, if only that is known.
        balloon: paid on top of the last instalment; 0 if none.
        settled_after: the period after which the loan was paid off early.
        settlement: what was paid at that moment, beside that period's instalment.
        missed: periods in which nothing was paid; caught up with the next one.
        late_fee: charged for each missed period.
        start: the day the money arrived.
        payments: real payments with their days; they replace the schedule.
        lender: one of ``LENDERS``.
    """

    principal: Decimal | None = None
    received: Decimal | None = None
    upfront: Decimal | None = None
    paid_apart: Decimal | None = None
    periods: int | None = None
    unit: str | None = None
    every: int | None = None
    instalment: Decimal | None = None
    period_fee: Decimal | None = None
    fee_unclear: Decimal | None = None
    total: Decimal | None = None
    balloon: Decimal | None = None
    settled_after: int | None = None
    settlement: Decimal | None = None
    missed: tuple[int, ...] = ()
    late_fee: Decimal | None = None
    start: date | None = None
    payments: tuple[Payment, ...] = ()
    lender: str | None = None

    def updated(self, later: Loan) -> Loan:
        """This loan with whatever the later telling states."""
        stated = {
            own.name: getattr(later, own.name)
            for own in fields(self)
            if getattr(later, own.name) not in (None, ())
        }
        return replace(self, **stated)

    @property
    def paid_out(self) -> Decimal | None:
        """What the person really had in hand, or None while it is unknown."""
        received = self.received
        if received is None and self.principal is not None and self.upfront is not None:
            received = self.principal - self.upfront
        return None if received is None else received - (self.paid_apart or 0)

    @property
    def each(self) -> Decimal | None:
        """What is paid each period, fees included, or None while unknown."""
        instalment = self.instalment
        if instalment is None and self.total is not None and self.periods:
            return (self.total - (self.balloon or 0)) / self.periods
        return None if instalment is None else instalment + (self.period_fee or 0)

    def to_slot(self) -> dict[str, Any]:
        """The loan as JSON values, for a slot."""
        slot: dict[str, Any] = {}
        for own in fields(self):
            value = getattr(self, own.name)
            if value in (None, ()):
                continue
            slot[own.name] = _plain(value)
        return slot

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Loan:
        """The loan that ``to_slot`` wrote; an empty one from nothing."""
        return cls(**{name: _READ[name](value) for name, value in (slot or {}).items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Payment):
        return [value.on.isoformat(), str(value.amount)]
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _payments(value: Any) -> tuple[Payment, ...]:
    return tuple(Payment(date.fromisoformat(on), Decimal(paid)) for on, paid in value)


_WHOLE = ("periods", "every", "settled_after")
_WORDS = ("unit", "lender")
_READ: dict[str, Any] = {own.name: Decimal for own in fields(Loan)}
_READ.update(dict.fromkeys(_WHOLE, int))
_READ.update(dict.fromkeys(_WORDS, str))
_READ.update(
    {"missed": tuple, "start": date.fromisoformat, "payments": _payments},
)
