"""Flows beside the case: a letter, a rate, coming back a day later, few words."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import settings
from launcher.__main__ import rasa_server
from launcher.settings import LOOPBACK, free_port
from launcher.training import MODEL
from tests.e2e.bot import Bot, end, wait_for

EXPIRED_SECONDS = 25 * 3600
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
            "utter_letters_when_not",
            "utter_letters_preview",
            "utter_letters_after_preview",
        ]
        assert "utter_apology" not in bot.responses(sender)


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
