"""A rate is worked out one question at a time, and told in three bubbles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from wenzhu.case import Case
from wenzhu.interest import InterestTurn, Loan, answer_cost, open_cost
from wenzhu.interest.turns import details, said

OWES = Case(has_loan="yes")
LICENSED = replace(OWES, message_lender="某某消费金融有限公司")


def _responses(turn: InterestTurn) -> list[str]:
    return [say.response for say in turn.says]


def test_a_sentence_with_every_number_is_answered_at_once() -> None:
    turn = open_cost(LICENSED, "借一万到手八千五分十二期每期980")
    assert _responses(turn) == [
        "utter_interest_step_paid",
        "utter_interest_step_rate",
        "utter_interest_limit_licensed_above",
    ]
    assert turn.asked is None
    assert turn.cost is not None
    paid, rate, last = turn.says
    assert paid.variables == {
        "count": 12,
        "each": "980",
        "extra": "3,260",
        "total": "11,760",
    }
    assert rate.variables == {"period": "5.39", "per_year": "12", "annual": "64.63"}
    assert last.variables == {"buttons_of": "utter_interest_close"}
    assert rate.card is not None and rate.card["card"] == "steps"
    rows = {row["label"]: row["value"] for row in rate.card["data"]["steps"]}
    assert rows["真正到手"] == "8,500 元"
    assert rows["每期利率"] == "5.39%"
    assert [*rows.items()][-1] == ("年化（估算）", "64.63%")


def test_numbers_are_asked_for_one_at_a_time() -> None:
    turn = open_cost(OWES, "利息合法吗")
    assert _responses(turn) == ["utter_interest_offer"]
    asked = []
    for answer in ("借了一万", "8500", "12期", "九百八", "小贷公司"):
        assert turn.asked is not None
        asked.append(turn.asked)
        loan = Loan.from_slot(turn.loan.to_slot())
        turn = answer_cost(OWES, loan, turn.asked, answer)
        assert len(turn.says) <= 3
    assert asked == ["principal", "received", "periods", "instalment", "lender"]
    assert turn.cost is not None
    assert turn.cost.annual_rate == Decimal("64.63")
    assert turn.cost.comparisons[0].fact == "LAW-RATE-XD"


def test_a_number_nobody_remembers_is_looked_up() -> None:
    turn = open_cost(OWES, "借一万")
    later = answer_cost(OWES, turn.loan, "received", "忘了", unsure=True)
    assert _responses(later) == ["utter_interest_where_to_find"]
    assert later.loan == turn.loan


def test_an_unknown_lender_still_gives_the_rate() -> None:
    turn = open_cost(OWES, "借一万到手八千五分十二期每期980")
    assert turn.asked == "lender"
    later = answer_cost(OWES, turn.loan, "lender", "不知道", unsure=True)
    assert later.cost is not None
    assert later.says[1].variables["annual"] == "64.63"


@pytest.mark.parametrize(
    "case",
    [
        Case(has_loan="no"),
        Case(has_loan="not_mine"),
        Case(role="third_party", other_has_loan="yes"),
    ],
)
def test_a_debt_of_someone_else_is_not_reckoned(case: Case) -> None:
    turn = open_cost(case, "借一万到手八千五分十二期每期980")
    assert _responses(turn) == ["utter_interest_not_yours"]
    assert turn.cost is None


def test_numbers_that_do_not_fit_begin_again() -> None:
    turn = open_cost(LICENSED, "借一万到手一万，12期，每期80")
    assert _responses(turn) == ["utter_interest_implausible"]
    assert turn.asked == "principal"
    assert turn.loan == Loan(lender="licensed")


def test_an_impersonated_name_is_no_lender() -> None:
    case = replace(LICENSED, message_verdict="impersonation")
    turn = open_cost(case, "借一万到手八千五分十二期每期980")
    assert turn.asked == "lender"


def test_details_explain_the_flat_rate() -> None:
    turn = open_cost(LICENSED, "借一万到手八千五分十二期每期980")
    assert turn.cost is not None
    says = details(turn.cost)
    assert [say.response for say in says] == [
        "utter_interest_step_received",
        "utter_interest_step_flat",
        "utter_interest_close",
    ]
    assert says[1].variables == {"flat": "17.6", "annual": "64.63"}


def test_real_days_are_told_as_such() -> None:
    turn = open_cost(
        LICENSED, "2025年3月1日借的10000，到手9000，2025-04-01还3000，2025-09-01还9000"
    )
    assert _responses(turn)[:2] == [
        "utter_interest_step_paid_dated",
        "utter_interest_step_rate_dated",
    ]
    card = turn.says[1].card
    assert card is not None
    rows = {row["label"]: row["value"] for row in card["data"]["steps"]}
    assert "每期利率" not in rows
    assert rows["一共还"] == "12,000 元"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("8500"), "8,500"),
        (Decimal("436.50"), "436.5"),
        (Decimal("0.00"), "0"),
        (Decimal("1234567.89"), "1,234,567.89"),
        (Decimal("100"), "100"),
        (12, "12"),
    ],
)
def test_figures_as_they_are_said(value: Decimal | int, words: str) -> None:
    assert said(value) == words
