"""Reading a message, taking turns, and telling where a case stands."""

from __future__ import annotations

import pytest

from tests.unit.guidance.conftest import every_case
from wenzhu.case import Case
from wenzhu.guidance import (
    acknowledge,
    after_facts,
    choices,
    corrected,
    forward,
    next_step,
    reading,
    resume,
    show,
    standing,
)


def responses(says: tuple) -> list[str]:
    return [say.response for say in says]


def test_every_reading_is_one_to_three_bubbles_and_keeps_the_musts() -> None:
    for case in every_case():
        for flags in ((), ("impersonates_court", "insult")):
            full = Case(**{**case.__dict__, "message_red_flags": flags})
            said = responses(reading(full, ["今日不还上门"], "催得太急。"))
            assert 1 <= len(said) <= 3
            if full.message_verdict == "impersonation":
                debt = ("utter_verdict_still_check", "utter_verdict_court_check")
                assert any(s.startswith(debt) for s in said)
            if flags:
                assert any(s.startswith("utter_verdict_court") for s in said), full


def test_a_reading_keeps_to_its_room_with_the_musts_first() -> None:
    for case in every_case():
        for flags in ((), ("impersonates_court", "insult")):
            full = Case(**{**case.__dict__, "message_red_flags": flags})
            said = reading(full, ["今日不还上门"], "催得太急。", room=2)
            assert len(said) <= 2, full
            assert all("buttons_of" not in say.variables for say in said[:-1])


def test_a_reading_without_quotes_does_not_quote() -> None:
    case = Case(message_kind="collection", message_verdict="impersonation")
    assert responses(reading(case))[0] == "utter_verdict_impersonation_plain"


def test_quotes_are_few_short_and_distinct() -> None:
    case = Case(message_kind="collection", message_verdict="unlawful_method")
    said = reading(case, ["一" * 40, "二", "二", "三", "四", "五"])[0]
    assert said.variables["quotes"] == "一" * 11 + "…、二、三"


def test_a_case_walks_from_calm_to_done() -> None:
    case = Case(has_loan="yes", message_kind="collection", fears=("arrest",))
    turn = after_facts(case)
    seen = [turn.stage]
    while turn.stage != "done":
        turn = next_step(Case(**{**case.__dict__, "stage": turn.stage}), "affirm")
        assert turn.says
        seen.append(turn.stage)
    assert seen == ["calm", "check", "evidence", "rights", "act", "done"]


def test_more_stays_in_the_stage_until_its_pages_end() -> None:
    case = Case(has_loan="yes", message_kind="abusive_collection", stage="rights")
    turn = next_step(case, "affirm", 0, "more")
    assert (turn.stage, turn.page) == ("rights", 1)
    while turn.stage == "rights":
        turn = next_step(case, "affirm", turn.page, "more")
    assert turn.stage == "act"


@pytest.mark.parametrize("intent", ["deny", "dont_know"])
def test_a_no_keeps_the_place(intent: str) -> None:
    turn = next_step(Case(stage="check"), intent, 1)
    assert (turn.stage, turn.page) == ("check", 1)


def test_a_new_fear_is_answered_without_losing_the_place() -> None:
    turn = after_facts(Case(stage="rights", fears=("arrest", "shame")), ["shame"])
    assert turn.stage == "rights"
    assert responses(turn.says) == ["utter_calm_shame"]


@pytest.mark.parametrize("stage", ["triage", "calm", "check", "act", "done"])
def test_news_at_any_stage_is_answered(stage: str) -> None:
    assert after_facts(Case(stage=stage)).says


def test_role_is_acknowledged_before_the_loan() -> None:
    said = acknowledge({"role": "relative", "loan_state": "no"})
    assert responses(said) == ["utter_roles_relative_open"]
    assert acknowledge({}) == ()


def test_a_correction_is_taken_disputed_or_asked_for() -> None:
    assert corrected(True).response == "utter_chat_corrected"
    assert corrected(False).response == "utter_chat_correct_what"
    assert corrected(False, ["上门"]).response == "utter_verdict_dispute"


def test_choices_are_named_buttons() -> None:
    assert choices(["ask_letter", "nonsense"]) == [
        {"title": "帮我写信", "payload": "/ask_letter"}
    ]


def test_a_summary_shows_what_is_known_and_only_that() -> None:
    assert show(Case()).response == "utter_chat_show_nothing"
    said = show(
        Case(
            has_loan="yes",
            message_kind="collection",
            message_verdict="verify",
            message_amounts=(3500, 12.5),
            message_overdue_days=45,
            fears=("arrest", "crisis"),
        )
    ).variables["lines"]
    assert "3,500、12.50元" in said
    assert "45天" in said
    assert "署名" not in said
    assert "crisis" not in said


def test_the_line_to_forward_holds_no_text_of_the_message() -> None:
    line = forward(
        Case(message_text="张三 13800138000", message_kind="collection")
    ).variables["line"]
    assert "张三" not in line
    assert "138" not in line


def test_every_case_can_be_summed_up() -> None:
    for case in every_case():
        for say in (standing(case), resume(case)):
            assert "{" not in str(say.variables["standing"])
        assert "{" not in str(forward(case).variables["line"])
