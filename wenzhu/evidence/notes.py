"""A call, told in one sentence, as a note: when, how often, from whom, what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_LEAD = re.compile(
    r"^\s*(?:请|麻烦|那)?你?(?:帮我|给我|替我|帮忙)再?"
    r"(?:记(?:一下|下来?|录一下|录下来?|个|一笔|上)|做个记录)[,，:：。\s]*"
)
_CORRECTS = re.compile(
    r"^\s*(?:更正|改正|修正|改)(?:一下)?第\s*(?P<number>[0-9０-９]{1,3}|"
    r"[一二两三四五六七八九十]{1,3})\s*条[,，:：。\s]*"
)
_NUMERAL = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAY = re.compile(r"大?前天|昨天|今天|昨晚|今晚|今早|刚才|刚刚")
_BACK = {"大前天": 3, "前天": 2, "昨天": 1, "昨晚": 1}
_TIME = re.compile(
    rf"(?:凌晨|清早|一早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜)?\s*"
    rf"(?:{_NUMERAL}\s*[点时](?:半|整|钟|一刻|三刻|{_NUMERAL}分?)?|\d{{1,2}}[:：]\d{{2}})"
)
_TIMES = re.compile(
    r"(?P<count>\d{1,3}|[一二两三四五六七八九十几]{1,3}|好几|几十)\s*[个通次遍](?:电话)?"
)
_NUMBER = re.compile(r"(?<![\d:：])(?:\+?86[ -]?)?\d(?:[ -]?\d){4,14}(?!\d)")
_SAID = re.compile(r"(?:说是?|讲|威胁|要求|扬言|骂)[我他她你们]*[,，:：]?\s*")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


@dataclass(frozen=True)
class CallNote:
    """What a person told about a call; what they did not say is empty.

    Attributes:
        text: the whole sentence without the request.
        day: the day meant, as ``2026-11-24``.
        when: the time of day as it was said.
        times: how often, as it was said.
        number: the number that called.
        said: what was said.
        corrects: number of the item that this one puts right.
    """

    text: str
    day: str
    when: str = ""
    times: str = ""
    number: str = ""
    said: str = ""
    corrects: int | None = None

    @property
    def about(self) -> Mapping[str, str]:
        """The parts that were told, by name."""
        parts = {
            "day": self.day,
            "when": self.when,
            "times": self.times,
            "number": self.number,
            "said": self.said,
        }
        return {name: value for name, value in parts.items() if value}


def read_note(text: str, now: datetime) -> CallNote:
    """Take a sentence apart; nothing is guessed, and all of it is kept.

    Args:
        text: as the person wrote it, with or without “帮我记一下”.
        now: the present, from which “昨天” counts.
    """
    corrects = _CORRECTS.match(text)
    told = (text[corrects.end() :] if corrects else _LEAD.sub("", text)).strip()
    day = _DAY.search(told)
    time = _TIME.search(told)
    times = _TIMES.search(told)
    number = _NUMBER.search(told)
    said = _SAID.search(told)
    back = _BACK.get(day[0], 0) if day else 0
    return CallNote(
        text=told,
        day=(now - timedelta(days=back)).date().isoformat(),
        when=time[0].strip() if time else "",
        times=times["count"] if times else "",
        number=number[0] if number else "",
        said=told[said.end() :].strip("。 ") if said else "",
        corrects=_value(corrects["number"]) if corrects else None,
    )


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.get(numeral, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)
