"""The day a person means: «下个月12号», «12月3日», «三天前», «下周二»."""

from __future__ import annotations

import re
from datetime import date, timedelta

from wenzhu.text.folding import fold
from wenzhu.text.numerals import NUMERAL_CHARS, parse

_N = rf"(?:\d{{1,2}}|[{NUMERAL_CHARS}]{{1,3}})"
_FULL = re.compile(r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})")
_MONTH_DAY = re.compile(rf"({_N})月({_N})[日号]?")
_OF_MONTH = re.compile(rf"(上个?月|这个?月|本月|下下个?月|下个?月)的?({_N})[日号]")
_DAY = re.compile(rf"(?<![月\d])({_N})[日号](?![楼店线])")
_AGO = re.compile(rf"({_N})天(?:之?前|以前)")
_AHEAD = re.compile(rf"({_N})天(?:之?后|以后)")
_WEEKDAY = re.compile(
    r"(上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)([一二三四五六日天])"
)
_WORDS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "今天": 0, "今早": 0, "刚才": 0,
    "刚刚": 0, "明天": 1, "大后天": 3, "后天": 2,
}  # fmt: skip
_MONTHS = {"上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEK = "一二三四五六日"
MONTHS_OF_YEAR = 12


def read_day(text: str, today: date, past: bool = False) -> date | None:
    """The day that a sentence names, or None.

    Args:
        text: what the person wrote.
        today: from which «明天» counts.
        past: whether the day is over (a paper was received); else it is to come.
            It decides for days that are named without a month or a year.
    """
    folded = re.sub(r"\s+", "", fold(text))
    return (
        _full(folded)
        or _of_month(folded, today)
        or _in_year(folded, today, past)
        or _counted(folded, today)
        or _weekday(folded, today, past)
        or _this_month(folded, today, past)
    )


def _full(text: str) -> date | None:
    found = _FULL.search(text)
    return _date(*map(int, found.groups())) if found else None


def _of_month(text: str, today: date) -> date | None:
    found = _OF_MONTH.search(text)
    if found is None:
        return None
    offset = _MONTHS[found[1].rstrip("月").rstrip("个")]
    return _in_month(today, offset, _number(found[2]))


def _in_year(text: str, today: date, past: bool) -> date | None:
    found = _MONTH_DAY.search(text)
    if found is None:
        return None
    month, day = _number(found[1]), _number(found[2])
    this = _date(today.year, month, day)
    other = _date(today.year + (-1 if past else 1), month, day)
    return this if this and (this <= today if past else this >= today) else other


def _counted(text: str, today: date) -> date | None:
    for pattern, sign in ((_AGO, -1), (_AHEAD, 1)):
        found = pattern.search(text)
        if found:
            return today + timedelta(days=sign * _number(found[1]))
    named = max((word for word in _WORDS if word in text), key=len, default=None)
    return today + timedelta(days=_WORDS[named]) if named else None


def _weekday(text: str, today: date, past: bool) -> date | None:
    found = _WEEKDAY.search(text)
    if found is None:
        return None
    wanted = _WEEK.index(found[2].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=wanted + 7 * _WEEKS.get(found[1] or "这", 0))
    if found[1] is None and (day > today if past else day < today):
        return day + timedelta(days=-7 if past else 7)
    return day


def _this_month(text: str, today: date, past: bool) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    number = _number(found[1])
    this = _in_month(today, 0, number)
    if this and (this <= today if past else this >= today):
        return this
    return _in_month(today, -1 if past else 1, number)


def _in_month(today: date, offset: int, day: int) -> date | None:
    whole = today.month - 1 + offset
    return _date(today.year + whole // MONTHS_OF_YEAR, whole % MONTHS_OF_YEAR + 1, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(numeral: str) -> int:
    value = parse(numeral)
    return int(value) if value is not None else 0
