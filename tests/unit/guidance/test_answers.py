"""Every question gets a fitting answer for every case."""

from __future__ import annotations

import pytest

from tests.unit.guidance.conftest import every_case
from wenzhu.case import Case
from wenzhu.guidance import answer, data, fears_question, plan
from wenzhu.guidance.plan import PAGE

INTENTS = tuple(data.read("answers")["answers"])
ASKS = (
    "ask_is_it_real",
    "ask_official_contact",
    "ask_company_info",
    "ask_how_to_evidence",
    "ask_rights",
    "ask_complain_where",
    "ask_letter",
    "ask_interest_legal",
    "ask_negotiate",
    "ask_credit_dispute",
    "ask_already_paid_scammer",
    "ask_clicked_link",
    "ask_delete_data",
    "ask_human",
    "ask_bot_identity",
    "out_of_scope",
)


def said(intent: str, case: Case, topic: str | None = None) -> list[str]:
    return [say.response for say in answer(intent, case, topic)]


def test_every_question_is_answered() -> None:
    assert set(ASKS) == set(INTENTS)


@pytest.mark.parametrize("intent", ASKS)
def test_every_case_gets_one_to_three_bubbles(intent: str) -> None:
    for case in every_case():
        assert 1 <= len(answer(intent, case)) <= PAGE, case


def test_an_unknown_question_is_not_met_with_silence() -> None:
    assert said("ask_something_new", Case()) == ["utter_answers_general"]


def test_an_unknown_topic_falls_back_to_the_intent() -> None:
    case = Case(has_loan="yes")
    assert said("ask_negotiate", case, "no_such_topic") == said("ask_negotiate", case)


def test_a_refusal_comes_before_the_general_answer() -> None:
    assert said("out_of_scope", Case(), "refuse_forge") == ["utter_refuse_forge"]


def test_who_never_borrowed_is_not_told_how_to_negotiate() -> None:
    for loan in ("no", "not_mine", "repaid"):
        responses = said("ask_negotiate", Case(has_loan=loan))
        assert "utter_answers_negotiate_how" not in responses
        assert "utter_limitation_warning" not in responses


def test_the_limitation_warning_comes_with_letters_and_talks() -> None:
    for intent in ("ask_letter", "ask_negotiate"):
        for loan in ("yes", "forgot", None):
            assert "utter_limitation_warning" in said(intent, Case(has_loan=loan))


def test_every_list_of_complaints_says_that_no_clock_stops() -> None:
    for case in every_case():
        assert "utter_answers_complain_clock" in said("ask_complain_where", case)


SAYS_A_DEBT_MAY_BE_THERE = ("utter_verdict_still_check", "utter_verdict_court_check")


def test_impersonation_always_adds_that_a_debt_may_be_there() -> None:
    for case in every_case():
        if case.message_verdict == "impersonation":
            assert any(
                response.startswith(SAYS_A_DEBT_MAY_BE_THERE)
                for response in said("ask_is_it_real", case)
            ), case


def test_a_claimed_court_is_checked_whatever_the_verdict() -> None:
    for verdict in ("impersonation", "unlawful_method"):
        case = Case(
            message_kind="collection",
            message_verdict=verdict,
            message_red_flags=("impersonates_court",),
        )
        answered = said("ask_is_it_real", case)
        assert any(name.startswith("utter_verdict_court") for name in answered)


def test_known_lender_reaches_the_words() -> None:
    case = Case(message_kind="collection", message_lender="某某银行股份有限公司")
    assert answer("ask_official_contact", case)[0].variables["lender"].startswith("某")


def test_pages_of_a_plan_answer_go_round() -> None:
    case = Case(has_loan="yes", message_kind="abusive_collection")
    first = answer("ask_rights", case)
    assert answer("ask_rights", case, page=1) != first
    assert answer("ask_rights", case, page=plan(case).pages("rights")) == first


def test_the_fears_question_fits_the_message() -> None:
    assert (
        fears_question(Case(message_kind="fake_legal")).response
        == "utter_triage_fears_legal"
    )
    assert fears_question(Case()).response == "utter_ask_triage_form_fears"
