"""A short question is read in the light of the answer before it."""

from __future__ import annotations

import pytest

from wenzhu.case import Case
from wenzhu.guidance import answer, data
from wenzhu.guidance.followups import followup
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.questions import questions
from wenzhu.guidance.table import responses

FALLBACK = "utter_answers_general"


@pytest.mark.parametrize(
    ("said", "text", "topic"),
    [
        ("utter_q_12368", "外地的案子怎么打", "q-12368-elsewhere"),
        ("utter_q_12368", "打不通怎么办", "q-12368-busy"),
        ("utter_q_12368", "查不到是不是就没事", "q-12368-nothing"),
        ("utter_q_12368", "他要我报什么信息", "q-12368-ask"),
        (
            "utter_q_payment_order",
            "我没钱，写个没钱申请分期行吗",
            "q-payment-order-reason",
        ),
        ("utter_q_payment_order", "15天从哪天算", "q-payment-order-time"),
        ("utter_q_payment_order", "过了15天呢", "q-payment-order-late"),
        ("utter_q_sued_what", "不去会怎样", "q-not-appear"),
        ("utter_q_credit_report_how", "手机银行能查吗", "q-credit-report-bank"),
        ("utter_q_credit_report_how", "要钱吗", "q-credit-report-free"),
        ("utter_q_12378", "要准备什么材料", "q-complain-materials"),
        ("utter_q_12378", "多久给答复", "q-complain-time"),
        ("utter_q_settled_chased", "他们要是不给开呢", "q-settle-refused"),
        ("utter_q_laolai", "上了名单多久能下", "q-laolai-time"),
        ("utter_q_screen_share", "关了 然后呢", "called"),
        ("utter_q_screen_share", "他又打来了", "q-scam-calls-again"),
        ("utter_calm_home_visit", "走了", "q-after-visit"),
        ("utter_letters_after_preview", "这个能下载吗", "letter_files"),
        ("utter_q_12368", "征信多久能消", None),
        ("utter_q_12368", "今天天气真好", None),
        ("utter_q_lender_count", "过了15天呢", None),
    ],
)
def test_the_answer_before_decides(said: str, text: str, topic: str | None) -> None:
    assert followup(text, ["utter_ask_triage_form_fears", said]) == topic


def test_nothing_was_said_so_nothing_follows() -> None:
    assert followup("打不通怎么办", []) is None
    assert followup("收费吗", []) is None


def test_the_newest_answer_comes_first() -> None:
    said = ["utter_q_12378", "utter_q_payment_order"]
    assert followup("要等多久", said) == "q-complain-time"
    assert followup("要等多久", said[::-1]) == "q-payment-order-time"


def test_a_story_does_not_lean_on_what_was_said() -> None:
    assert followup("打不通怎么办" + "这件事说来话长" * 5, ["utter_q_12368"]) is None


def test_every_topic_is_known_and_answered() -> None:
    content = data.read("followups")
    known = {*questions(), *data.read("answers")["topics"], *OUTCOMES}
    named = {topic for row in content["subjects"] for topic in row["answers"].values()}
    named |= set(content["otherwise"].values())
    assert named <= known | {"is_it_legal"}
    for topic in named - set(OUTCOMES):
        assert answer("ask_rights", Case(), topic)[0].response != FALLBACK, topic


def test_every_beginning_is_one_of_a_response() -> None:
    deck = responses()
    begun = {
        name for row in data.read("followups")["subjects"] for name in row["after"]
    }
    lost = {name for name in begun if not any(r.startswith(name) for r in deck)}
    assert lost == set()
