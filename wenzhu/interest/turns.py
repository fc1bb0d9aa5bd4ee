"""What to say while a true rate is worked out, one question at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from wenzhu.case import Case, Say
from wenzhu.interest.cost import (
    Cost,
    Implausible,
    asks,
    true_cost,
)
from wenzhu.interest.loan import Loan
from wenzhu.interest.reading import parse_loan, read_answer
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

NOT_YOURS = ("no", "not_mine")
LICENSED_NAMES = ("消费金融", "银行")
SMALL_LOAN_NAME = "小额贷款"
CLEARLY_MORE = Decimal("1.2")
"""How many times the flat rate the true rate must be to be worth a bubble."""


@dataclass(frozen=True)
class InterestTurn:
    """The bubbles of a turn, the loan as it is then, and what is asked, if anything.

    Attributes:
        says: what to say, at most three bubbles.
        loan: to be kept for the next turn (``Loan.to_slot``).
        asked: the number that was asked for; hand it back with the answer.
        cost: the result, in the turn that has it.
    """

    says: tuple[Say, ...]
    loan: Loan
    asked: str | None = None
    cost: Cost | None = None


def open_cost(case: Case, text: str = "") -> InterestTurn:
    """Offer to work out the rate, or begin with the numbers that were given."""
    if case.loan in NOT_YOURS or case.role == "third_party":
        return InterestTurn((Say("utter_interest_not_yours"),), Loan())
    loan = parse_loan(text)
    if loan == Loan(lender=loan.lender):
        loan = _with_lender(loan, case)
        return InterestTurn((Say("utter_interest_offer"),), loan, "principal")
    return _go_on(_with_lender(loan, case))


def answer_cost(
    case: Case, loan: Loan, asked: str, text: str, unsure: bool = False
) -> InterestTurn:
    """Take an answer and ask for the next number, or give the result.

    Args:
        case: the case, for the lender that is known from the message.
        loan: what was known before.
        asked: what ``InterestTurn.asked`` said.
        text: the person's answer.
        unsure: the person does not know, whatever the words.
    """
    if unsure and asked == "lender":
        return _go_on(replace(loan, lender="unknown"))
    if unsure:
        return InterestTurn((Say("utter_interest_where_to_find"),), loan, asked)
    told = _with_lender(read_answer(loan, asked, text), case)
    if asked == "lender" and told.lender is None:
        told = replace(told, lender="unknown")
    return _go_on(told)


def _with_lender(loan: Loan, case: Case) -> Loan:
    """The loan with the kind of lender that the name in the message shows."""
    name = case.message_lender or ""
    if loan.lender is not None or not name or case.message_verdict == "impersonation":
        return loan
    if SMALL_LOAN_NAME in name:
        return replace(loan, lender="small_loan")
    if any(word in name for word in LICENSED_NAMES):
        return replace(loan, lender="licensed")
    return loan


def _go_on(loan: Loan) -> InterestTurn:
    wanted = asks(loan)
    if wanted is not None:
        fee = {"fee": said(loan.fee_unclear)} if loan.fee_unclear is not None else {}
        return InterestTurn((Say(f"utter_interest_ask_{wanted}", fee),), loan, wanted)
    try:
        cost = true_cost(loan)
    except Implausible:
        fresh = Loan(lender=loan.lender)
        return InterestTurn((Say("utter_interest_implausible"),), fresh, "principal")
    return InterestTurn(result(cost), loan, None, cost)


def result(cost: Cost) -> tuple[Say, ...]:
    """The result: what was paid, the rate, the limit with the way on.

    Three bubbles; the last one carries the buttons of the close. ``details`` has
    what is said to someone who wants every step.
    """
    steps = {step.name: step.values for step in cost.steps}
    extra = {"extra": said(cost.extra), "total": said(cost.paid_back)}
    if "paid" in steps:
        paid = Say(
            "utter_interest_step_paid",
            {
                "count": int(steps["paid"]["count"]),
                "each": said(steps["paid"]["each"]),
                **extra,
            },
        )
        rate = Say(
            "utter_interest_step_rate",
            {
                "period": said(steps["period_rate"]["rate"]),
                "per_year": said(steps["period_rate"]["per_year"]),
                "annual": said(cost.annual_rate),
            },
        )
    else:
        paid = Say(
            "utter_interest_step_paid_dated",
            {"count": int(steps["paid_dated"]["count"]), **extra},
        )
        rate = Say("utter_interest_step_rate_dated", {"annual": said(cost.annual_rate)})
    limit = cost.comparisons[0].response
    return (
        paid,
        replace(rate, card=card(cost)),
        Say(limit, {"buttons_of": "utter_interest_close"}),
    )


def card(cost: Cost) -> Mapping[str, Any]:
    """The computation as a table, a figure a row; what was not told is left out."""
    figures: dict[str, Decimal | int | str | None] = {}
    for step in cost.steps:
        figures |= step.values
    if "period_rate" in {step.name for step in cost.steps}:
        figures["period"] = cost.period_rate
    figures["annual"] = cost.annual_rate
    words = read_yaml(KNOWLEDGE / "interest" / "words.yml")
    given = {name: said(value) for name, value in figures.items() if value}
    rows = []
    for row in words["steps"]:
        name = row["value"].partition("{")[2].partition("}")[0]
        if name in given:
            rows.append({"label": row["label"], "value": row["value"].format(**given)})
    return {"card": "steps", "data": {"title": words["title"], "steps": rows}}


def details(cost: Cost) -> tuple[Say, ...]:
    """What the result left out: the money in hand, other readings, the caution."""
    steps = {step.name: step.values for step in cost.steps}
    received = steps["received"]
    says = [
        Say(
            "utter_interest_step_received"
            if received["deducted"]
            else "utter_interest_step_received_full",
            {name: said(value) for name, value in received.items()},
        )
    ]
    flat = cost.flat_rate
    if flat is not None and 0 < flat * CLEARLY_MORE < cost.annual_rate:
        says.append(
            Say(
                "utter_interest_step_flat",
                {"flat": said(flat), "annual": said(cost.annual_rate)},
            )
        )
    elif "effective" in steps:
        says.append(
            Say(
                "utter_interest_step_effective",
                {"effective": said(steps["effective"]["rate"])},
            )
        )
    rest = [Say(each.response) for each in cost.comparisons[1:]]
    return (*says, *rest[:1], Say("utter_interest_close"))


def said(value: Decimal | int | str | None) -> str:
    """A figure as it is said: 8,500 or 436.5, without needless zeros."""
    if not isinstance(value, Decimal):
        return str(value)
    text = f"{value.quantize(Decimal('0.01')):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text
