"""What a loan really costs per year, from what came in and what was paid."""

from wenzhu.interest.cost import (
    Cost,
    Flow,
    Implausible,
    Incomplete,
    Step,
    asks,
    true_cost,
)
from wenzhu.interest.limits import Comparison
from wenzhu.interest.loan import Loan, Payment
from wenzhu.interest.reading import parse_loan, read_answer
from wenzhu.interest.turns import InterestTurn, answer_cost, open_cost

__all__ = [
    "Comparison",
    "Cost",
    "Flow",
    "Implausible",
    "Incomplete",
    "InterestTurn",
    "Loan",
    "Payment",
    "Step",
    "answer_cost",
    "asks",
    "open_cost",
    "parse_loan",
    "read_answer",
    "true_cost",
]
