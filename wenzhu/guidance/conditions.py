"""Conditions written as data, and whether a case meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wenzhu.case import Case

NONE = "none"
UNKNOWN = "unknown"


def loan_of(case: Case) -> str:
    """Returns the loan state the guidance turns on, ``unknown`` if unsaid."""
    return case.loan or UNKNOWN


def kind_of(case: Case) -> str:
    """Returns the kind of message, ``none`` if there was no message."""
    return case.message_kind or NONE


def verdict_of(case: Case) -> str:
    """Returns the verdict on the message, ``none`` if there was no message."""
    return case.message_verdict or NONE


def _one_of(read: Callable[[Case], str]) -> Callable[[Case, Any], bool]:
    return lambda case, wanted: read(case) in wanted


def _any_of(
    read: Callable[[Case], Sequence[str]],
) -> Callable[[Case, Any], bool]:
    return lambda case, wanted: any(value in wanted for value in read(case))


_TESTS: Mapping[str, Callable[[Case, Any], bool]] = {
    "loan": _one_of(loan_of),
    "kind": _one_of(kind_of),
    "verdict": _one_of(verdict_of),
    "role": _one_of(lambda case: case.role),
    "fears_any": _any_of(lambda case: case.fears),
    "flags_any": _any_of(lambda case: case.message_red_flags),
    "flags_within": lambda case, wanted: set(case.message_red_flags) <= set(wanted),
    "found_any": _any_of(lambda case: case.facts_found),
    "lender": lambda case, wanted: (
        ("known" if case.message_lender else UNKNOWN) == wanted
    ),
    "lender_is": lambda case, wanted: case.message_lender in wanted,
    "worried": lambda case, wanted: bool(set(case.fears) - {"crisis"}) is wanted,
    "overdue_known_max": lambda case, wanted: (
        case.message_overdue_days is not None and case.message_overdue_days <= wanted
    ),
    "overdue_min": lambda case, wanted: (case.message_overdue_days or 0) >= wanted,
}


def holds(case: Case, when: Mapping[str, Any] | None) -> bool:
    """Tells whether a case meets every condition; no condition always holds.

    Raises:
        KeyError: A condition has a name that this module does not know.
    """
    for name, wanted in (when or {}).items():
        if name == "not":
            refused = wanted if isinstance(wanted, list) else [wanted]
            if any(holds(case, each) for each in refused):
                return False
        elif not _TESTS[name](case, wanted):
            return False
    return True
