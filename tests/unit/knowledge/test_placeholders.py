"""What a placeholder says, and what it refuses to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from wenzhu.knowledge import (
    Checked,
    Citation,
    Fact,
    FactNotSayable,
    Knowledge,
    NotSayable,
    Source,
    UnknownFact,
    Value,
    load,
)
from wenzhu.knowledge.placeholders import FIELDS, chinese_date, cite

LAW = Citation("《测试法》", "law", ("第一条", "第二条"), "2021-01-01", None, True)
HEARSAY = Citation(
    "《传闻办法》", "department_rule", ("第九条",), "2020-05", None, False
)
FACT = Fact(
    id="LAW-TEST-1",
    topic="test",
    plain="测试用的一句话。",
    citations=(LAW,),
    confidence="A",
    source=("S-TEST",),
    checked=Checked("2026-11-23", "测试"),
    review_by="2027-11-23",
    values=MappingProxyType({"days": Value("15日", "15", "日"), "rate": Value("24%")}),
    name="测试热线",
    number="12356",
    website="test.gov.cn",
)


def _base(fact: Fact) -> Knowledge:
    source = Source("S-TEST", "O", "测试法（镜像）")
    return Knowledge({fact.id: fact}, {source.id: source}, {})


def _said(fact: Fact, field: str = "", today: date | None = None) -> str:
    return _base(fact).render(fact.id + (f".{field}" if field else ""), today)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("", "《测试法》第一条（2021年1月1日起施行）"),
        ("cite", "《测试法》第一条（2021年1月1日起施行）"),
        ("cites", "《测试法》第一条、第二条（2021年1月1日起施行）"),
        ("instrument", "《测试法》"),
        ("article", "第一条"),
        ("articles", "第一条、第二条"),
        ("since", "2021年1月1日"),
        ("kind_word", "法律"),
        ("number", "12356"),
        ("name", "测试热线"),
        ("website", "test.gov.cn"),
        ("plain", "测试用的一句话。"),
        ("value", "15日"),
        ("value.rate", "24%"),
        ("figure", "15"),
        ("figure.days", "15"),
        ("source", "测试法"),
    ],
)
def test_each_field_says_its_words(field: str, words: str) -> None:
    assert _said(FACT, field) == words


def test_general_advice_may_be_said_and_nothing_else() -> None:
    fact = replace(FACT, confidence="B", citations=(HEARSAY,))
    assert _said(fact, "plain") == FACT.plain
    for field in set(FIELDS) - {"plain", "source"}:
        with pytest.raises(FactNotSayable):
            _said(fact, field)


def test_what_is_sure_of_general_advice_may_be_said() -> None:
    fact = replace(
        FACT,
        confidence="B",
        citations=(HEARSAY, LAW),
        confirmed_fields=("number",),
        values={"rate": Value("24%", confirmed=True)},
    )
    assert _said(fact) == "《测试法》第一条（2021年1月1日起施行）"
    assert "传闻" not in _said(fact, "cites")
    assert _said(fact, "number") == "12356"
    assert _said(fact, "value") == "24%"
    with pytest.raises(FactNotSayable, match="rests on B alone"):
        _said(fact, "name")


def test_an_unconfirmed_citation_of_a_sure_fact_is_not_said() -> None:
    fact = replace(FACT, citations=(HEARSAY, LAW))
    assert _said(fact, "instrument") == "《测试法》"
    with pytest.raises(FactNotSayable):
        _said(replace(FACT, citations=(HEARSAY,)))


@pytest.mark.parametrize("key", ["NO-SUCH", "LAW-RATE-20", "ADD-15", ""])
def test_an_unknown_or_withheld_fact_is_unknown(key: str) -> None:
    with pytest.raises(UnknownFact):
        load().render(key)


@pytest.mark.parametrize("field", ["phone", "value.none", "cite.2", "plain.x", "note"])
def test_an_unknown_field_is_refused(field: str) -> None:
    with pytest.raises(FactNotSayable):
        _said(FACT, field)


def test_a_missing_part_is_refused() -> None:
    bare = replace(
        FACT, citations=(replace(LAW, articles=(), since=None),), values={}, number=None
    )
    for field in ("article", "articles", "since", "number", "value"):
        with pytest.raises(FactNotSayable):
            _said(bare, field)
    assert _said(bare) == "《测试法》"


def test_no_refusal_is_a_key_error() -> None:
    """Rasa answers a ``KeyError`` by showing the raw template to the person."""
    assert not issubclass(NotSayable, KeyError)
    assert issubclass(UnknownFact, NotSayable)
    assert issubclass(FactNotSayable, NotSayable)


def test_an_expired_fact_is_not_said_after_its_last_day() -> None:
    fact = replace(FACT, expires="2026-12-31")
    assert _said(fact, "plain", date(2026, 12, 31))
    with pytest.raises(FactNotSayable, match="2026-12-31"):
        _said(fact, "plain", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("until", "last", "after"),
    [
        ("2026-03-31", date(2026, 3, 31), date(2026, 4, 1)),
        ("2026-03", date(2026, 3, 31), date(2026, 4, 1)),
        ("2026", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_an_ended_text_ends_the_fact(until: str, last: date, after: date) -> None:
    fact = replace(FACT, citations=(replace(LAW, until=until),))
    assert _said(fact, "plain", last)
    with pytest.raises(FactNotSayable):
        _said(fact, "plain", after)
    assert _said(replace(fact, history=True), "plain", after)


@pytest.mark.parametrize(
    ("text", "words"),
    [("2021-01-01", "2021年1月1日"), ("2017-08", "2017年8月"), ("2010", "2010年")],
)
def test_dates_are_said_as_exactly_as_they_are_known(text: str, words: str) -> None:
    assert chinese_date(text) == words


@pytest.mark.parametrize(
    ("kind", "until", "words"),
    [
        ("law", None, "（2021年1月1日起施行）"),
        ("law", "2026-03-31", "（2021年1月1日至2026年3月31日）"),
        ("standard", None, "（推荐性国家标准，2021年1月1日起）"),
        ("industry_rule", None, "（行业自律规范，2021年1月1日起）"),
        ("notice", None, "（2021年1月1日起）"),
        ("register", None, "（截至2021年1月1日）"),
        ("report", None, "（2021年1月1日）"),
    ],
)
def test_a_citation_says_what_it_is(kind: str, until: str | None, words: str) -> None:
    assert cite(replace(LAW, kind=kind, until=until)) == "《测试法》第一条" + words


def test_a_text_is_filled_and_other_braces_stay() -> None:
    base = _base(FACT)
    text = base.fill("拨{LAW-TEST-1.number}，{lender}，{LAW-TEST-1.value.days}内")
    assert text == "拨12356，{lender}，15日内"
    with pytest.raises(UnknownFact):
        base.fill("{LAW-OTHER-1}")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("LAW-CC-188", "《民法典》第一百八十八条（2021年1月1日起施行）"),
        ("LAW-CC-188.value", "三年"),
        ("LAW-PSA-50", "《治安管理处罚法》第五十条（2026年1月1日起施行）"),
        ("LAW-CRIM-293-1", "《刑法》第二百九十三条之一（2021年3月1日起施行）"),
        ("LAW-ZX-25.value", "20日"),
        ("LAW-RATE-24.value", "24%"),
        ("HOT-12356.number", "12356"),
        ("HOT-12321.number", "010-12321"),
        ("CFC-04.name", "天津京东消费金融有限公司"),
        ("LENDER-HC-NAME-OLD.name", "捷信消费金融有限公司"),
        ("LAW-MXF-COLLECT", "《消费金融公司管理办法》（2024年4月18日起施行）"),
    ],
)
def test_the_facts_that_replies_lean_on(key: str, words: str) -> None:
    assert load().render(key) == words


@pytest.mark.parametrize(
    "key", ["LAW-MXF-COLLECT.article", "LAW-XB-41.article", "LAW-RATE-24.article"]
)
def test_an_article_nobody_could_confirm_is_not_said(key: str) -> None:
    with pytest.raises(FactNotSayable):
        load().render(key)


def test_every_fact_renders_without_a_crash() -> None:
    knowledge = load()
    for identifier in knowledge.facts:
        for field in FIELDS:
            try:
                words = knowledge.render(f"{identifier}.{field}")
            except FactNotSayable:
                continue
            assert words.strip() and "None" not in words


def test_a_value_without_a_number_has_no_figure() -> None:
    with pytest.raises(FactNotSayable, match="no number"):
        _said(FACT, "figure.rate")
