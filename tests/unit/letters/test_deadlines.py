"""Days are read from words, counted from a paper in hand, and shown again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wenzhu.case import Case
from wenzhu.letters.dates import Reminder
from wenzhu.letters.days import read_day
from wenzhu.letters.deadlines import (
    kept,
    read_deadline,
    reminded,
    says,
    told_from_slot,
)

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "past", "day"),
    [
        ("下个月12号开庭", False, date(2026, 12, 12)),
        ("12月3日", False, date(2026, 12, 3)),
        ("十二月十二日", False, date(2026, 12, 12)),
        ("1月5号", False, date(2027, 1, 5)),
        ("2026年12月1日", False, date(2026, 12, 1)),
        ("15号", False, date(2026, 12, 15)),
        ("二十号拿到的", True, date(2026, 11, 20)),
        ("11月20号收到", True, date(2026, 11, 20)),
        ("三天前", True, date(2026, 11, 25)),
        ("大前天", True, date(2026, 11, 25)),
        ("上周五", True, date(2026, 11, 20)),
        ("下周二", False, date(2026, 12, 1)),
        ("周三", False, date(2026, 12, 2)),
        ("2月30日", False, None),
        ("还剩15天", False, None),
        ("没有日子", False, None),
    ],
)
def test_a_day_is_read(text: str, past: bool, day: date | None) -> None:
    assert read_day(text, TODAY, past) == day


@pytest.mark.parametrize(
    ("text", "name", "day", "counted", "whence"),
    [
        ("手上有传票，下个月12号开庭", "hearing", date(2026, 12, 12), False, "paper"),
        ("支付令是11月20号收到的", "payment_order", date(2026, 12, 5), True, "paper"),
        ("判决书昨天拿到的", "appeal", date(2026, 12, 12), True, "paper"),
        ("起诉状副本上周五收到", "answer", date(2026, 12, 5), True, "paper"),
        ("短信说12月1日开庭", "hearing", date(2026, 12, 1), False, "message"),
        ("12月20日开庭", "hearing", date(2026, 12, 20), False, "unsaid"),
        ("征信异议11月20号提交的", "credit_dispute", date(2026, 12, 10), True, "paper"),
    ],
)  # fmt: skip
def test_a_date_is_understood(
    text: str, name: str, day: date, counted: bool, whence: str
) -> None:
    told = read_deadline(text, TODAY)
    assert told is not None
    assert (told.name, told.day, told.counted, told.whence) == (
        name,
        day,
        counted,
        whence,
    )


@pytest.mark.parametrize(
    "text", ["他们说下周二上门", "我手里有传票", "传票昨天收到", "15天从哪天算", "你好"]
)
def test_other_sentences_are_about_no_date(text: str) -> None:
    assert read_deadline(text, TODAY) is None


def test_a_case_that_a_court_confirmed_counts_as_a_paper() -> None:
    case = Case(facts_found=("court_has_case",))
    told = read_deadline("12月20日开庭", TODAY, case)
    assert told is not None
    assert told.whence == "paper"


def test_what_is_said_depends_on_where_the_date_stands() -> None:
    def said(text: str) -> list[str]:
        told = read_deadline(text, TODAY)
        assert told is not None
        return [say.response for say in says(told, TODAY)]

    assert said("传票上写12月20日开庭")[-1] == "utter_deadline_day"
    assert said("支付令是11月20号收到的")[-1] == "utter_deadline_counted"
    assert said("12月20日开庭")[-1] == "utter_deadline_whence"
    assert said("短信说12月1日开庭") == ["utter_letters_calendar_check_first"]
    assert said("支付令是10月1号收到的") == ["utter_letters_calendar_past"]
    assert said("能不能加到日历") == ["utter_deadline_when"]


def test_a_date_outlives_the_turn() -> None:
    told = read_deadline("支付令是11月20号收到的", TODAY)
    assert told is not None
    again = told_from_slot(told.to_slot(), "paper")
    assert again == told
    assert told_from_slot({"name": "nonsense", "day": "2026-12-01"}, "paper") is None


def test_the_words_count_the_days() -> None:
    def left(days: int) -> object:
        reminder = Reminder("hearing", TODAY + timedelta(days=days))
        return reminded(reminder, TODAY).variables["left"]

    assert left(10) == "还有10天"
    assert left(1) == "就是明天"
    assert left(0) == "就是今天"
    assert left(-2) == "已经过了2天"
    over = reminded(Reminder("hearing", TODAY - timedelta(days=1)), TODAY)
    assert over.response == "utter_deadline_over"
    assert kept(Reminder("hearing", TODAY), "x/y", TODAY).variables["link"] == "x/y"
