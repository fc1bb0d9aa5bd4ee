"""Reading the numbers of a loan from how people say them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest

from wenzhu.interest import Loan, asks, parse_loan, read_answer

TOLD: list[tuple[str, dict[str, Any]]] = [
    (
        "借一万到手八千五分十二期每期980",
        {"principal": 10000, "received": 8500, "periods": 12, "instalment": 980},
    ),
    (
        "借10000，到手8500，12期，每期还980元",
        {"principal": 10000, "received": 8500, "periods": 12, "instalment": 980},
    ),
    (
        "借１００００，到手８５００，１２期，每期９８０",
        {"principal": 10000, "received": 8500, "periods": 12, "instalment": 980},
    ),
    (
        "借一萬到手八千五，分十二期，每期還九百八",
        {"principal": 10000, "received": 8500, "periods": 12, "instalment": 980},
    ),
    (
        "借了2万块 全额到账 分24期 每个月还1100",
        {"principal": 20000, "received": 20000, "periods": 24, "instalment": 1100},
    ),
    (
        "借3000到手2100七天还3000",
        {
            "principal": 3000,
            "received": 2100,
            "periods": 1,
            "unit": "day",
            "every": 7,
            "total": 3000,
        },
    ),
    (
        "贷款五万，砍头息10%，三年，月供1800",
        {"principal": 50000, "upfront": 5000, "periods": 36, "instalment": 1800},
    ),
    (
        "借1万5，手续费1500，分12期，每月还1400，担保费每月50",
        {
            "principal": 15000,
            "upfront": 1500,
            "periods": 12,
            "instalment": 1400,
            "period_fee": 50,
        },
    ),
    (
        "借一万十二期每期980",
        {"principal": 10000, "periods": 12, "instalment": 980},
    ),
    (
        "本金20000 实际到账18500 36期 每期760 会员费99",
        {
            "principal": 20000,
            "received": 18500,
            "periods": 36,
            "instalment": 760,
            "fee_unclear": 99,
        },
    ),
    (
        "借1万，到手9千，10周，每周还1200",
        {
            "principal": 10000,
            "received": 9000,
            "periods": 10,
            "unit": "day",
            "every": 7,
            "instalment": 1200,
        },
    ),
    (
        "借8000，到手8000，半年，一共还9600",
        {"principal": 8000, "received": 8000, "periods": 6, "total": 9600},
    ),
    (
        "借5000到手4500，14天一期分4期，每期还1350",
        {
            "principal": 5000,
            "received": 4500,
            "periods": 4,
            "unit": "day",
            "every": 14,
            "instalment": 1350,
        },
    ),
    (
        "从银行贷款10万，全部到账，一年，每月还利息800，到期还本金10万",
        {
            "principal": 100000,
            "received": 100000,
            "periods": 12,
            "instalment": 800,
            "balloon": 100000,
            "lender": "licensed",
        },
    ),
    (
        "借12000到手12000分12期每期1120，还了6期提前结清，付了6300",
        {
            "principal": 12000,
            "received": 12000,
            "periods": 12,
            "instalment": 1120,
            "settled_after": 6,
            "settlement": 6300,
        },
    ),
    (
        "借1.2w到手1w，12期，一期1150，第3、4期没还，违约金每期100",
        {
            "principal": 12000,
            "received": 10000,
            "periods": 12,
            "instalment": 1150,
            "missed": (3, 4),
            "late_fee": 100,
        },
    ),
    (
        "朋友那借5万，没扣，两年，每月3000",
        {
            "principal": 50000,
            "received": 50000,
            "periods": 24,
            "instalment": 3000,
            "lender": "private",
        },
    ),
    (
        "小贷公司借款2万元，实际到手1万8千，每月还2000，共12个月",
        {
            "principal": 20000,
            "received": 18000,
            "periods": 12,
            "instalment": 2000,
            "lender": "small_loan",
        },
    ),
    (
        "借一万到手八千五 980一期 十二期",
        {"principal": 10000, "received": 8500, "periods": 12, "instalment": 980},
    ),
    (
        "借4500，另外交了手续费300，6期，每期900",
        {"principal": 4500, "paid_apart": 300, "periods": 6, "instalment": 900},
    ),
    ("捷信催我还钱，说要告我", {}),
    ("三年没联系了，突然打电话", {}),
]


@pytest.mark.parametrize(("text", "expected"), TOLD, ids=[row[0] for row in TOLD])
def test_numbers_are_read(text: str, expected: dict[str, Any]) -> None:
    whole = {"periods", "every", "settled_after", "unit", "lender", "missed"}
    wanted = {
        name: value if name in whole else Decimal(value)
        for name, value in expected.items()
    }
    assert parse_loan(text) == Loan(**wanted)


def test_dates_and_real_payments_are_read() -> None:
    loan = parse_loan(
        "2025年3月1日借的10000，到手9000，2025-04-01还3000，2025-06-15还4000"
    )
    assert loan.start == date(2025, 3, 1)
    assert [each.on for each in loan.payments] == [date(2025, 4, 1), date(2025, 6, 15)]
    assert [each.amount for each in loan.payments] == [3000, 4000]
    assert asks(loan) == "lender"


def test_an_impossible_date_is_no_date() -> None:
    assert parse_loan("2025年2月31日借的10000").start is None


@pytest.mark.parametrize(
    ("told", "asked", "answer", "name", "value"),
    [
        ("", "principal", "一万", "principal", Decimal(10000)),
        ("借一万", "received", "8500", "received", Decimal(8500)),
        ("借一万", "received", "全额到账，没扣", "received", Decimal(10000)),
        ("借一万", "received", "扣了1500", "upfront", Decimal(1500)),
        ("借一万到手9000", "periods", "12", "periods", 12),
        ("借一万到手9000", "periods", "十二期", "periods", 12),
        ("借一万到手9000", "periods", "一年半", "periods", 18),
        ("借一万到手9000 12期", "instalment", "九百八", "instalment", Decimal(980)),
        ("借一万到手9000 12期", "instalment", "总共还11760", "total", Decimal(11760)),
        ("借一万", "lender", "某某消费金融", "lender", "licensed"),
        ("借一万", "lender", "不知道", "lender", "unknown"),
        ("会员费99", "fee", "每个月都收", "period_fee", Decimal(99)),
        ("会员费99", "fee", "就一次", "paid_apart", Decimal(99)),
    ],
)
def test_an_answer_is_read_in_the_light_of_the_question(
    told: str, asked: str, answer: str, name: str, value: object
) -> None:
    loan = read_answer(parse_loan(told), asked, answer)
    assert getattr(loan, name) == value
    assert asks(loan) != asked or asked == "lender"


@pytest.mark.parametrize("answer", ["忘了", "不想说", "你是谁", "大概八九千到1万"])
def test_an_answer_without_the_number_states_nothing(answer: str) -> None:
    loan = parse_loan("借一万到手9000 12期")
    assert read_answer(loan, "instalment", answer).instalment is None


def test_talking_does_not_undo_what_was_told() -> None:
    loan = parse_loan("借一万到手八千五分十二期")
    later = read_answer(loan, "instalment", "980")
    assert later.received == Decimal(8500)
    assert later.periods == 12


@pytest.mark.parametrize(
    "text",
    [
        "一" * 10_000,
        "1" * 10_000,
        "第1、" * 2_500,
        "借一万到手八千五分十二期每期980" * 600,
        "借13800001234到手6222021234567890",
        "分999999期，每99999999天一期",
    ],
)
def test_hostile_text_is_read_quickly_and_gives_no_monster(text: str) -> None:
    started = perf_counter()
    loan = parse_loan(text)
    assert perf_counter() - started < 0.5
    assert (loan.periods or 0) <= 600
    assert (loan.principal or 0) <= 100_000_000
    assert (loan.every or 0) <= 3660
