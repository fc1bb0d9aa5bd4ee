"""The plan of every case: no dead end, no contradiction, never too much."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.guidance.conftest import ROLES, VERDICTS, every_case
from wenzhu.case import Case
from wenzhu.guidance import data, plan
from wenzhu.guidance.plan import PAGE, STAGES

FEARS = tuple(data.fears())
FLAGS = tuple(data.read("names")["flag"])
NOT_A_DEBTOR = ("no", "not_mine", "repaid")


def steps_of(case: Case) -> dict[str, list[str]]:
    return {stage: [s.id for s in plan(case).steps[stage]] for stage in STAGES}


def tags_of(case: Case) -> set[str]:
    return {tag for stage in STAGES for s in plan(case).steps[stage] for tag in s.tags}


def test_every_pair_is_there_once() -> None:
    loans = ("yes", "no", "forgot", "repaid", "not_mine", "unknown")
    kinds = (*list(data.read("names")["kind"])[:-1], "none")
    assert len(data.read("pairs")["pairs"]) == 54
    assert set(data.pairs()) == set(itertools.product(loans, kinds))


def test_no_two_loan_states_get_the_same_steps_for_collection() -> None:
    seen = {
        str(steps_of(Case(has_loan=loan, message_kind="collection")))
        for loan in ("yes", "no", "forgot", "repaid", "not_mine", None)
    }
    assert len(seen) == 6


def test_every_stage_of_every_case_says_something() -> None:
    for case in every_case(fears=((), *((fear,) for fear in FEARS))):
        planned = plan(case)
        for stage in STAGES:
            assert planned.pages(stage) >= 1, (stage, case)
            shown = [
                say
                for page in range(planned.pages(stage))
                for say in planned.stage(stage, page)
            ]
            assert len(shown) == len({s.response for s in shown}), (stage, case)
            for page in range(planned.pages(stage)):
                bubbles = planned.stage(stage, page)
                assert 1 <= len(bubbles) <= PAGE
                assert "buttons_of" in bubbles[-1].variables


def test_page_past_the_last_is_empty() -> None:
    planned = plan(Case())
    assert planned.stage("check", 50) == ()


def test_more_pages_offer_more_and_the_last_offers_the_next_stage() -> None:
    planned = plan(Case(has_loan="yes", message_kind="collection"))
    assert planned.pages("check") > 1
    first = planned.stage("check", 0)[-1].variables["buttons_of"]
    last = planned.stage("check", planned.pages("check") - 1)[-1]
    assert first == "utter_next_check_more"
    assert last.variables["buttons_of"] == "utter_next_check"


def test_who_owes_nothing_is_never_told_to_pay_or_to_negotiate() -> None:
    for case in every_case(fears=((), FEARS)):
        if case.loan in NOT_A_DEBTOR or case.role == "third_party":
            assert "pays" not in tags_of(case), case


def test_who_owes_is_never_told_to_deny_it() -> None:
    for case in every_case():
        if case.loan == "yes":
            assert not tags_of(case) & {"denies", "settled"}, case


def test_only_a_settled_debt_is_called_settled() -> None:
    for case in every_case():
        if case.loan != "repaid":
            assert "settled" not in tags_of(case), case


def test_nothing_is_written_to_or_negotiated_with_an_impostor() -> None:
    for case in every_case(fears=((), FEARS)):
        if case.message_verdict == "impersonation":
            steps = steps_of(case)
            assert not {"act_letter_stop", "act_negotiate", "act_complain"} & set(
                steps["act"]
            ), case
            assert "check_no_click" in steps["check"], case


def test_an_impostor_does_not_undo_a_real_debt() -> None:
    for case in every_case():
        owes = case.loan in ("yes", "forgot", None) and case.role != "third_party"
        debt = case.message_kind != "loan_marketing"
        if case.message_verdict == "impersonation" and owes and debt:
            assert "act_still_check" in steps_of(case)["act"], case


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_claimed_court_is_checked_first_and_within_a_day(
    role: str, verdict: str
) -> None:
    for loan, kind in data.pairs():
        if kind == "none":
            continue
        case = Case(
            has_loan=loan if role == "self" and loan != "unknown" else None,
            other_has_loan=loan if role != "self" and loan != "unknown" else None,
            role=role,
            message_kind=kind,
            message_verdict=verdict,
            message_red_flags=("impersonates_court",),
        )
        assert "check_court" in steps_of(case)["check"][:2], case


def test_a_relative_is_told_first_who_you_means() -> None:
    for case in every_case():
        if case.role == "relative":
            for stage in STAGES:
                assert steps_of(case)[stage][0].startswith(f"{stage}_relative"), case


def test_a_third_party_never_looks_into_the_debtors_account() -> None:
    debtor_only = {
        "check_contract",
        "check_amount",
        "act_limitation",
        "act_pay_safe",
        "act_court",
    }
    for case in every_case(fears=((), FEARS)):
        if case.role == "third_party":
            said = {step for steps in steps_of(case).values() for step in steps}
            assert not said & debtor_only, case


def test_each_fear_adds_one_bubble_and_at_most_one_step() -> None:
    for case in every_case():
        plain = steps_of(case)
        for fear in FEARS:
            worried = steps_of(Case(**{**case.__dict__, "fears": (fear,)}))
            added = [
                step
                for stage in STAGES[1:]
                for step in worried[stage]
                if step not in plain[stage]
            ]
            assert len(added) <= 1, (fear, case)
            assert f"calm_{fear}" in worried["calm"]


def test_fears_are_answered_in_the_order_they_were_said() -> None:
    case = Case(has_loan="yes", fears=("shame", "arrest"))
    calm = steps_of(case)["calm"]
    assert calm.index("calm_shame") < calm.index("calm_arrest")


def test_crisis_is_not_the_plans_business() -> None:
    assert steps_of(Case(fears=("crisis",))) == steps_of(Case())


def test_what_the_lender_answered_changes_the_plan() -> None:
    before = Case(has_loan="forgot", message_kind="collection")
    after = Case(**{**before.__dict__, "facts_found": ("lender_has_no_record",)})
    assert steps_of(after)["check"][0] == "check_found_no_record"
    assert "check_found_no_record" not in steps_of(before)["check"]


def test_limitation_is_not_mentioned_for_a_fresh_debt() -> None:
    old = Case(has_loan="yes", message_kind="collection", message_overdue_days=1500)
    new = Case(has_loan="yes", message_kind="collection", message_overdue_days=45)
    assert "act_limitation" in steps_of(old)["act"][:2]
    assert "act_limitation" not in steps_of(new)["act"]


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Case,
        has_loan=st.sampled_from(["yes", "no", "forgot", "repaid", "not_mine", None]),
        other_has_loan=st.sampled_from(["yes", "no", "forgot", None]),
        message_kind=st.sampled_from([*list(data.read("names")["kind"])[:-1], None]),
        message_verdict=st.sampled_from([*VERDICTS, None]),
        role=st.sampled_from(ROLES),
        message_red_flags=st.lists(st.sampled_from(FLAGS), max_size=6, unique=True).map(
            tuple
        ),
        fears=st.lists(st.sampled_from(FEARS), max_size=6, unique=True).map(tuple),
        message_overdue_days=st.sampled_from([None, 5, 400, 2000]),
    )
)
def test_any_case_has_a_whole_and_repeatable_plan(case: Case) -> None:
    assert plan(case) == plan(case)
    for stage in STAGES:
        assert plan(case).stage(stage)
        responses = [step.say.response for step in plan(case).steps[stage]]
        assert len(responses) == len(set(responses)), stage
    if case.loan in NOT_A_DEBTOR or case.role == "third_party":
        assert "pays" not in tags_of(case)
