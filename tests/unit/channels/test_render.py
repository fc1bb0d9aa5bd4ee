"""Cutting a long answer, and reading how people write a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_ext.channels.render import Reply, chosen, first_page

MORE = "（还有）"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=900))
def test_pages_fit_end_and_say_everything(text: str) -> None:
    left, shown = text, ""
    for _ in range(400):
        page, left = first_page(left, MORE, limit=120)
        assert len(page.encode()) <= 120
        if not left:
            shown += page
            break
        assert page.endswith(MORE)
        shown += page.removesuffix(MORE)
    assert not left
    assert "".join(shown.split()) == "".join(text.split())


def test_a_page_ends_with_a_bubble_if_it_can() -> None:
    page, rest = first_page("甲。" * 10 + "\n\n" + "乙。" * 30, MORE, limit=150)
    assert page == "甲。" * 10 + "\n\n" + MORE
    assert rest == "乙。" * 30


def test_a_page_ends_with_a_sentence_else() -> None:
    page, rest = first_page("一句话到这里完了。" * 9, MORE, limit=120)
    assert page.removesuffix(f"\n\n{MORE}").endswith("完了。")
    assert rest.startswith("一句话")


def test_a_cut_keeps_a_character_whole() -> None:
    page, rest = first_page("1️⃣" * 100, MORE, limit=60)
    assert not rest.startswith(("\ufe0f", "\u20e3"))
    assert page.removesuffix(f"\n\n{MORE}").endswith("\u20e3")


@pytest.mark.parametrize(
    "text", ["2", " 2 ", "２", "2️⃣", "2⃣", "②", "2.", "2、", "2）", "２。", "02"]
)
def test_a_number_however_written(text: str) -> None:
    assert chosen(text) == "2"


@pytest.mark.parametrize("text", ["没借过", "2个月没还", "2000", "2.5", "", "第二个"])
def test_what_is_no_number_stays(text: str) -> None:
    assert chosen(text) == text


def test_ten_has_a_sign_of_its_own() -> None:
    assert chosen("🔟") == "10"


@pytest.mark.parametrize(
    ("response", "urgent"),
    [("utter_crisis_self", True), ("utter_now_door", True), ("utter_apology", False)],
)
def test_what_stands_alone(response: str, urgent: bool) -> None:
    message = {"text": "…", "utter_action": response}
    assert Reply.of([message]).is_urgent is urgent


def test_empty_messages_are_no_bubbles() -> None:
    assert Reply.of([{"text": " "}, {}, {"text": None, "buttons": []}]) == Reply()
