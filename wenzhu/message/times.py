"""Days overdue and the time to act by, as the message states them."""

from __future__ import annotations

import re

from wenzhu.text.normalise import Normalised
from wenzhu.text.numerals import NUMERAL_CHARS, parse

_NUMBER = rf"(?P<days>[0-9]{{1,4}}|[{NUMERAL_CHARS}]{{1,6}})"
_LATE = r"(?:逾期|超期|拖欠|欠款|欠费|违约|延期未还|过期|延滞|拖延|超时|逾欠|逾其|愈期|预期)"
_OVERDUE = (
    re.compile(
        rf"{_LATE}(?:的?(?:天数|日数|时间|时长|状态)|已经?|超过|超|达到|达|长达|了|近|约|有|"
        rf"未还|至今|共计?|款项?|满|第|未处理|未归还|还款|高达|整整|快|将近|为|是|账龄|"
        rf"[:=(\[ ]){{0,6}}{_NUMBER}[ ]?(?:多|余|来|个)?(?:天|日|day)(?!内|之内|以内|前)"
    ),
    re.compile(
        rf"(?:超过|超出|已过)(?:还款日|还款期|到期日|约定还款日|最后还款日)(?:期)?"
        rf"(?:已|超|达|有){{0,2}}{_NUMBER}(?:多|余)?(?:天|日)"
    ),
    re.compile(
        rf"{_NUMBER}(?:多|余)?(?:天|日)(?:的)?(?:逾期|未还|没还|未归还|没有还|未处理|没处理|"
        r"未还款|没还款|仍未|还没还|不还|了还不|了还没|了仍|了还未|未履行|拖欠)"
    ),
    re.compile(
        rf"(?:已经?|拖了|拖|欠了|晚了)(?:逾期|过期)?{_NUMBER}(?:多|余)?(?:天|日)(?:了|没|未)"
    ),
)
_IF = re.compile(
    r"(?:如果?|若|一旦|倘若|假如|凡|达到|将在|每|未来|上报|时)[^,。;!?]{0,8}$"
)

_CLOCK = (
    r"(?:[0-9一二三四五六七八九十两]{1,3}(?::[0-9]{2}(?::[0-9]{2})?|点(?:半|整|钟|"
    r"[0-9]{1,2}分?)?|时(?:[0-9]{1,2}分|整)?))"
)
_PART = r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚|夜里|午夜|早|午)"
_NAMED = (
    r"(?:今[天日]|今晚|今夜|今早|今儿|当[天日]|本日|明[天日]|明早|明晚|后天|大后天|本周[一二三四五六日天内末]?|"
    r"下?周[一二三四五六日天]|星期[一二三四五六日天]|(?:[0-9]{1,2}|本|下|这个?)月[底末初]|月底|月末|次日)"
)
_DATE = (
    r"(?:(?:20[0-9]{2})?[-年./]?[0-9]{1,2}[-月./][0-9]{1,2}[日号]?|(?:本月|下月|每月|次月|当月)"
    r"[0-9]{1,2}[日号]|[0-9]{1,2}[日号](?!码|线))"
)
_AT = rf"(?:[ ]?{_PART})?(?:[ ]?{_CLOCK})?"
_SPAN = (
    r"(?:[0-9]{1,3}|[一二两三四五六七八九十半]{1,3}|半)(?:个)?"
    r"(?:小时|分钟|钟头|工作日|自然日|天|日|h)(?:半)?"
)
_END = r"(?:之前|以前|前|之内|以内|内|为止|止|截止)"
_DUE_WORD = (
    r"(?:还款日|到期日|最后还款日|到期还款日|截止日|截止日期|最后期限|截止时间|还款期限|还款日期|"
    r"缴费截止|期限|截至|截止|开庭时间|有效期至|有效期|时限|到期时间|最晚|最迟)"
)
_DEADLINES = (
    # 今日18:00前, 7月15日前, 24小时内
    (
        5,
        re.compile(
            rf"(?P<when>(?:收到(?:本|此|该)?(?:短信|信息|通知|函件?)(?:后|之日起)?(?:的)?)?"
            rf"(?:{_NAMED}{_AT}|{_DATE}{_AT}|{_PART}?{_CLOCK}|{_SPAN}|下班|天黑|零点|"
            rf"24点|睡觉|收盘|午夜)(?:整|钟)?{_END})"
        ),
    ),
    (4, re.compile(rf"{_DUE_WORD}(?:为|是|至|到|:|于|在|日| ){{0,3}}(?P<when>(?:{_DATE}|{_NAMED}){_AT})")),
    (4, re.compile(rf"(?:期限|时限)(?:为|是|:| ){{0,2}}(?P<when>{_SPAN})")),
    (4, re.compile(rf"(?:仅剩|只剩|还剩|剩余|倒计时|限时?|给[你您]|再给[你您]|最后|宽限)(?:最后|:|的)?(?P<when>{_SPAN})")),
    (4, re.compile(rf"(?P<when>{_SPAN})(?:后|的)?(?:失效|过期|作废|关闭|上门|未处理|不处理|未还|不还|倒计时|后果|时间)")),
    (3, re.compile(rf"(?:于|在|将于|将在|至|到|务必|必须|请|限|最后)(?P<when>(?:{_NAMED}|{_DATE}){_AT})(?=[^,。;]{{0,10}}(?:到期|还|扣|处理|缴|付|到庭|开庭|办理|失效|截止|联系|回复|结清|参加|前往|到场|截|有效|过期|清零|偿))")),
    (3, re.compile(rf"(?P<when>(?:{_NAMED}){_AT})(?:内|为|是|必须|务必|不|未|没|再不|若|如|截止|失效|到期|最后|还不|一定|要|将|过期|处理|给我|就|前不|还款|是还款日|之后|见不到|看不到|联系|结清|仍|还|办理|有效|清零|之内|缴|付|转|可|打款|交)")),
    (2, re.compile(rf"(?P<when>{_DATE}{_AT})(?:[ ]?)(?:到期|开庭|截止|失效|还款|扣款|为还款|是还款|有效|过期|清零|应还)")),
    (2, re.compile(r"(?P<when>(?:即日起)?(?:[0-9]{1,2}|[一二两三四五七十]{1,2})(?:个)?(?:天|日|工作日)(?:后|之后))(?:到期|为还款|是还款|还款|扣款)")),
)  # fmt: skip
_PAST = re.compile(
    r"(?:已于|您于|曾于|发生于|借款日|申请于|于[^,。;]{0,4}申请|截至|截止到?目前|验证码[^,。;]{0,12})$"
)


def find_overdue_days(message: Normalised) -> int | None:
    """Return the days overdue if the message states them in days."""
    text = message.text
    for pattern in _OVERDUE:
        for match in pattern.finditer(text):
            if _IF.search(text[max(0, match.start() - 12) : match.start()]):
                continue
            days = parse(match["days"])
            if days is not None and 0 < days < 10_000:
                return int(days)
    return None


def find_deadline(message: Normalised) -> tuple[int, int] | None:
    """Return the span, in the normalised text, of the last time to act."""
    best: tuple[float, int, int] | None = None
    text = message.text
    for weight, pattern in _DEADLINES:
        if best is not None and best[0] > weight:
            break
        for match in pattern.finditer(text):
            start, end = match.span("when")
            if _PAST.search(text[max(0, start - 14) : start]):
                continue
            if best is None or weight >= best[0]:
                best = (weight, start, end)
    return None if best is None else (best[1], best[2])
