"""Reading the numbers of a loan from how people say them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from wenzhu.interest.loan import Loan, Payment
from wenzhu.text.normalise import normalise
from wenzhu.text.numerals import parse

LONGEST_TEXT = 300
"""A loan is told in a sentence; a longer text is read no further."""

LARGEST = 100_000_000
MOST_PERIODS = 600
MOST_DAYS = 3660

_HAN = "零一壹二贰两俩三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万"
_NUMBER = (
    r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:万|w|千|k|百)?"
    r"(?:(?<=[万w千k])[1-9](?:千|百)?(?![0-9]|期|个月|周|天|次))?"
    rf"|半?[{_HAN}][{_HAN}]*(?:点[{_HAN}]+)?)"
)
_MONEY = (
    rf"(?P<n>{_NUMBER})(?![0-9{_HAN}%]|[ ]?(?:期|个月|个?星期|周|天|年|次|%|成|号))"
    r"(?:元|块钱?|圆)?"
)
_GAP = (
    r"(?:了|的|是|为|款|金额|总额|有|约|大概|差不多|就|才|只有|只|我|要|得|应|:|,|,| )*"
)
_GLUED = re.compile(
    r"(?<=[万千百0-9])((?:[一二两三四五六七八九]?十[一二三四五六七八九]?|"
    r"(?<=[万0-9])[一二两三四五六七八九])(?:期|个月|个?星期|周|天))"
)

_PRINCIPAL = re.compile(
    rf"(?:借款?|贷款?|本金|合同(?:上|里)?(?:写|金额)?){_GAP}{_MONEY}"
)
_RECEIVED = re.compile(
    rf"(?:到手|到账|实际(?:拿到|收到|到手|到账)?|实到|拿到手?|收到|下款|放款|打给我|发了)"
    rf"{_GAP}{_MONEY}"
)
_UPFRONT = re.compile(
    rf"(?P<apart>另外?|又|还要?|再)?(?:交|收|付)?了?"
    rf"(?:砍头息?|先扣|预扣|(?<![期月])扣掉?|扣除|手续费|服务费|中介费|保证金|押金|评估费)"
    rf"{_GAP}{_MONEY}"
)
_UPFRONT_SHARE = re.compile(
    rf"(?:砍头息?|先扣|预扣|(?<![期月])扣掉?|扣除|手续费|服务费){_GAP}"
    rf"(?P<n>{_NUMBER})(?P<unit>%|成|个点)"
)
_FEE_NAMES = "(?:担保费?|会员费?|保险费?|服务费|管理费|增信费?|信用评估费|手续费)"
_FEE_EACH = re.compile(
    rf"(?:{_FEE_NAMES}(?:每个?(?:期|月)|一个?月|月){_GAP}{_MONEY}"
    rf"|(?:每个?(?:期|月)|一个?月)(?:还?要?(?:交|收|付|扣))?(?:的)?{_FEE_NAMES}"
    rf"{_GAP}{_MONEY.replace('<n>', '<m>')}"
    rf"|{_FEE_NAMES}{_GAP}(?P<k>{_NUMBER})(?:元|块钱?)?"
    r"(?:每个?(?:期|月)|一个?(?:期|月)|/期|/月))"
)
_FEE = re.compile(rf"(?:担保费?|会员费?|保险费?|管理费|增信费?){_GAP}{_MONEY}")
_PERIODS = re.compile(rf"(?!一期)(?<!第)(?P<n>{_NUMBER})[ ]?(?:个)?期(?!没|前)")
_MONTHS = re.compile(rf"(?P<n>{_NUMBER})[ ]?(?:个月)(?!一期|还一次)")
_YEARS = re.compile(
    rf"(?P<n>{_NUMBER})[ ]?年(?!化|利|前|后|息|没|多|了|来|[0-9])(?P<half>半)?"
)
_WEEKS = re.compile(rf"(?P<n>{_NUMBER})[ ]?(?:个?星期|周)(?!一期|还一次)")
_DAYS = re.compile(rf"(?P<n>{_NUMBER})[ ]?天(?!一期|还一次|利|息)")
_EVERY = re.compile(
    rf"每?(?P<n>{_NUMBER})[ ]?(?P<unit>天|周|个?星期|个月)(?:为|是)?(?:一期|还一次|1期)"
    rf"|每期[ ]?(?P<m>{_NUMBER})[ ]?(?P<unit2>天|周|个月)"
)
_WEEKLY = re.compile(r"每周|每个?星期|周供|一周还一次|按周")
_DAILY = re.compile(r"每天还|每日还|日供|按天还")
_EACH = re.compile(
    rf"(?:每期|每个?月|月供|每周|每个?星期|周供|每天|每次|每一期|一期|一个月)"
    rf"(?:要|得|应|需|固定|平均|都)*(?:还款?|供|交|付|扣款?)?(?:本息|利息)?{_GAP}{_MONEY}"
)
_EACH_AFTER = re.compile(
    rf"(?P<n>{_NUMBER})(?:元|块钱?)?[ ]?(?:一期|/期|每期|一个月|/月|每月|一周|/周)"
)
_TOTAL = re.compile(
    rf"(?:一共|总共|合计|总计|共|连本带利|本息|到期|期满)(?:一共|合计|总共)?"
    rf"(?:要|得|应|需)*(?:还款?|付|交)?{_GAP}{_MONEY}"
)
_TOTAL_END = re.compile(
    rf"(?:要还|得还|应还|还款|(?:天|周|期|月|年)(?:后|以后|到期)?,?还){_GAP}{_MONEY}"
)
_BALLOON = re.compile(
    rf"(?:到期|最后一?期?|期满)(?:一次性?)?(?:再|要|得)*还(?:清)?本金?"
    rf"(?:{_GAP}{_MONEY})?|先息后本"
)
_SETTLED = re.compile(
    rf"(?:还(?:了|到|完)?(?:第)?|第)(?P<at>{_NUMBER})[ ]?(?:期|个月)[^0-9]{{0,8}}?"
    r"(?:提前)?(?:一次性?)?(?:结清|还清)"
    rf"(?:{_GAP}(?:又|再|付|交|还|一共|,)*{_GAP}{_MONEY})?"
)
_MISSED = re.compile(
    rf"(?:第)(?P<list>{_NUMBER}(?:[、,和](?:第)?{_NUMBER})*)(?:期|个月)(?:都)?"
    r"(?:没还|没交|断了|断供|漏了?|逾期|欠着)"
    rf"|(?:漏了?|断了?|没还)(?:第)(?P<list2>{_NUMBER}(?:[、,和](?:第)?{_NUMBER})*)(?:期|个月)"
)
_LATE = re.compile(rf"(?:罚息|违约金|滞纳金)(?:每次|每期)?{_GAP}{_MONEY}")
_DAY = r"(?P<y>20[0-9]{2})[年\-/.](?P<mo>[0-9]{1,2})[月\-/.](?P<d>[0-9]{1,2})日?号?"
_START = re.compile(rf"{_DAY}(?:[,那天当日 ])*(?:借|放款|到账|下款|拿到|收到)")
_START_AFTER = re.compile(rf"(?:借款日|放款日|到账日|起息日){_GAP}{_DAY}")
_PAID = re.compile(rf"{_DAY}[ ,]*(?:还|付|交){_GAP}{_MONEY}")
_FULL = re.compile(
    r"全额到|全部到账|都到账|全到|没扣|没有扣|一分没(?:少|扣)|足额|就是这个数|一样(?:多)?|全到手"
)
_LENDERS = {
    "small_loan": re.compile(r"小贷|小额贷款"),
    "licensed": re.compile(r"银行|消费金融|消金|持牌|信托|信用卡"),
    "private": re.compile(
        r"朋友|亲戚|熟人|私人|个人|同事|老乡|高利贷|放贷的|没(?:有)?牌照|714|套路贷"
    ),
    "unknown": re.compile(r"不知道|不清楚|不确定|不晓得|平台|网贷|app|记不"),
}
_ONCE = re.compile(r"一次|就交|只交|开头|先交|扣的|借的时候")
_EACH_TIME = re.compile(r"每|月月|都(?:要|收|交)|按月")


def parse_loan(text: str) -> Loan:
    """The numbers of a loan in a text; what it does not say stays None."""
    said = _GLUED.sub(r" \1", normalise(text[:LONGEST_TEXT]).text)
    loan = Loan(
        start=_day(_START.search(said) or _START_AFTER.search(said)),
        payments=tuple(
            Payment(day, amount)
            for found in _PAID.finditer(said)
            if (day := _day(found)) and (amount := _value(found["n"])) is not None
        ),
        lender=_lender(said),
    )
    said = re.sub(_DAY, " ", said)
    return loan.updated(_fees(said)).updated(_term(said)).updated(_money(said))


def read_answer(loan: Loan, asked: str, text: str) -> Loan:
    """The loan after an answer to what ``asks`` asked for.

    Args:
        loan: what was known.
        asked: the number that was asked for.
        text: the answer, perhaps a bare number.
    """
    told = parse_loan(text)
    if asked != "lender":
        told = replace(told, lender=None)
    said = normalise(text[:LONGEST_TEXT]).text
    bare = _only_number(said)
    if asked == "received" and _FULL.search(said) and told.received is None:
        told = replace(told, received=loan.principal)
    elif asked == "fee":
        return _fee_answered(loan, said)
    elif bare is not None and told == Loan(lender=told.lender):
        # A number that says itself what it is («24期») answers no other question.
        told = _with_number(told, asked, bare)
    return loan.updated(told)


def _missing(told: Loan, asked: str) -> bool:
    stated: dict[str, object] = {
        "principal": told.principal,
        "received": told.received or told.upfront,
        "periods": told.periods,
        "instalment": told.instalment or told.total,
        "settlement": told.settlement,
    }
    return asked in stated and stated[asked] is None


def _with_number(told: Loan, asked: str, number: Decimal) -> Loan:
    if asked == "periods":
        return (
            replace(told, periods=int(number)) if 0 < number <= MOST_PERIODS else told
        )
    changes: dict[str, Any] = {asked: number}
    return replace(told, **changes)


def _fee_answered(loan: Loan, said: str) -> Loan:
    fee = loan.fee_unclear
    if fee is None:
        return loan
    clear = replace(loan, fee_unclear=None)
    if _EACH_TIME.search(said):
        return replace(clear, period_fee=(loan.period_fee or Decimal(0)) + fee)
    if _ONCE.search(said):
        return replace(clear, paid_apart=(loan.paid_apart or Decimal(0)) + fee)
    return loan


def _only_number(said: str) -> Decimal | None:
    found = list(re.finditer(_NUMBER, said))
    return _value(found[0][0]) if len(found) == 1 else None


def _value(text: str | None) -> Decimal | None:
    if text is None:
        return None
    text = text.rstrip(",")
    if text.startswith("半"):
        rest = _value("一" + text[1:]) if len(text) > 1 else None
        return None if rest is None else rest / 2
    return parse(text)


def _day(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["mo"]), int(found["d"]))
    except ValueError:
        return None


def _lender(said: str) -> str | None:
    return next((kind for kind, words in _LENDERS.items() if words.search(said)), None)


def _first(pattern: re.Pattern[str], said: str, *names: str) -> Decimal | None:
    for found in pattern.finditer(said):
        for name in names or ("n",):
            value = _value(found[name])
            if value is not None and value <= LARGEST:
                return value
    return None


def _fees(said: str) -> Loan:
    each = _first(_FEE_EACH, said, "n", "m", "k")
    rest = _FEE_EACH.sub(" ", said)
    fee = None if each is not None else _first(_FEE, rest)
    share, kept = _UPFRONT_SHARE.search(rest), _UPFRONT.search(rest)
    upfront = apart = None
    if share:
        scale = {"成": 10, "个点": 100, "%": 100}[share["unit"]]
        part = _value(share["n"])
        principal = _first(_PRINCIPAL, rest)
        if part is not None and principal is not None:
            upfront = principal * part / scale
    elif kept and kept["apart"]:
        apart = _value(kept["n"])
    elif kept:
        upfront = _value(kept["n"])
    return Loan(upfront=upfront, paid_apart=apart, period_fee=each, fee_unclear=fee)


def _term(said: str) -> Loan:
    every, unit = _distance(said)
    rest = _SETTLED.sub(" ", _MISSED.sub(" ", _EVERY.sub(" ", said)))
    count = _first(_PERIODS, rest)
    if count is None:
        count, unit, every = _span(rest, unit, every)
    missed = _MISSED.search(said)
    listed = (missed["list"] or missed["list2"]) if missed else ""
    numbers = [_value(each) for each in re.findall(_NUMBER, listed)]
    return Loan(
        periods=int(count) if count and 1 <= count <= MOST_PERIODS else None,
        unit=unit,
        every=every if every and every <= MOST_DAYS else None,
        missed=tuple(sorted({int(each) for each in numbers if each})),
        late_fee=_first(_LATE, said) if missed else None,
    )


def _distance(said: str) -> tuple[int | None, str | None]:
    """How far apart the instalments are, if it is said."""
    found = _EVERY.search(said)
    if found:
        number = _value(found["n"] or found["m"])
        unit = found["unit"] or found["unit2"]
        if number:
            if unit == "天":
                return int(number), "day"
            return (int(number), "month") if "月" in unit else (int(number) * 7, "day")
    if _WEEKLY.search(said):
        return 7, "day"
    return (1, "day") if _DAILY.search(said) else (None, None)


def _span(
    said: str, unit: str | None, every: int | None
) -> tuple[Decimal | None, str | None, int | None]:
    """The term from its whole length: 半年, 三年, 10周, 7天."""
    if (months := _first(_MONTHS, said)) is not None:
        return months, unit, every
    if "半年" in said:
        return Decimal(6), unit, every
    if years := _YEARS.search(said):
        number = _value(years["n"])
        if number is not None and number < 40:
            return number * 12 + (6 if years["half"] else 0), unit, every
    if (weeks := _first(_WEEKS, said)) is not None:
        if every == 7:
            return weeks, unit, every
        return Decimal(1), "day", int(weeks) * 7
    if (days := _first(_DAYS, said)) is not None and days >= 1:
        if every:
            return (days / every).to_integral_value(), unit, every
        return Decimal(1), "day", int(days)
    return None, unit, every


def _money(said: str) -> Loan:
    settled = _SETTLED.search(said)
    rest = _FEE_EACH.sub(" ", said)
    rest = _SETTLED.sub(" ", rest)
    received = _first(_RECEIVED, rest)
    principal = _first(_PRINCIPAL, rest)
    if received is None and _FULL.search(rest):
        received = principal
    each = _first(_EACH, rest)
    if each is None:
        each = _first(_EACH_AFTER, rest)
    balloon = _BALLOON.search(rest)
    total = None if balloon else _first(_TOTAL, rest)
    if total is None and each is None:
        total = _first(_TOTAL_END, rest)
    at = _value(settled["at"]) if settled else None
    return Loan(
        principal=principal,
        received=received,
        instalment=each,
        total=total if each is None else None,
        balloon=(_value(balloon["n"]) or principal) if balloon else None,
        settled_after=int(at) if at else None,
        settlement=_value(settled["n"]) if settled else None,
    )
