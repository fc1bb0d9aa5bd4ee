"""Cards repeat what the bubbles beside them say, and hold nothing unmasked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wenzhu.case import Case
from wenzhu.guidance import cards, data, plan
from wenzhu.guidance.basis import basis
from wenzhu.knowledge import load

SMS = (
    "【某某金融】今日不处理将上门并通知您单位，请联系微信jx8866。"
    "谢谢您的配合和理解，你的验证码：123456"
)


def found(flag: str, span: str, reason: str = "因为") -> dict[str, str]:
    return {"flag": flag, "span": span, "reason": reason, "fact": "SCAM-PHISH"}


def read(*rows: dict[str, str], verdict: str = "impersonation") -> dict[str, Any]:
    card = cards.findings(SMS, rows, verdict)
    assert card is not None and card["card"] == "findings"
    return dict(card["data"])


def test_each_phrase_stands_in_the_message_as_it_is_shown() -> None:
    shown = read(
        found("asks_personal_account", "联系微信jx8866"),
        found("contact_third_party", "通知您单位"),
        found("asks_verification_code", "123456"),
    )
    phrases = [each["phrase"] for each in shown["findings"]]
    assert phrases[:2] == ["通知您单位", "联系微信jx8866"]
    assert all(each in shown["text"] for each in phrases)
    assert "123456" not in str(shown)


def test_what_overlaps_is_one_phrase_with_both_reasons() -> None:
    shown = read(
        found("deadline_pressure", "今日不处理将上门", "急。"),
        found("contact_third_party", "上门并通知您单位", "别人。"),
        found("insult", "没有这句"),
    )
    (only,) = shown["findings"]
    assert only["phrase"] == "今日不处理将上门并通知您单位"
    assert only["why"] == "急。别人。"
    names = data.read("names")["flag"]
    for flag in ("deadline_pressure", "contact_third_party"):
        assert names[flag] in only["title"]


@pytest.mark.parametrize(
    ("verdict", "alarm"), [("impersonation", True), ("verify", False)]
)
def test_the_verdict_stands_above(verdict: str, alarm: bool) -> None:
    shown = read(found("insult", "上门"), verdict=verdict)
    assert shown["verdict"] == data.read("names")["verdict"][verdict]
    assert shown["alarm"] is alarm


def test_a_message_without_findings_has_no_card() -> None:
    assert cards.findings(SMS, [], "verify") is None


CASE = Case(
    has_loan="yes",
    message_kind="abusive_collection",
    message_verdict="unlawful_method",
    fears=("arrest",),
)


def test_a_stage_is_listed_whole_once_and_beside_its_last_bubble() -> None:
    planned = plan(CASE)
    first = planned.stage("evidence")
    assert [say.card is not None for say in first] == [False] * (len(first) - 1) + [
        True
    ]
    assert first[-1].card is not None
    lines = data.read("cards")["lines"]
    wanted = [lines[s.id] for s in planned.steps["evidence"] if s.id in lines]
    assert [each["text"] for each in first[-1].card["data"]["items"]] == wanted
    assert planned.pages("evidence") > 1
    assert not any(say.card for say in planned.stage("evidence", 1))
    assert not any(say.card for say in (*planned.stage("calm"), *planned.stage("act")))


def test_rights_stand_with_article_source_and_check() -> None:
    says = plan(CASE).stage("rights")
    card = says[-1].card
    assert card is not None
    items = card["data"]["items"]
    assert items
    for item in items:
        assert "施行" in item["article"] or "起" in item["article"]
        assert "核对" in item["source"]
    plain = {fact.plain for fact in load().facts.values() if fact.confidence == "A"}
    assert {item["text"] for item in items} <= plain


def test_a_law_that_has_ended_is_left_out() -> None:
    assert cards.rights(["LAW-CC-676"], date(2026, 11, 28)) is not None
    ended = [fact.id for fact in load().facts.values() if fact.ended_on()]
    assert ended
    assert cards.rights(ended, date(2100, 1, 1)) is None


def test_which_law_shows_the_same_laws_as_its_bubble() -> None:
    says = basis(["utter_rights_duty"], date(2026, 11, 28))
    assert says[0].card is not None
    for item in says[0].card["data"]["items"]:
        assert item["article"] in str(says[0].variables["laws"])
