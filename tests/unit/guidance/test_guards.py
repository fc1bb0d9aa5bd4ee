"""An intent that would do harm needs the words for it."""

from __future__ import annotations

import pytest

from wenzhu.guidance.guards import added, is_in_scope, is_stated, rerouted
from wenzhu.guidance.heard import letter_age, refuses, threats_in


def ranked(best: str, second: str = "ask_rights") -> list[tuple[str, float]]:
    return [(best, 0.6), (second, 0.2), ("inform_fear", 0.1), ("thanks", 0.05)]


@pytest.mark.parametrize(
    ("text", "best", "intent"),
    [
        ("我要不要先给他们打五千块钱稳住", "ask_already_paid_scammer", "ask_rights"),
        ("那我今天到底要不要先转钱给他", "ask_already_paid_scammer", "ask_rights"),
        ("我刚才给他们转了3000", "ask_already_paid_scammer", None),
        ("怎么让平台删掉", "ask_delete_data", "ask_rights"),
        ("我发截图你看", "ask_delete_data", "ask_rights"),
        ("删除我的数据", "ask_delete_data", None),
        ("把你存的聊天记录都删了", "ask_delete_data", None),
        ("过了15天呢", "goodbye", "ask_rights"),
        ("我回来了", "goodbye", "ask_rights"),
        ("先不说了，我要去上班", "goodbye", None),
        ("拜拜", "goodbye", None),
        ("催收骂我是骗子不要脸", "ask_rights", "inform_fear"),
        ("有人催我还钱", "ask_rights", "inform_fear"),
        ("凭什么这么催我", "ask_rights", None),
        ("帮我看看有什么权利", "ask_rights", None),
    ],
)
def test_what_stands_and_what_does_not(
    text: str, best: str, intent: str | None
) -> None:
    second = "inform_fear" if best == "ask_rights" else "ask_rights"
    assert rerouted(text, ranked(best, second)) == intent


def test_a_question_whose_topic_is_known_is_no_goodbye() -> None:
    ranking = ranked("goodbye", "thanks")
    late = rerouted("过了15天呢", ranking, "q-payment-order-late", follows=True)
    assert late == "ask_rights"
    assert rerouted("再见，12378怎么打", ranking, "q-12378") == "ask_complain_where"


@pytest.mark.parametrize(
    ("text", "value", "stated"),
    [
        ("我没有钱", "no", False),
        ("现在实在拿不出", "no", False),
        ("我没钱，也没借过", "no", True),
        ("没借过", "no", True),
        ("那就是不用还了？", "yes", False),
        ("我借过", "yes", True),
        ("算了不借了", "no", False),
    ],
)
def test_having_no_money_is_no_loan_state(text: str, value: str, stated: bool) -> None:
    assert is_stated(text, {"entity": "loan_state", "value": value}) is stated


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("我不想说", "this"),
        ("说了不想说", "this"),
        ("凭什么告诉你", "this"),
        ("别问了", "all"),
        ("你能不能别老问", "all"),
        ("我不想坐牢", None),
        ("想问一下", None),
    ],
)
def test_a_refusal_is_heard(text: str, which: str | None) -> None:
    assert refuses(text) == which


@pytest.mark.parametrize(
    ("text", "fears"),
    [
        ("还说要让我坐牢", ["arrest"]),
        ("他说今天不还就起诉", ["lawsuit"]),
        ("说要上门，还要爆我通讯录", ["home_visit", "contacts_bombed"]),
        ("说我欠捷信三千多要上报征信", ["credit_record"]),
        ("他说话很难听", []),
    ],
)
def test_a_retold_threat_is_met_like_the_fear(text: str, fears: list[str]) -> None:
    assert threats_in(text) == fears


def test_the_age_of_a_debt_in_plain_words() -> None:
    assert letter_age("是我借的，去年的事") == "recent"
    assert letter_age("好多年前的") is None


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("我给朋友做了担保，他跑了", ("skip", "has_loan")),
        ("I did borrow 5000 last year", ("loan_state", "yes")),
        ("我老公欠了网贷", ("role", "relative")),
    ],
)
def test_what_words_say_beside_the_model(text: str, entity: tuple[str, str]) -> None:
    assert entity in added(text)


@pytest.mark.parametrize(
    "text", ["我没做过担保", "I never borrowed", "i didn't borrow"]
)
def test_what_they_do_not_say(text: str) -> None:
    assert added(text) == []


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("今天天气怎么样", False),
        ("给我讲个笑话", False),
        ("注销手机号能躲催收吗", True),
    ],
)
def test_what_is_far_from_the_matter(text: str, ours: bool) -> None:
    assert is_in_scope(text) is ours
