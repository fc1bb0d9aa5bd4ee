"""Plain words decide a topic; they never lead to one that does not exist."""

from __future__ import annotations

from datetime import date

import pytest

from wenzhu.case import Case
from wenzhu.guidance import answer, data
from wenzhu.guidance.basis import TOPIC, basis
from wenzhu.guidance.heard import (
    asks_something,
    by_words,
    decided,
    letter_named,
    topic_of,
)
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.questions import questions
from wenzhu.letters.library import letters

FALLBACK = "utter_answers_general"


def test_every_topic_has_an_answer() -> None:
    known = {*questions(), *data.read("answers")["topics"], *OUTCOMES, TOPIC}
    assert {row["topic"] for row in data.read("heard")["heard"]} <= known


def test_every_named_letter_exists() -> None:
    assert {row["letter"] for row in data.read("heard")["letters"]} <= set(letters())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("12378 到底管啥", "q-12378"),
        ("打過12368了，沒人接", "q-12368-busy"),
        ("呆账咋消掉呀", "q-bad-account"),
        ("终本之后呢", "q-enforce-ended"),
        ("动车票还买得到不？", "q-xiangao"),
        ("我16岁，借了点钱", "minor"),
        ("这是哪条法律规定的", "which_law"),
        ("客服说没查到我的记录", "lender_has_no_record"),
        ("他说再交1500就给我解", "q-paid-refund-scam"),
        ("听人讲反催收挺管用", "refuse_agent"),
        ("停息挂账国家有规定吗", "q-agent"),
        ("我好想睡觉", None),
        ("催收打到我公司来了", None),
        ("他们要砸我家", None),
    ],
)
def test_words_decide(text: str, topic: str | None) -> None:
    assert by_words(text) == topic


def test_a_long_story_is_left_to_the_model() -> None:
    assert by_words("这事说来话长" * 20 + "12378") is None


def test_an_article_comes_before_words_and_words_before_the_model() -> None:
    assert topic_of("民诉法147条 12378", "q-jail") == "q-not-appear"
    assert topic_of("12378是啥", "q-jail") == "q-12378"
    assert topic_of("会不会坐牢", "q-jail") == "q-jail"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("能抓我吗", True), ("会不会", True), ("几天上征信", True), ("我害怕", False)],
)
def test_a_question_is_told_from_a_statement(text: str, is_one: bool) -> None:
    assert asks_something(text) is is_one


def test_a_letter_is_found_by_its_name() -> None:
    assert letter_named("帮我写征信异议申请") == "credit_dispute"
    assert letter_named("帮我写信") is None


def test_which_law_names_the_law_of_the_last_answer() -> None:
    says = basis(["utter_q_collect_employer_more"], date(2026, 11, 24))
    assert says[0].variables["laws"].startswith("《")
    assert "buttons_of" in says[-1].variables
    assert basis(["utter_chat_thanks"], date(2026, 11, 24)) == ()


def test_plain_topics_are_answered_not_fallen_through() -> None:
    for row in data.read("heard")["heard"]:
        if row["topic"] in (*OUTCOMES, TOPIC, "not_held"):
            continue
        says = answer("ask_rights", Case(), row["topic"])
        assert says
        assert FALLBACK not in {say.response for say in says}


@pytest.mark.parametrize(
    ("text", "said", "topic", "follows"),
    [
        ("这种要还吗", ["utter_interest_limit_unlicensed"], "q-illegal-lender", True),
        ("这种要还吗", [], "need_pay", False),
        ("现在还能干嘛", ["utter_q_arbitration"], "q-arbitration-after", True),
        ("12378怎么打", ["utter_q_arbitration"], "q-12378", False),
    ],
)
def test_words_that_fit_anything_yield_to_the_answer_before(
    text: str, said: list[str], topic: str, follows: bool
) -> None:
    assert decided(text, said) == (topic, follows)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("好，那我现在去app看看", "will_check"),
        ("看了，app里确实有这笔", "lender_has_record"),
        ("app里没有这笔", "lender_has_no_record"),
        ("去哪查征信", None),
        ("官方有没有通话记录", None),
    ],
)
def test_going_to_check_and_coming_back(text: str, topic: str | None) -> None:
    assert by_words(text) == topic
