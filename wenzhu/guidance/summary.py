"""Where a case stands: one sentence, a list to correct, a line to forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wenzhu.case import Case, Say
from wenzhu.guidance import data
from wenzhu.guidance.conditions import UNKNOWN, kind_of, loan_of


def standing(case: Case) -> Say:
    """Returns one sentence on where the case stands."""
    return Say("utter_chat_standing", {"standing": _standing(case)})


def resume(case: Case) -> Say:
    """Returns the greeting of a person who comes back, with three ways on."""
    return Say("utter_chat_resume", {"standing": _standing(case)})


def show(case: Case) -> Say:
    """Returns what is believed about the case, a line for each thing known."""
    lines = list(_lines(case))
    if not lines:
        return Say("utter_chat_show_nothing")
    return Say("utter_chat_show_case", {"lines": "\n".join(lines)})


def forward(case: Case) -> Say:
    """Returns one line for a spouse or a lawyer, without any personal data.

    Nothing of the message itself is quoted: it may hold a name or a number.
    """
    return Say("utter_chat_forward", {"line": _forward(case)})


def _names() -> Mapping[str, Any]:
    return data.read("names")


def _loan(case: Case) -> str:
    table = "loan" if case.role == "self" else "other_loan"
    return str(_names()[table][loan_of(case)])


def _standing(case: Case) -> str:
    names = _names()
    template = names["standing"][
        "with_message" if case.message_kind else "without_message"
    ]
    return str(template).format(
        loan=_loan(case),
        kind=names["kind"][kind_of(case)],
        verdict=_verdict(case),
        stage=names["stage"][case.stage],
    )


def _verdict(case: Case) -> str:
    return str(_names()["verdict"][case.message_verdict or "insufficient"])


def _lines(case: Case) -> Iterable[str]:
    names = _names()
    templates = names["lines"]
    if case.role != "self":
        yield templates["role"].format(value=names["role"][case.role])
    if loan_of(case) != UNKNOWN:
        yield templates["loan"].format(value=_loan(case))
    if case.message_kind:
        yield templates["kind"].format(
            value=names["kind"][case.message_kind], verdict=_verdict(case)
        )
    if case.message_lender:
        yield templates["lender"].format(value=case.message_lender)
    if case.message_amounts:
        yield templates["amounts"].format(value=_amounts(case))
    if case.message_overdue_days is not None:
        yield templates["overdue"].format(value=case.message_overdue_days)
    if case.message_deadline:
        yield templates["deadline"].format(value=case.message_deadline)
    worries = [names["fear"][fear] for fear in case.fears if fear in names["fear"]]
    if worries:
        yield templates["fears"].format(value=names["join"].join(worries))


def _amounts(case: Case) -> str:
    return str(_names()["join"]).join(
        f"{amount:,.2f}".removesuffix(".00") for amount in case.message_amounts
    )


def _forward(case: Case) -> str:
    names = _names()
    words = names["forward"]
    if case.message_kind:
        opening = words["opening" if case.role == "self" else case.role]
        parts = [
            opening.format(
                kind=names["kind"][case.message_kind], verdict=_verdict(case)
            )
        ]
    else:
        parts = [words["no_message"]]
    if case.message_lender:
        parts.append(words["lender"].format(value=case.message_lender))
    if case.message_amounts:
        parts.append(words["amounts"].format(value=_amounts(case)))
    flags = [names["flag"][flag] for flag in case.message_red_flags]
    if flags:
        parts.append(words["flags"].format(value=names["join"].join(flags)))
    parts.append(words["loan"].format(value=_loan(case)))
    return "".join(parts) + str(names["end"])
