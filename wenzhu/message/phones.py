"""Telephone numbers in a message; chat names, cards and codes are not numbers."""

from __future__ import annotations

import re

from wenzhu.text.normalise import Normalised

_SEPARATOR = r"[ \-.·_/*#~]{0,2}"
_MOBILE = rf"(?:\+?(?:00)?86[ \-]?)?1[3-9][0-9](?:{_SEPARATOR}[0-9]){{8}}"
_SERVICE = rf"[48]00(?:{_SEPARATOR}[0-9]){{7}}"
_ABROAD = r"(?:00|\+)(?!86)[0-9]{2,3}[ \-]?[0-9]{4}[ \-]?[0-9]{4}"
_LANDLINE = r"\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ \-]{0,2}[0-9]{3,4}[ \-]?[0-9]{4}"
_CODE = (
    r"(?:95[0-9]{3,6}|96[0-9]{3,4}|100(?:86|10|00)(?:0[0-9])?|101[0-9]{2}|"
    r"12(?:110|3[0-9]{2}|395|388)|116114|11185|11183)"
)
_NUMBER = re.compile(
    rf"(?<![0-9a-z*.¥$])(?:(?P<mobile>{_MOBILE})|(?P<service>{_SERVICE})"
    rf"|(?P<abroad>{_ABROAD})|(?P<land>{_LANDLINE})|(?P<code>{_CODE}))(?![0-9*]|\.[0-9]|[a-z])"
)
_CALL = (
    r"(?:电话|致电|拨打|热线|来电|回电|回拨|客服|咨询|详询|详电|联系|拨|电|tel|"
    r"手机|机|打|座机|专线|询)"
)
_SHORT = re.compile(
    r"(?:拨打|致电|报警|请打|电话|热线|拨)[:是为 ]{0,2}"
    r"(?P<short>110|120|119|122|12110|[2-9][0-9]{6,7})(?![0-9*.元万年]|[ ]?元)"
)
_NOT_A_PHONE = re.compile(
    r"(?:微信|[微薇威徽]信?|v信|vx|wx|wechat|qq|扣扣|企鹅|卡号|账号|账户|尾号|订单号?|"
    r"合同(?:编?号)?|编号|验证码|单号|工号|警号|案号|身份证号?|支付宝|流水号|"
    r"群|会议号|会议|邀请码|取件码|车牌号?|借据号?|回复|回|发送|发|号段|运单|金额)"
    r"(?:号码?|群)?[:是为()\[\] ]{0,3}$"
)
_ALSO_A_PHONE = re.compile(r"(?:电话|手机|tel)[/及和与、(]{0,2}[^,。;]{0,4}$")
_MONEY_AFTER = re.compile(r"[ ]?(?:元|块|万|笔|人|名|次|积分|%|号(?![码线]|[ ,。]|$))")
_CARD_BEFORE = re.compile(r"[0-9]{4}[ -]$")
_DIGITS = re.compile(r"[0-9]+")


def find_phones(message: Normalised, taken: list[tuple[int, int]]) -> list[str]:
    """Find the telephone numbers of a message, digits only, each once.

    Args:
        message: The normalised message.
        taken: Spans of the normalised text that are links.
    """
    text = message.text
    found: list[tuple[int, str]] = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(first <= start < last for first, last in taken):
            continue
        before = text[max(0, start - 16) : start]
        if _CARD_BEFORE.search(before):
            continue
        chat = _NOT_A_PHONE.search(before)
        if chat and not _ALSO_A_PHONE.search(before[: chat.start()] + "("):
            continue
        digits = "".join(_DIGITS.findall(match.group()))
        kind = match.lastgroup
        if kind == "mobile":
            digits = digits[-11:]
        if kind == "code":
            called = re.search(rf"{_CALL}[^,。;]{{0,8}}$", before)
            if not called and not re.match(r"[ ]?(?:客服|热线|电话)", text[end:]):
                continue
        if kind != "mobile" and _MONEY_AFTER.match(text, end):
            continue
        found.append((start, digits))
    for match in _SHORT.finditer(text):
        start = match.start("short")
        if not any(first <= start < last for first, last in taken):
            found.append((start, match["short"]))
    return list(dict.fromkeys(digits for _, digits in sorted(found)))
