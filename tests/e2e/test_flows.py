"""Flows beside the case: a letter, a rate, coming back a day later, few words."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from launcher import settings
from launcher.__main__ import rasa_server
from launcher.settings import LOOPBACK, free_port
from launcher.training import MODEL
from tests.e2e.bot import Bot, end, wait_for
from wenzhu.adapters.clock import today

EXPIRED_SECONDS = 25 * 3600
LINK = re.compile(r"/downloads/[a-p]+\.[a-p]+")
QUESTIONS = ("has_loan", "message_text", "fears")


class TestALetter:
    """Asking for a letter, choosing one, seeing it."""

    def test_from_the_wish_to_the_preview(self, bot: Bot, sender: str) -> None:
        bot.ask(sender, None, has_loan="no", stage="act")
        bubbles = bot.say(sender, "帮我写一封信")
        buttons = [b for bubble in bubbles for b in bubble.get("buttons", [])]
        assert 1 <= len(buttons) <= 5
        assert all(b["payload"].startswith("/ask_letter") for b in buttons)
        assert bot.say(sender, buttons[0]["payload"])
        assert bot.responses(sender) == [
            "utter_letters_about",
            "utter_letters_preview",
            "utter_letters_after_preview",
        ]
        assert "utter_apology" not in bot.responses(sender)

    @pytest.mark.parametrize(
        ("words", "start"), [("要Word文件", b"PK"), ("给我PDF", b"%PDF")]
    )
    def test_the_file_is_fetched_once(
        self, bot: Bot, sender: str, words: str, start: bytes
    ) -> None:
        bot.ask(sender, None, has_loan="no", stage="act")
        bot.say(sender, "写一封核实函")
        bubbles = bot.say(sender, words)
        assert bot.responses(sender)[0] == "utter_letters_file"
        link = _link(bubbles)
        assert bot.fetch(link)[1].startswith(start)
        assert bot.fetch(link)[0] == http.HTTPStatus.GONE


class TestADay:
    """A date of a document is counted, kept only after a yes, and comes up again."""

    def test_it_is_kept_given_as_a_file_and_said_on_the_next_visit(
        self, bot: Bot, sender: str
    ) -> None:
        day = today() + timedelta(days=20)
        words = f"法院传票写着{day.year}年{day.month}月{day.day}日开庭"
        bot.ask(sender, None, seconds_ago=EXPIRED_SECONDS, has_loan="yes", stage="act")
        bot.say(sender, words)
        assert bot.responses(sender)[-1] == "utter_deadline_day"
        bubbles = bot.say(sender, "记下")
        status, calendar = bot.fetch(_link(bubbles))
        assert status == http.HTTPStatus.OK
        assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}".encode() in calendar
        assert "开庭".encode() not in calendar
        assert bot.say(sender, "我回来了")
        assert bot.responses(sender)[0] == "utter_deadline_soon"

    def test_it_is_not_kept_after_a_no(self, bot: Bot, sender: str) -> None:
        bot.ask(sender, None, has_loan="no", stage="act")
        bot.say(sender, "昨天收到支付令")
        assert bot.responses(sender)[-1] == "utter_deadline_counted"
        assert bot.say(sender, "不用记")
        assert bot.say(sender, "我回来了")
        assert "utter_deadline_soon" not in bot.responses(sender)


def _link(bubbles: list[dict[str, Any]]) -> str:
    found = LINK.findall("".join(bubble["text"] for bubble in bubbles))
    assert len(found) == 1, bubbles
    return str(found[0])


class TestWhatFollows:
    """A short question is asked of the answer before it."""

    @pytest.mark.parametrize(
        ("first", "then", "answer"),
        [
            ("12368怎么打", "打不通呢", "utter_q_12368_busy"),
            ("收到支付令怎么办", "那要多久", "utter_q_payment_order_time"),
            ("征信异议怎么提", "他们不给改呢", "utter_q_credit_dispute_refused"),
            ("结清证明怎么开", "他们不给呢", "utter_q_settle_refused"),
            ("打12378投诉要带什么", "要多久", "utter_q_complain_time"),
        ],
    )
    def test_it_is_heard(
        self, bot: Bot, sender: str, first: str, then: str, answer: str
    ) -> None:
        bot.ask(sender, None, has_loan="yes", stage="act")
        assert bot.say(sender, first)
        assert bot.say(sender, then)
        assert bot.responses(sender)[0] == answer

    def test_which_law_names_the_law_that_was_just_said(
        self, bot: Bot, sender: str
    ) -> None:
        bot.ask(sender, None, has_loan="yes", stage="act")
        bot.say(sender, "催收能打给我单位吗")
        assert "《消费金融公司管理办法》" in bot.hear(sender, "哪条法律")


class TestLeavingInTheMiddle:
    """Who leaves is not asked on; who only wants to go on does not fear all."""

    def test_a_goodbye_inside_the_form_is_the_last_word(
        self, bot: Bot, sender: str
    ) -> None:
        bot.ask(sender, "has_loan")
        bot.say(sender, "先这样，我回头再来")
        assert bot.responses(sender) == ["utter_chat_goodbye"]

    @pytest.mark.parametrize("words", ["继续", "好的", "然后呢"])
    def test_going_on_skips_the_question_about_fears(
        self, bot: Bot, sender: str, words: str
    ) -> None:
        bot.ask(sender, "fears", has_loan="no", skipped=["message_text"])
        bot.say(sender, words)
        assert "utter_triage_fears_all" not in bot.responses(sender)
        assert bot.slots(sender)["stage"] == "calm"


TURNS = (
    "我没借过，他说要来我家，还要告诉我单位，我好怕",
    "【XX法院】您的案件已立案，今日内联系王法官微信fy8866处理，否则强制执行",
    "这是真的吗",
    "凭什么",
    "哪条法律",
    "继续",
    "帮我写信",
    "去哪投诉",
    "利息合法吗",
    "我回来了",
)


def test_no_turn_has_more_than_three_bubbles(bot: Bot, sender: str) -> None:
    for words in TURNS:
        said = [bubble for bubble in bot.say(sender, words) if bubble.get("text")]
        assert 1 <= len(said) <= 3, (words, said)


class TestARate:
    """The numbers are asked one at a time, and the turn ends after each."""

    def test_to_the_result(self, bot: Bot, sender: str) -> None:
        bot.ask(sender, None, has_loan="yes", stage="act")
        assert bot.say(sender, "帮我算算我的年化利率是多少")
        assert bot.slots(sender)["cost_asked"] == "principal"
        given = {
            "principal": "10000",
            "received": "到手9000",
            "periods": "12期",
            "instalment": "每期1000",
            "fee": "没有别的费用",
            "lender": "不知道",
        }
        for _ in range(len(given)):
            asked = bot.slots(sender)["cost_asked"]
            if asked is None:
                break
            assert bot.say(sender, given[asked]), asked
            assert "utter_apology" not in bot.responses(sender)
        assert bot.slots(sender)["cost_asked"] is None, "it ends"
        assert "utter_interest_step_rate" in bot.responses(sender)

    def test_a_refusal_ends_it(self, bot: Bot, sender: str) -> None:
        bot.ask(sender, None, has_loan="yes", stage="act")
        bot.say(sender, "帮我算算我的年化利率是多少")
        assert bot.say(sender, "不算了")
        assert bot.slots(sender)["cost_asked"] is None


class TestADayLater:
    """After the session expired the first answer still counts."""

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_first_sentence_is_kept_and_answered(
        self, bot: Bot, sender: str, question: str
    ) -> None:
        known = {"role": "self", "has_loan": "yes"} if question != "has_loan" else {}
        bot.ask(sender, question, seconds_ago=EXPIRED_SECONDS, **known)
        assert bot.say(sender, "我没借过，我怕坐牢")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "no"
        assert slots["fears"] == ["arrest"]
        events = [e["event"] for e in bot.tracker(sender)["events"]]
        assert events.count("session_started") == 2
        assert "utter_apology" not in bot.responses(sender)

    def test_a_crisis_comes_first(self, bot: Bot, sender: str) -> None:
        bot.ask(sender, "fears", seconds_ago=EXPIRED_SECONDS, has_loan="yes")
        bot.say(sender, "我不想活了")
        assert bot.responses(sender) == ["utter_crisis_1"]

    def test_a_greeting_is_not_met_with_the_first_question(
        self, bot: Bot, sender: str
    ) -> None:
        bot.ask(sender, "fears", seconds_ago=EXPIRED_SECONDS, has_loan="yes")
        assert bot.say(sender, "你好")
        assert bot.slots(sender)["has_loan"] == "yes"
        assert not [r for r in bot.responses(sender) if "form_has_loan" in r]


class TestFewWords:
    """Short answers to the question about fears."""

    @pytest.mark.parametrize("words", ["都怕", "不怕", "跳过", "不知道"])
    def test_each_leads_on(self, bot: Bot, sender: str, words: str) -> None:
        bot.ask(sender, "fears", has_loan="no", skipped=["message_text"])
        assert bot.say(sender, words)
        slots = bot.slots(sender)
        assert slots["requested_slot"] is None
        assert slots["stage"] == "calm"
        assert not slots["crisis_open"]
        assert "utter_apology" not in bot.responses(sender)


PRIVATE = (
    "/webhooks/rest/webhook",
    "/webhooks/rest/",
    "/conversations/x/tracker",
    "/conversations/x/messages",
    "/model",
    "/model/parse",
    "/domain",
)


@pytest.fixture(scope="module")
def public(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of Rasa as ``make run`` starts it."""
    port, state = free_port(), tmp_path_factory.mktemp("public")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WENZHU_STATE_DIR", str(state))
        environment.delenv("DATABASE_URL", raising=False)
        told = settings.for_children("run", free_port())
        child = rasa_server("run", LOOPBACK, port, told)
    child.command = [str(model) if x == str(MODEL) else x for x in child.command]
    child.start()
    try:
        wait_for(child)
        yield port
    finally:
        end(child)


@pytest.mark.parametrize("path", PRIVATE)
def test_the_public_port_has_no_way_to_the_conversations(
    public: int, path: str
) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        connection = http.client.HTTPConnection(LOOPBACK, public, timeout=10)
        connection.request(method, path, b"{}", {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        assert status == http.HTTPStatus.NOT_FOUND, (method, status)
