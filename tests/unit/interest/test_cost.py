"""The true rate against figures that other libraries computed.

Expected rates come from two independent libraries (numpy-financial and pyxirr,
which agree to eight places) fed with flows written out by hand, not from this
project's own schedule.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenzhu.interest import (
    Implausible,
    Incomplete,
    Loan,
    Payment,
    asks,
    true_cost,
)
from wenzhu.interest.cost import due_date
from wenzhu.interest.rate import NoRate, dated_rate, internal_rate

TOLERANCE = Decimal("0.01")

# name, numbers of the loan, percent a year (simple), percent a year (compounded)
GOLDEN = [
    (
        "等额本息 12% 12期",
        "principal=10000 received=10000 periods=12 instalment=888.49",
        "12.00",
        "12.68",
    ),
    (
        "等额本息 24% 12期",
        "principal=10000 received=10000 periods=12 instalment=945.60",
        "24.00",
        "26.83",
    ),
    (
        "等额本息 36% 12期",
        "principal=10000 received=10000 periods=12 instalment=1004.62",
        "36.00",
        "42.58",
    ),
    (
        "等额本息 24% 36期",
        "principal=50000 received=50000 periods=36 instalment=1961.64",
        "24.00",
        "26.82",
    ),
    (
        "等额本息 4.9% 360期",
        "principal=1000000 received=1000000 periods=360 instalment=5307.27",
        "4.90",
        "5.01",
    ),
    (
        "等本等息 月0.6% 12期",
        "principal=12000 received=12000 periods=12 instalment=1072",
        "13.03",
        "13.84",
    ),
    (
        "等本等息 月1% 12期",
        "principal=12000 received=12000 periods=12 instalment=1120",
        "21.46",
        "23.70",
    ),
    (
        "等本等息 月1.5% 24期",
        "principal=24000 received=24000 periods=24 instalment=1360",
        "31.46",
        "36.42",
    ),
    (
        "等本等息 月2% 6期",
        "principal=6000 received=6000 periods=6 instalment=1120",
        "40.05",
        "48.28",
    ),
    (
        "信用卡分期 0.75% 3期",
        "principal=3000 received=3000 periods=3 instalment=1022.5",
        "13.45",
        "14.31",
    ),
    (
        "砍头息 一万到手八千五",
        "principal=10000 received=8500 periods=12 instalment=980",
        "64.63",
        "87.67",
    ),
    (
        "砍头息 10%",
        "principal=50000 upfront=5000 periods=36 instalment=1800",
        "25.45",
        "28.64",
    ),
    (
        "砍头息 加担保费",
        "principal=15000 upfront=1500 periods=12 instalment=1400 period_fee=50",
        "49.66",
        "62.67",
    ),
    (
        "会员费另交",
        "principal=20000 received=20000 paid_apart=999 periods=24 instalment=1000",
        "23.51",
        "26.22",
    ),
    (
        "每月担保费",
        "principal=20000 received=20000 periods=24 instalment=1000 period_fee=88",
        "27.04",
        "30.65",
    ),
    (
        "只知道总额",
        "principal=8000 received=8000 periods=6 total=9600",
        "65.66",
        "89.51",
    ),
    (
        "零利息",
        "principal=1200 received=1200 periods=12 instalment=100",
        "0.00",
        "0.00",
    ),
    (
        "零利息只扣手续费",
        "principal=1200 received=1100 periods=12 instalment=100",
        "16.38",
        "17.66",
    ),
    (
        "先息后本 9.6%",
        "principal=100000 received=100000 periods=12 instalment=800 balloon=100000",
        "9.60",
        "10.03",
    ),
    (
        "先息后本 砍头",
        "principal=100000 received=95000 periods=12 instalment=1500 balloon=100000",
        "23.66",
        "26.41",
    ),
    (
        "714 七天",
        "principal=3000 received=2100 periods=1 unit=day every=7 total=3000",
        "2234.69",
        "11940726940.51",
    ),
    (
        "714 十四天",
        "principal=2000 received=1400 periods=1 unit=day every=14 total=2000",
        "1117.35",
        "1092636.34",
    ),
    (
        "周还 10周",
        "principal=10000 received=9000 periods=10 unit=day every=7 instalment=1200",
        "292.23",
        "1617.36",
    ),
    (
        "两周一期 4期",
        "principal=5000 received=4500 periods=4 unit=day every=14 instalment=1350",
        "201.11",
        "594.01",
    ),
    (
        "日还 30天",
        "principal=3000 received=2700 periods=30 unit=day every=1 instalment=105",
        "374.07",
        "4033.18",
    ),
    (
        "一个月一次还清",
        "principal=1000 received=900 periods=1 instalment=1000",
        "133.33",
        "254.07",
    ),
    (
        "季付 4期",
        "principal=40000 received=40000 periods=4 unit=month every=3 instalment=10800",
        "12.60",
        "13.21",
    ),
    (
        "提前结清 第6期",
        "principal=12000 received=12000 periods=12 instalment=1120 "
        "settled_after=6 settlement=6300",
        "21.09",
        "23.25",
    ),
    (
        "提前结清 第3期 违约金",
        "principal=10000 received=9500 periods=12 instalment=950 "
        "settled_after=3 settlement=8200",
        "68.26",
        "94.24",
    ),
    (
        "提前结清 第1期",
        "principal=10000 received=9000 periods=12 instalment=980 "
        "settled_after=1 settlement=9300",
        "170.67",
        "393.18",
    ),
    (
        "漏两期后补 加违约金",
        "principal=12000 received=10000 periods=12 instalment=1150 "
        "missed=3,4 late_fee=100",
        "64.28",
        "87.04",
    ),
    (
        "最后一期漏了",
        "principal=6000 received=6000 periods=6 instalment=1100 missed=6 late_fee=50",
        "34.43",
        "40.42",
    ),
    (
        "中间漏一期",
        "principal=6000 received=5700 periods=6 instalment=1080 missed=2",
        "43.26",
        "52.96",
    ),
]


def _loan(told: str) -> Loan:
    numbers: dict[str, Any] = {}
    for word in told.split():
        name, _, value = word.partition("=")
        if name == "missed":
            numbers[name] = tuple(int(each) for each in value.split(","))
        elif name in ("periods", "every", "settled_after"):
            numbers[name] = int(value)
        else:
            numbers[name] = value if name == "unit" else Decimal(value)
    return Loan(**numbers)


@pytest.mark.parametrize(
    ("told", "annual", "effective"),
    [row[1:] for row in GOLDEN],
    ids=[r[0] for r in GOLDEN],
)
def test_golden_rates(told: str, annual: str, effective: str) -> None:
    cost = true_cost(_loan(told))
    assert abs(cost.annual_rate - Decimal(annual)) <= TOLERANCE
    assert abs(cost.effective_rate - Decimal(effective)) <= TOLERANCE
    assert cost.estimate


def test_there_are_enough_golden_cases() -> None:
    assert len(GOLDEN) >= 30


def test_dated_instalments_follow_the_calendar() -> None:
    loan = Loan(
        principal=Decimal(10000),
        received=Decimal(8500),
        periods=12,
        instalment=Decimal(980),
        start=date(2025, 1, 31),
    )
    cost = true_cost(loan)
    assert cost.annual_rate == Decimal("64.63")
    assert cost.dated_rate == Decimal("88.66")
    assert [flow.on for flow in cost.flows[:3]] == [
        date(2025, 1, 31),
        date(2025, 2, 28),
        date(2025, 3, 31),
    ]


@pytest.mark.parametrize(
    ("start", "received", "payments", "percent"),
    [
        (
            date(2025, 3, 1),
            9000,
            [
                (date(2025, 4, 1), 3000),
                (date(2025, 6, 15), 4000),
                (date(2025, 9, 1), 5000),
            ],
            "149.19",
        ),
        (date(2024, 2, 29), 10000, [(date(2025, 2, 28), 11000)], "10.00"),
        (
            date(2025, 1, 1),
            5000,
            [
                (date(2025, 3, 30), 3000),
                (date(2025, 1, 15), 1500),
                (date(2025, 1, 29), 1500),
            ],
            "255.15",
        ),
    ],
)
def test_irregular_days(
    start: date, received: int, payments: list[tuple[date, int]], percent: str
) -> None:
    loan = Loan(
        received=Decimal(received),
        start=start,
        payments=tuple(Payment(on, Decimal(paid)) for on, paid in payments),
    )
    cost = true_cost(loan)
    assert cost.annual_rate == cost.dated_rate == Decimal(percent)
    assert cost.period_rate is None


def test_steps_show_the_way_to_the_rate() -> None:
    cost = true_cost(_loan(GOLDEN[10][1]))
    steps = {step.name: step.values for step in cost.steps}
    assert steps["received"] == {"principal": 10000, "deducted": 1500, "received": 8500}
    assert steps["paid"]["total"] == 11760
    assert steps["extra"]["extra"] == cost.extra == 3260
    assert steps["period_rate"]["rate"] == Decimal("5.39")
    assert steps["effective"]["rate"] == Decimal("87.67")
    assert cost.flat_rate == Decimal("17.60")


def test_a_rate_beyond_saying_is_not_a_step() -> None:
    cost = true_cost(_loan(GOLDEN[20][1]))
    assert "effective" not in {step.name for step in cost.steps}


def test_an_overwhelming_daily_rate_is_still_computed() -> None:
    loan = _loan("principal=1000 received=100 periods=1 unit=day every=1 total=2000")
    cost = true_cost(loan)
    assert cost.annual_rate == Decimal("693500.00")
    assert cost.effective_rate == Decimal("Infinity")


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("", "principal"),
        ("principal=10000", "received"),
        ("principal=10000 upfront=500", "periods"),
        ("received=9500", "periods"),
        ("principal=10000 received=9500 periods=12", "instalment"),
        ("principal=10000 received=9500 fee_unclear=99", "fee"),
        ("received=9500 periods=12 instalment=900 settled_after=3", "settlement"),
        ("received=9500 periods=12 total=11000", "lender"),
    ],
)
def test_one_number_is_asked_for_at_a_time(told: str, wanted: str) -> None:
    assert asks(_loan(told)) == wanted


def test_nothing_is_asked_when_all_is_known() -> None:
    loan = _loan("received=9500 periods=12 total=11000")
    assert asks(loan.updated(Loan(lender="private"))) is None


def test_missing_numbers_are_not_guessed() -> None:
    with pytest.raises(Incomplete):
        true_cost(_loan("principal=10000 periods=12 instalment=900"))


@pytest.mark.parametrize(
    "told",
    [
        "received=10000 periods=12 instalment=80",
        "received=10000 periods=3 instalment=5000 settled_after=4 settlement=100",
        "principal=1000 upfront=1000 periods=3 instalment=500",
    ],
)
def test_impossible_numbers_are_refused(told: str) -> None:
    with pytest.raises(Implausible):
        true_cost(_loan(told))


def test_a_payment_before_the_money_is_refused() -> None:
    loan = Loan(
        received=Decimal(100),
        start=date(2025, 2, 1),
        payments=(Payment(date(2025, 1, 1), Decimal(200)),),
    )
    with pytest.raises(Implausible):
        true_cost(loan)


@pytest.mark.parametrize(
    ("start", "number", "unit", "every", "day"),
    [
        (date(2024, 1, 31), 1, "month", 1, date(2024, 2, 29)),
        (date(2024, 1, 31), 2, "month", 1, date(2024, 3, 31)),
        (date(2024, 11, 30), 3, "month", 1, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, "month", 3, date(2025, 3, 15)),
        (date(2024, 2, 28), 2, "day", 7, date(2024, 3, 13)),
    ],
)
def test_due_dates(start: date, number: int, unit: str, every: int, day: date) -> None:
    assert due_date(start, number, unit, every) == day


yuan = st.integers(min_value=100, max_value=200_000).map(Decimal)
terms = st.integers(min_value=1, max_value=120)


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    """A loan that costs something."""
    received = draw(yuan)
    periods = draw(terms)
    markup = draw(st.integers(min_value=1, max_value=300))
    each = (received * (100 + markup) / 100 / periods).quantize(Decimal("0.01"))
    return Loan(
        principal=received,
        received=received,
        periods=periods,
        instalment=each + Decimal("0.01"),
        unit=draw(st.sampled_from(["month", "day"])),
        every=draw(st.integers(min_value=1, max_value=30)),
    )


@given(loans(), st.integers(min_value=1, max_value=500))
def test_a_higher_fee_is_a_higher_rate(loan: Loan, fee: int) -> None:
    dearer = loan.updated(Loan(period_fee=Decimal(fee)))
    assert _period(dearer) > _period(loan)


@given(loans(), st.integers(min_value=1, max_value=50))
def test_keeping_back_more_is_a_higher_rate(loan: Loan, percent: int) -> None:
    assert loan.received is not None
    less = loan.received * (100 - percent) / 100
    assert _period(loan.updated(Loan(received=less))) > _period(loan)


@given(loans())
def test_the_rate_discounts_what_is_paid_to_what_was_received(loan: Loan) -> None:
    cost = true_cost(loan)
    flows = [float(flow.amount) for flow in cost.flows]
    rate = internal_rate(flows)
    worth = sum(flow / (1 + rate) ** number for number, flow in enumerate(flows))
    assert abs(worth) < 1e-6 * flows[0]


@given(loans())
def test_a_slot_gives_the_loan_back(loan: Loan) -> None:
    told = loan.updated(
        Loan(missed=(1,), start=date(2025, 1, 1), lender="private")
    ).updated(Loan(payments=(Payment(date(2025, 2, 1), Decimal("1.50")),)))
    assert Loan.from_slot(told.to_slot()) == told


def _period(loan: Loan) -> float:
    return internal_rate([float(flow.amount) for flow in true_cost(loan).flows])


@pytest.mark.parametrize("flows", [[-100.0, -100.0], [100.0, -50.0], [0.0]])
def test_flows_without_a_rate(flows: list[float]) -> None:
    with pytest.raises(NoRate):
        internal_rate(flows)


def test_dated_flows_without_a_rate() -> None:
    with pytest.raises(NoRate):
        dated_rate([(date(2025, 1, 1), 100.0), (date(2025, 1, 1), -200.0)])
