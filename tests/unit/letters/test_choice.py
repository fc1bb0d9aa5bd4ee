"""Which letters fit, and what must be settled first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wenzhu.case import Case
from wenzhu.letters import choose, gate, letters, preview, write
from wenzhu.letters.turns import choices, may_hand_over, offer, pick, show

OWES = Case(has_loan="yes")


@pytest.mark.parametrize(
    ("case", "first"),
    [
        (Case(), "verify"),
        (Case(has_loan="forgot"), "verify"),
        (Case(has_loan="no"), "verify"),
        (Case(has_loan="not_mine"), "verify"),
        (OWES, "verify"),
        (replace(OWES, message_verdict="unlawful_method"), "stop_contact"),
        (replace(OWES, message_verdict="impersonation"), "police_report"),
        (Case(role="third_party", other_has_loan="yes"), "stop_contact"),
    ],
)
def test_the_fittest_letter_comes_first(case: Case, first: str) -> None:
    assert choose(case)[0] == first


@pytest.mark.parametrize(
    ("case", "letter", "response"),
    [
        (Case(), "statement", "utter_letters_gate_whose"),
        (Case(has_loan="forgot"), "statement", "utter_letters_gate_whose"),
        (OWES, "negotiate", "utter_limitation_warning"),
        (OWES, "statement", "utter_limitation_warning"),
        (replace(OWES, message_overdue_days=30), "negotiate", None),
        (replace(OWES, message_overdue_days=1094), "negotiate", None),
        (
            replace(OWES, message_overdue_days=1095),
            "negotiate",
            "utter_limitation_warning",
        ),
        (replace(OWES, facts_found=("debt_recent",)), "negotiate", None),
        (replace(OWES, facts_found=("limitation_told",)), "negotiate", None),
        (replace(OWES, facts_found=("lender_has_no_record",)), "negotiate",
         "utter_limitation_warning"),
        (Case(has_loan="no"), "negotiate", "utter_letters_not_for_this"),
        (Case(has_loan="repaid"), "settlement", None),
        (OWES, "verify", None),
        (replace(OWES, message_verdict="impersonation"), "verify",
         "utter_letters_not_for_this"),
        (Case(role="third_party"), "statement", "utter_letters_not_for_this"),
    ],
)  # fmt: skip
def test_the_gate(case: Case, letter: str, response: str | None) -> None:
    say = gate(letter, case)
    assert (say.response if say else None) == response
    assert may_hand_over(letter, case) is (response is None)


def test_the_words_follow_the_loan_state() -> None:
    told = {
        "no": "经我自己查对",
        "not_mine": "身份可能被冒用",
        "repaid": "已经结清",
        "forgot": "无法确认",
        "yes": "需要核对债权人",
    }
    for loan, words in told.items():
        text = preview("verify", Case(has_loan=loan))
        assert words in text
        assert [other for other in told.values() if other in text] == [words]


def test_nothing_of_the_message_enters_a_letter() -> None:
    case = Case(
        has_loan="no",
        message_text="请汇到13800001234寄往某街1号",
        message_lender="某某有限公司",
        message_amounts=(8888.0,),
    )
    for letter_id in choose(case):
        text = preview(letter_id, case)
        assert not any(
            each in text for each in ("13800001234", "某街", "8888", "某某有限")
        )


def test_blanks_are_listed_once() -> None:
    letter = write("verify", Case(has_loan="no"))
    assert "姓名" in letter.blanks
    assert len(set(letter.blanks)) == len(letter.blanks)


def test_the_offer_names_at_most_five_letters() -> None:
    says = offer(OWES)
    assert [say.response for say in says] == ["utter_letters_list"]
    assert str(says[0].variables["letters"]).count("、") == 4
    assert [each.letter for each in choices(OWES)] == list(choose(OWES)[:5])
    later = choices(OWES, page=1)
    assert [each.letter for each in later] == list(choose(OWES)[5:10])


def test_a_button_carries_a_payload_rasa_reads() -> None:
    button = choices(OWES)[0].button
    assert button == {
        "title": "异议与核实函",
        "payload": '/ask_letter{"letter":"verify"}',
    }


@pytest.mark.parametrize(
    ("case", "responses"),
    [
        (
            Case(role="relative", other_has_loan="yes"),
            ["utter_letters_relative", "utter_letters_list"],
        ),
        (Case(role="third_party"), ["utter_letters_list_contact"]),
        (Case(message_verdict="impersonation"), ["utter_letters_list_scam"]),
    ],
)
def test_the_offer_fits_the_speaker(case: Case, responses: list[str]) -> None:
    assert [say.response for say in offer(case)] == responses


def test_picking_says_when_not_to_send() -> None:
    (say,) = pick("verify", OWES)
    assert say.response == "utter_letters_about"
    assert say.variables["when_not"] == letters()["verify"].when_not


def test_picking_stops_at_the_gate() -> None:
    (say,) = pick("negotiate", OWES)
    assert say.response == "utter_limitation_warning"
    assert say.variables["buttons_of"] == "utter_letters_gate_next"
    assert show("negotiate", OWES) == (say,)


def test_a_complaint_is_shown_with_the_clock() -> None:
    responses = [say.response for say in show("complaint", OWES)]
    assert responses == [
        "utter_letters_preview",
        "utter_letters_after_complaint",
    ]


def test_the_preview_is_drawn_as_a_letter() -> None:
    card = show("complaint", OWES)[0].card
    assert card is not None and card["card"] == "letter"
    text = str(show("complaint", OWES)[0].variables["text"])
    shown = f"{card['data']['title']}\n\n{card['data']['text']}"
    assert shown.replace("\n\n", "\n") == text


def test_an_unknown_letter_gives_the_offer_again() -> None:
    assert pick("nonsense", OWES) == offer(OWES)
    assert show("nonsense", OWES) == offer(OWES)
    assert not may_hand_over("nonsense", OWES)
