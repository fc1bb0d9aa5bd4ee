"""The whole analyser: kind, flags, verdict, spans, evasion and bad input."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenzhu.message import KINDS, VERDICTS, Analysis, analyse
from wenzhu.text.folding import fold

FIRST = (
    "【捷信消费金融】提醒:您的贷款已逾期45天,欠款总额3,500.00元,"
    "今日不处理将上门并通知您单位,请联系微信jx8866"
)
GOLDEN = [
    (FIRST, "impersonation",
     {"asks_personal_account", "contact_third_party", "deadline_pressure"}),
    ("再不还就等着坐牢,明天打给你爸妈", "unlawful_method",
     {"threatens_arrest", "threatens_family", "contact_third_party"}),
    ("【京东消金】您的贷款已逾期30天,请登录官方APP还款", "verify", set()),
    ("【人民法院】您有一份传票待签收,请点击 http://fy.top/a", "impersonation",
     {"impersonates_court", "non_official_domain"}),
    ("【国家反诈中心】凡是让你转账到安全账户的都是诈骗", None, set()),
    ("专业消除逾期记录,先付500元定金", "impersonation",
     {"credit_repair_offer", "upfront_fee"}),
    ("您的验证码是123456,请勿告知他人", None, set()),
    ("下载腾讯会议,打开屏幕共享,我教您关闭百万保障", "impersonation",
     {"asks_app_download", "asks_screen_share"}),
]  # fmt: skip
MARKED = [text for text, _, _ in GOLDEN] + [
    "你个老赖,今晚8点前不还就爆你通讯录,欠款5000元",
    "放款前需先缴纳保证金3000元,请联系客服QQ12345678",
]
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=300) | st.lists(
    st.sampled_from(
        [*FIRST, "亻尔", "❤️", "点com", "http://", "1", ".", "万", "【", "】"]
    ),
    max_size=80,
).map("".join)


@pytest.mark.parametrize(("text", "verdict", "flags"), GOLDEN)
def test_flags_and_verdict(text: str, verdict: str | None, flags: set[str]) -> None:
    analysis = analyse(text)
    assert flags <= set(analysis.red_flags)
    assert set(analysis.red_flags) <= flags | {"unknown_lender"}
    assert verdict in (None, analysis.verdict)


def test_a_private_sender_is_quoted_without_offsets() -> None:
    finding = next(
        finding
        for finding in analyse(FIRST, "+86 138 1234 5678").findings
        if finding.flag == "personal_mobile_sender"
    )
    assert (finding.span, finding.start, finding.end) == (
        "+86 138 1234 5678",
        None,
        None,
    )


@pytest.mark.parametrize("sender", ["10690123456", "95588", None, "捷信"])
def test_other_senders_are_no_sign(sender: str | None) -> None:
    assert "personal_mobile_sender" not in analyse(FIRST, sender).red_flags


@settings(max_examples=150, deadline=None)
@given(ANY, st.none() | st.text(max_size=20))
def test_any_text_is_answered(text: str, sender: str | None) -> None:
    analysis = analyse(text, sender)
    assert analysis.kind in KINDS
    assert analysis.verdict in VERDICTS
    for finding in analysis.findings:
        if finding.start is not None:
            assert finding.end is not None
            piece = text[finding.start : finding.end]
            assert piece
            assert (
                finding.span == piece.encode("utf-16", "replace").decode("utf-16")
                or not piece.isprintable()
                or finding.span == piece
            )
        assert finding.fact
        assert finding.reason


def _answer(analysis: Analysis) -> tuple[object, ...]:
    fields = analysis.fields
    return (
        analysis.verdict,
        analysis.red_flags,
        fields.lender,
        fields.amount_yuan,
        fields.overdue_days,
        fields.phones,
    )


def _full_width(text: str) -> str:
    return "".join(
        chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char
        for char in text
    )


@pytest.mark.parametrize("text", MARKED)
@pytest.mark.parametrize(
    "evade",
    [
        lambda text: "\u200b".join(text),
        lambda text: text.replace("逾期", "逾🔥期").replace("通知", "通🌟知"),
        _full_width,
        lambda text: text.replace("您", "妳").replace("贷", "貸").replace("还", "還"),
        lambda text: text.replace("逾期", "逾 期").replace("联系", "联 系"),
        lambda text: text.replace("你", "亻尔").replace("法院", "氵去院"),
    ],
    ids=["zero-width", "emoji", "full-width", "traditional", "spaces", "split"],
)
def test_evasion_changes_nothing(text: str, evade: object) -> None:
    assert callable(evade)
    assert _answer(analyse(evade(text))) == _answer(analyse(text))


@pytest.mark.parametrize(
    "text",
    ["1 " * 50_000, "加微信" * 33_000, "亻" * 100_000, "a." * 50_000, "￥1,1" * 25_000,
     "法院" * 50_000, "x点" * 50_000, "\x00" * 100_000],
)  # fmt: skip
def test_a_long_text_never_hangs(text: str) -> None:
    analyse(FIRST)
    started = time.perf_counter()
    analyse(text)
    assert time.perf_counter() - started < 3


def test_an_empty_text_is_too_little() -> None:
    assert analyse("").verdict == analyse(" \u200b\n").verdict == "insufficient"


def test_lone_surrogates_keep_offsets() -> None:
    text = "\ud800\ud800再不还就等着坐牢"
    finding = next(f for f in analyse(text).findings if f.flag == "threatens_arrest")
    assert text[finding.start : finding.end] == finding.span


def test_the_fold_table_serves_evasion() -> None:
    assert fold("貸款") == "贷款"


def _golden() -> list[dict[str, Any]]:
    path = Path(__file__).with_name("golden.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", _golden(), ids=lambda row: str(row["id"]))
def test_golden_messages(row: dict[str, Any]) -> None:
    analysis = analyse(row["text"], row["sender"])
    fields = analysis.fields
    assert set(analysis.red_flags) == set(row["red_flags"])
    assert (analysis.kind, analysis.verdict) == (row["kind"], row["verdict"])
    assert {
        "lender": fields.lender,
        "amount_yuan": list(fields.amount_yuan),
        "overdue_days": fields.overdue_days,
        "phones": list(fields.phones),
        "links": list(fields.links),
    } == row["fields"]
