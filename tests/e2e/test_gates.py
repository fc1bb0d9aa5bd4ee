"""What comes before everything: a crisis, a live danger; and every turn speaks."""

from __future__ import annotations

import json

import pytest

from tests.e2e.bot import Bot
from wenzhu.adapters.clock import today
from wenzhu.knowledge import load
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

QUESTIONS = (None, "has_loan", "other_has_loan", "message_text", "fears")
CRISIS = {
    "self": "我不想活了",
    "act_under_way": "我刚吞了一瓶安眠药",
    "other": "我老公说他不想活了",
    "harm_others": "我要拿刀砍死那个催收的",
}
NOW = {
    "danger": "他们正在打我爸",
    "at_the_door": "催收现在就在我家门口敲门",
    "on_the_line": "我正在跟客服通话呢，他不让我挂电话",
    "money_just_left": "我刚给他转了三千块",
}
INTENTS = tuple(
    name if isinstance(name, str) else next(iter(name))
    for name in read_yaml(KNOWLEDGE.parent / "domain.yml")["intents"]
)
FORGETS = {"start_over"}


def number(hotline: str) -> str:
    """A telephone number as knowledge has it."""
    return load().render(f"HOT-{hotline}.number", today())


def role_of(question: str | None) -> str:
    """The role in which a question is asked."""
    return "relative" if question == "other_has_loan" else "self"


class TestCrisisWithoutTheActionServer:
    """Nothing stands before the gate, and nothing that can fail is behind it."""

    @pytest.mark.parametrize("subject", CRISIS)
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_at_every_open_question(
        self, alone: Bot, sender: str, question: str | None, subject: str
    ) -> None:
        alone.ask(sender, question, role=role_of(question), has_loan=None)
        words = alone.hear(sender, CRISIS[subject])
        for hotline in ("12356", "110", "120"):
            assert number(hotline) in words, words
        slots = alone.slots(sender)
        assert slots["crisis_open"] is True
        assert "crisis" in slots["fears"]
        assert slots["requested_slot"] == question
        stem = "utter_crisis_" + ("" if subject == "self" else f"{subject}")
        said = alone.responses(sender)
        assert len(said) == 1
        assert said[0].startswith(stem), said
        assert not any(
            word in words for word in ("欠款", "还款", "征信", "借过", "短信")
        ), words

    def test_a_later_fear_does_not_close_it(self, alone: Bot, sender: str) -> None:
        alone.ask(sender, "fears")
        alone.say(sender, "活着没意思，想死")
        alone.say(sender, "怕坐牢")
        slots = alone.slots(sender)
        assert slots["crisis_open"] is True
        assert {"crisis", "arrest"} <= set(slots["fears"])
        assert alone.responses(sender)[0].startswith("utter_crisis_")

    def test_no_reply_twice_while_one_is_left(self, alone: Bot, sender: str) -> None:
        heard = []
        for words in ("我不想活了", "没事", "随便吧", "继续查债务", "你别管我"):
            alone.say(sender, words)
            heard += alone.responses(sender)
        assert len(heard) == 5
        assert len(set(heard)) == 5, heard

    @pytest.mark.parametrize("words", ["没事了", "好的", "嗯", "怎么投诉"])
    def test_it_does_not_close_on_a_flat_word(
        self, alone: Bot, sender: str, words: str
    ) -> None:
        alone.say(sender, "我写好遗书了")
        alone.say(sender, words)
        assert alone.slots(sender)["crisis_open"] is True
        assert alone.responses(sender)[0].startswith("utter_crisis_")

    def test_it_closes_when_the_person_is_safe_and_goes_on(
        self, alone: Bot, sender: str
    ) -> None:
        alone.ask(sender, "has_loan")
        alone.say(sender, "我不想活了")
        alone.say(sender, "我现在安全了，我妈陪着我，我们继续看那条短信吧")
        assert alone.responses(sender) == ["utter_crisis_return"]
        slots = alone.slots(sender)
        assert slots["crisis_open"] is False
        assert slots["requested_slot"] == "has_loan"
        assert "crisis" in slots["fears"], "the record stays"

    @pytest.mark.parametrize("words", ["穷死了", "催收烦死我了", "命都催没了哈哈"])
    def test_a_figure_of_speech_does_not_trip_it(
        self, alone: Bot, sender: str, words: str
    ) -> None:
        alone.say(sender, words)
        assert not alone.slots(sender)["crisis_open"]

    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("situation", NOW)
    def test_a_live_situation_comes_before_any_question(
        self, alone: Bot, sender: str, situation: str, question: str | None
    ) -> None:
        alone.ask(sender, question, role=role_of(question))
        assert alone.say(sender, NOW[situation])
        said = alone.responses(sender)
        assert said == [f"utter_now_{situation}", f"utter_now_{situation}_more"]
        assert alone.slots(sender)["requested_slot"] == question

    def test_english_is_answered_in_english(self, alone: Bot, sender: str) -> None:
        words = alone.hear(sender, "I want to kill myself, I can't go on")
        assert number("12356") in words
        assert "Thank you for telling me" in words


class TestEveryTurnSpeaks:
    """For every intent and every open question: a word, and nothing is lost."""

    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("intent", INTENTS)
    def test_and_keeps_what_was_said(
        self, bot: Bot, sender: str, intent: str, question: str | None
    ) -> None:
        bot.ask(sender, question, role=role_of(question))
        payload = f"/{intent}" + json.dumps({"fear": "arrest"})
        bot.offer(sender, payload)
        bubbles = bot.say(sender, payload)
        turn = bot.last_turn(sender)
        assert turn[0]["parse_data"]["intent"]["name"] == intent
        assert bubbles, "a turn without a word"
        assert all(bubble.get("text", "").strip() for bubble in bubbles)
        assert "utter_apology" not in bot.responses(sender)
        assert "action_default_fallback" not in [e.get("name") for e in turn]
        if intent not in FORGETS:
            assert bot.slots(sender)["fears"] == ["arrest"]
