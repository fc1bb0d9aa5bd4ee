"""Which letters fit a case, and what must be settled before one is written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from wenzhu.case import Case, Say
from wenzhu.knowledge import load
from wenzhu.letters.library import Conditions, Letter, letters, order

UNKNOWN = "unknown"
NONE = "none"
DAYS_OF_UNIT = {"年": 365, "个月": 30, "月": 30, "日": 1, "天": 1}


def values_of(case: Case, name: str) -> tuple[str, ...]:
    """What a case has under the name of a condition.

    The debt is not a third party's, whatever its owner's state.
    """
    if name == "loan":
        return ("no",) if case.role == "third_party" else (case.loan or UNKNOWN,)
    if name == "verdict":
        return (case.message_verdict or NONE,)
    return case.fears if name == "fears" else (case.role,)


def choose(case: Case) -> tuple[str, ...]:
    """The letters that fit this case, the first one first.

    With signs of fraud nothing goes to the sender: police, bank and platform.
    """
    for row in order()["order"]:
        if _all_hold(case, {name: tuple(v) for name, v in row["when"].items()}):
            known = letters()
            return tuple(each for each in row["letters"] if fits(known[each], case))
    return ()


def fits(letter: Letter, case: Case) -> bool:
    """Whether a letter may be written in this case."""
    return (
        _all_hold(case, letter.fits)
        and not _any_holds(case, letter.never)
        and (not letter.only or _any_holds(case, letter.only))
    )


def gate(letter_id: str, case: Case) -> Say | None:
    """What to say before this letter, or None when nothing stands in the way.

    A letter that mentions paying, instalments or the amount can restart or give
    up the limitation: first it must be said whose debt it is, and how old.
    """
    letter = letters()[letter_id]
    if not fits(letter, case):
        return Say("utter_letters_not_for_this", {"letter": letter.title})
    if not letter.gate or values_of(case, "loan") == ("repaid",):
        return None
    if values_of(case, "loan") != ("yes",):
        return Say("utter_letters_gate_whose", {"letter": letter.title})
    if set(case.facts_found) & set(order()["gate"]["found"]) or _recent(case):
        return None
    return Say("utter_limitation_warning", {"buttons_of": "utter_letters_gate_next"})


def _recent(case: Case) -> bool:
    """Whether the message itself says that the debt is younger than the period."""
    days = case.message_overdue_days
    rule = order()["gate"]
    period = load().facts[rule["fact"]].values[rule["value"]]
    if days is None or period.number is None or period.unit is None:
        return False
    return Decimal(days) < Decimal(period.number) * DAYS_OF_UNIT[period.unit]


def _all_hold(case: Case, conditions: Conditions) -> bool:
    return all(
        _one_of(values_of(case, name), wanted) for name, wanted in conditions.items()
    )


def _any_holds(case: Case, conditions: Conditions) -> bool:
    return any(
        _one_of(values_of(case, name), wanted) for name, wanted in conditions.items()
    )


def _one_of(have: Iterable[str], wanted: Iterable[str]) -> bool:
    return bool(set(have) & set(wanted))
