"""Folding, normalising, numerals and sounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenzhu.text.folding import fold
from wenzhu.text.normalise import normalise
from wenzhu.text.numerals import parse
from wenzhu.text.pinyin import fuzzy_syllable

ANY_TEXT = st.text(
    alphabet=st.characters(exclude_categories=()) | st.sampled_from("亻尔❤️①欠 3微.")
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("貸款逾期徵信帳戶", "贷款逾期征信账户"),
        ("аррlе", "apple"),
        ("①②㊀", "12一"),
        ("𝟏𝟑𝟖", "138"),
    ],
)
def test_folding_gives_the_plain_form(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(ANY_TEXT)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(ANY_TEXT)
def test_normalising_keeps_a_way_back(text: str) -> None:
    result = normalise(text)
    assert len(result.text) == len(result.offsets)
    assert list(result.offsets) == sorted(result.offsets)
    assert all(0 <= place < len(text) for place in result.offsets)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("逾\u200b期", "逾期"),
        ("逾🔥期", "逾期"),
        ("逾 期", "逾期"),
        ("加V❤️", "加v信"),
        ("亻崔收", "催收"),
        ("1 3 8 0 0 1 3 8 0 0 0", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("3 500 元", "3500 元"),
        ("1️⃣3️⃣8️⃣", "138"),
        ("尾号1234 2024年", "尾号1234 2024年"),
        ("2024 05 01", "2024 05 01"),
    ],
)
def test_normalising_undoes_evasion(text: str, plain: str) -> None:
    assert normalise(text).text == plain


def test_a_finding_is_quoted_from_the_original() -> None:
    result = normalise("您已逾 🔥期,请加V❤️")
    start = result.text.index("逾期")
    assert result.quote(start, start + 2) == "逾 🔥期"


def test_an_empty_span_has_no_place() -> None:
    with pytest.raises(ValueError, match="empty span"):
        normalise("逾期").span(1, 1)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三千五百", "3500"),
        ("壹仟", "1000"),
        ("一万二", "12000"),
        ("两千零三", "2003"),
        ("3万5千", "35000"),
        ("1.2w", "12000"),
        ("廿五", "25"),
        ("一亿两千万", "120000000"),
        ("3,500.00", "3500"),
        ("一二三四", "1234"),
    ],
)
def test_numerals_are_read(numeral: str, value: str) -> None:
    assert parse(numeral) == Decimal(value)


@pytest.mark.parametrize("text", ["", "元", "1.2.3", "一共", "千" * 60])
def test_what_is_no_numeral_is_refused(text: str) -> None:
    assert parse(text) is None


@given(st.text(alphabet="零一二十百千万亿.0123456789点wk", max_size=30))
def test_any_numeral_like_text_is_read_or_refused(text: str) -> None:
    value = parse(text)
    assert value is None or value >= 0


def test_sounds_that_dialects_mix_up_are_one() -> None:
    assert fuzzy_syllable("张") == fuzzy_syllable("站")
    assert fuzzy_syllable("难") == fuzzy_syllable("兰")
    assert fuzzy_syllable("a") is None
