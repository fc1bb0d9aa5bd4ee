"""Amounts of money in a message, in yuan."""

from __future__ import annotations

import re
from decimal import Decimal

from wenzhu.text.normalise import Normalised
from wenzhu.text.numerals import NUMERAL_CHARS, parse

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_MIXED = rf"{_ARABIC}(?:[十百千万亿wk仟佰](?:[0-9]{{1,4}}(?=[千百元块])[千百])?)*"
_HAN = (
    "[一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾廿卅百佰千仟]"
    f"[{NUMERAL_CHARS}]*(?:点[{NUMERAL_CHARS}]+万?)?"
)
_NUMBER = rf"(?:{_MIXED}|{_HAN})"
_RANGE = r"[ ]?(?:-|~|—{1,2}|至|到|―|一)[ ]?"
_UNIT = (
    r"(?:余|多|来|几|左右|整)?(?:元|块钱?|圆|rmb|人民币|cny|yuan|大洋)(?![素旦宵宇])"
)
_PREFIX = r"(?:¥|rmb[: ]?|人民币[:为 ]?|cny[: ]?|\$)[ ]?"
_TIGHT_UNIT = r"(?:[万亿w千k](?:余|多|左右|整|以上|以内|起)?)"
_NOT_MONEY = (
    r"(?!人|用户|家|名(?!额)|次|积分|里|字|份|步|公里|平|户|个(?!w)|件|张|位|台|粉|"
    r"种|瓦|年|级|条|米|吨|亩|mah|m|g|p|b|h|d|点|号|分(?!期)|豆|币|座|股|辆|里程|kg|n|x|i|o)"
)
_MONEY = re.compile(
    rf"(?:(?P<prefix>{_PREFIX})-?|(?<![0-9.])(?<![几数第])(?<!尾号))"
    rf"(?P<first>{_NUMBER})(?:(?P<range>{_RANGE})(?P<second>{_NUMBER}))?[ ]?"
    rf"(?:(?P<unit>{_UNIT})|(?P<tail>))"
)
_WORDS = (
    r"(?:还剩|借钱|欠钱|金额|欠款|欠|本金|本息|利息|罚息|违约金|滞纳金|应还款?|待还|需还|还款|额度|账单|借款|贷款|"
    r"共计|合计|总计|总额|总共|余额|结清|减免|仅需|只需|还需|欠费|费用|手续费|服务费|"
    r"保证金|解冻费|会员费|可借|可贷|可提|提现|借|到账|放款|透支|逾期|每期|月供|首期|"
    r"扣款|支付|转账?|缴纳|交|缴|还|付|退款|赔付|最低|存|充值|消费|支出|收入|拖欠|下款|批款|"
    r"授信|提额至?|提升至|打款|汇款|补交)"
)
_BARE = re.compile(
    rf"{_WORDS}(?:金额|总额|额度?|款|费用?|现|最高|高达|为|是|约|共|计|总计|合计|了|至|到|达|的|"
    rf"本金|未还|应还|:|=| ){{0,3}}(?P<value>{_ARABIC}|[{NUMERAL_CHARS}]{{2,}})"
    r"(?![0-9]|[*x]|\.[0-9]|[ ]?(?:天|日|号|期|年|月|个|折|点|时|分钟|位|%|次|笔|元|块|万|w|k|千|-|:|/|人|"
    r"家|层|厘|小时|圆|余|多|周|倍|分|工作|[a-z]))"
)
_DATE_AFTER = re.compile(
    r"[ ]?(?:天|日|月|年|号|期|点|时|分钟|小时|%|‰|折|厘|倍|周|个月)"
)


def find_amounts(
    message: Normalised, taken: list[tuple[int, int]]
) -> tuple[float, ...]:
    """Find every amount of money, in the order of the text, repeats dropped.

    Args:
        message: The normalised message.
        taken: Spans of the normalised text that are links or telephone numbers.
    """
    text = message.text
    found: list[tuple[int, Decimal]] = []
    covered: list[tuple[int, int]] = []
    for match in _MONEY.finditer(text):
        if _inside(match.start("first"), taken):
            continue
        values = _values(match, text)
        if values:
            found.extend((match.start() + n, value) for n, value in enumerate(values))
            covered.append(match.span())
    for match in _BARE.finditer(text):
        start = match.start("value")
        if _inside(start, taken) or _inside(start, covered):
            continue
        number = parse(match["value"])
        digits = match["value"].split(".")[0].replace(",", "")
        if number is None or len(digits) > 7 or (number < 10 and "." not in digits):
            continue
        if digits.isdigit() and len(digits) < 3 and "." not in match["value"]:
            continue
        found.append((start, number))
    ordered = [float(value) for _, value in sorted(found, key=lambda pair: pair[0])]
    return tuple(dict.fromkeys(ordered))


def _values(match: re.Match[str], text: str) -> list[Decimal]:
    """Read the one or two amounts of a match, or none if it is no money."""
    first, second = match["first"], match["second"]
    last = second or first
    unit, prefix = match["unit"], match["prefix"]
    after = text[match.end() :]
    large = re.search(r"[万亿w]$|[千k仟]$|[百佰]$", last)
    before = text[match.start() - 1 : match.start()]
    if not unit and not prefix:
        if before.isascii() and before.isalpha():
            return []
        if not re.search(r"(?:[万亿]|[0-9](?:w|k|千))$", last):
            return []
        if re.match(_NOT_MONEY[3:-1], after) or re.match(r"[0-9a-z]", after):
            return []
        if last in ("万", "亿", "千", "百万", "千万", "亿万", "万万"):
            return []
    if not unit and prefix and _DATE_AFTER.match(after):
        return []
    if first.isdigit() and len(first) > 9:
        return []
    high = parse(last)
    low = parse(first)
    if high is None or low is None:
        return []
    if second is None:
        return [high]
    # 5-20万: the unit of the second number counts for the first as well.
    if large and not re.search(r"[万亿wk千仟]$", first):
        scale = parse(f"1{large.group()}") or Decimal(1)
        low *= scale
    if match["range"].strip() == "一" and not first[-1].isdigit():
        return [high]
    return [low, high]


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= position < last for first, last in spans)
