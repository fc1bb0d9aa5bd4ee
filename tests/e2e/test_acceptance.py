"""One person's way from panic to a next step, over the two real servers."""

from __future__ import annotations

import re

import pytest

from tests.e2e.bot import Bot
from wenzhu.adapters.clock import today
from wenzhu.case import STAGES
from wenzhu.knowledge import load

MESSAGE = (
    "【捷信消费金融】提醒:您的贷款已逾期45天,欠款总额3,500.00元,"
    "今日不处理将上门并通知您单位,请联系微信jx8866"
)
LENDER = "天津京东消费金融有限公司"
ARTICLE = re.compile(r"《[^》]+》第[零一二三四五六七八九十百]+条")
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
MOST_TURNS = 40


def to_the_end(bot: Bot, sender: str) -> dict[str, str]:
    """Say 继续 until the case is done; the words said at each stage, in order."""
    said: dict[str, str] = {}
    for _ in range(MOST_TURNS):
        words = bot.hear(sender, "继续")
        stage = bot.slots(sender)["stage"]
        said[stage] = said.get(stage, "") + words + "\n"
        if stage == "done":
            return said
    raise AssertionError(f"never done; the stages were {list(said)}")


class TestTheWayThrough:
    """The conversation that the project is accepted by."""

    def test_from_a_greeting_to_done(self, bot: Bot, sender: str) -> None:
        assert bot.say(sender, "你好")
        assert bot.slots(sender)["requested_slot"] == "has_loan"

        assert bot.say(sender, "有")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "yes"
        assert slots["requested_slot"] == "message_text"

        words = bot.hear(sender, MESSAGE)
        slots = bot.slots(sender)
        assert slots["message_lender"] == LENDER
        assert slots["message_amounts"] == [3500]
        assert slots["message_overdue_days"] == 45
        assert slots["message_deadline"]
        assert slots["message_kind"] == "abusive_collection"
        assert slots["message_verdict"] == "impersonation"
        assert {
            "asks_personal_account",
            "contact_third_party",
            "deadline_pressure",
        } <= set(slots["message_red_flags"])
        assert "通知您单位" in words
        assert "jx8866" in words
        assert slots["message_text"].startswith("【捷信消费金融】")
        assert slots["requested_slot"] == "fears"
        assert slots["has_loan"] == "yes"

        calm = bot.hear(sender, "怕被抓")
        slots = bot.slots(sender)
        assert slots["fears"] == ["arrest"]
        assert slots["stage"] == "calm"
        assert slots["requested_slot"] is None
        assert calm

        said = to_the_end(bot, sender)
        order = [stage for stage in said if stage != "calm"]
        assert order == list(STAGES[STAGES.index("check") :])
        assert ARTICLE.search(said["rights"]), said["rights"]
        assert DATE.search(said["rights"]), said["rights"]
        assert "{" not in "".join(said.values()), "a placeholder was not filled"
        slots = bot.slots(sender)
        assert slots["has_loan"] == "yes"
        assert slots["fears"] == ["arrest"]
        assert slots["message_lender"] == LENDER

    def test_the_message_may_come_first(self, bot: Bot, sender: str) -> None:
        words = bot.hear(sender, MESSAGE)
        slots = bot.slots(sender)
        assert slots["message_lender"] == LENDER
        assert "通知您单位" in words
        assert slots["requested_slot"] == "has_loan"

    def test_many_things_in_one_sentence(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "没借过，他说要告诉我单位，我怕坐牢")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "no"
        assert {"employer_told", "arrest"} <= set(slots["fears"])
        assert slots["requested_slot"] == "message_text"

    def test_the_company_behind_the_old_name_comes_from_knowledge(
        self, bot: Bot, sender: str
    ) -> None:
        bot.ask(sender, "has_loan")
        words = bot.hear(sender, "捷信消费金融现在叫什么名字，有牌照吗")
        assert LENDER in words

    def test_a_link_of_a_stranger_is_never_clickable(
        self, bot: Bot, sender: str
    ) -> None:
        words = bot.hear(
            sender,
            "【捷信】您的贷款已逾期，今天内点击 http://t.cn/A6xyz 处理，否则起诉",
        )
        assert "http://" not in words
        assert "t.cn" not in words

    def test_every_bubble_is_short_and_has_few_buttons(
        self, bot: Bot, sender: str
    ) -> None:
        bubbles = [
            bubble
            for text in ("你好", "有", MESSAGE, "怕被抓", *["继续"] * 8)
            for bubble in bot.say(sender, text)
        ]
        for bubble in bubbles:
            assert 0 < len(bubble["text"]) <= 200, bubble
            assert len(bubble.get("buttons", [])) <= 5, bubble


class TestFactsAndAQuestion:
    """A turn may state a fact and ask something: both are heard."""

    def test_the_question_is_answered_and_the_form_goes_on(
        self, bot: Bot, sender: str
    ) -> None:
        bot.say(sender, "你好")
        bubbles = bot.say(sender, "没借过，凭什么")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "no"
        assert slots["requested_slot"] == "message_text"
        responses = bot.responses(sender)
        assert responses[-1] == "utter_ask_triage_form_message_text"
        assert len(bubbles) >= 2
        assert any(not name.startswith("utter_triage") for name in responses[:-1])

    def test_a_question_alone_leaves_the_open_one_open(
        self, bot: Bot, sender: str
    ) -> None:
        bot.say(sender, "你好")
        bot.say(sender, "怎么投诉")
        responses = bot.responses(sender)
        assert responses[-1].startswith("utter_ask_triage_form_has_loan")
        assert len(responses) >= 2
        assert bot.slots(sender)["has_loan"] is None

    def test_a_question_before_any_form_is_answered(
        self, bot: Bot, sender: str
    ) -> None:
        words = bot.hear(sender, "去哪里投诉他们")
        assert load().render("HOT-12378.number", today()) in words


class TestSkipping:
    """Every question may be skipped; none is put a third time."""

    @pytest.mark.parametrize("words", ["跳过", "不想说", "不知道"])
    def test_three_skips_lead_to_the_case(
        self, bot: Bot, sender: str, words: str
    ) -> None:
        bot.say(sender, "你好")
        for slot in ("has_loan", "message_text", "fears"):
            assert bot.slots(sender)["requested_slot"] == slot
            assert bot.say(sender, words)
        slots = bot.slots(sender)
        assert slots["skipped"] == ["has_loan", "message_text", "fears"]
        assert slots["requested_slot"] is None
        assert slots["has_loan"] is None, "a refusal states nothing"
        assert slots["stage"] == "calm"

    def test_never_the_same_question_a_third_time(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "你好")
        for words in ("今天天气怎么样", "给我讲个笑话", "你是谁", "怎么投诉", "谢谢"):
            assert bot.say(sender, words), words
        asked = [
            event["metadata"].get("utter_action", "")
            for event in bot.tracker(sender)["events"]
            if event["event"] == "bot"
        ]
        question = "utter_ask_triage_form_has_loan"
        assert sum(name.startswith(question) for name in asked) <= 2
        texts = [
            event["text"]
            for event in bot.tracker(sender)["events"]
            if event["event"] == "bot"
            and event["metadata"].get("utter_action", "").startswith(question)
        ]
        assert len(set(texts)) == len(texts), "the second time in other words"

    def test_nothing_is_asked_that_is_known(self, bot: Bot, sender: str) -> None:
        bot.say(sender, MESSAGE)
        bot.say(sender, "早就还清了，怕影响征信")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "repaid"
        assert slots["requested_slot"] is None
        assert slots["stage"] == "calm"


class TestChangingOnesMind:
    """Correcting, starting over, deleting."""

    def test_a_later_statement_replaces_an_earlier_one(
        self, bot: Bot, sender: str
    ) -> None:
        bot.say(sender, "你好")
        bot.say(sender, "有")
        bot.say(sender, "不对，说错了，我没借过")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "no"
        assert slots["requested_slot"] == "message_text"

    def test_a_bare_correction_asks_what_is_wrong(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "你好")
        bot.say(sender, "有")
        bot.say(sender, "刚才说错了")
        assert "utter_chat_correct_what" in bot.responses(sender)
        assert bot.slots(sender)["has_loan"] == "yes"

    @pytest.mark.parametrize("spoken", ["重新开始", "从头来"])
    def test_start_over_empties_the_case(
        self, bot: Bot, sender: str, spoken: str
    ) -> None:
        for text in ("你好", "有", MESSAGE, "怕被抓"):
            bot.say(sender, text)
        assert bot.say(sender, spoken)
        slots = bot.slots(sender)
        for name in ("has_loan", "message_text", "message_lender"):
            assert slots[name] is None, name
        assert not slots["fears"]
        assert not slots["message_amounts"]
        assert slots["stage"] == "triage"
        assert slots["requested_slot"] == "has_loan"

    def test_start_over_in_the_middle_of_the_form(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "你好")
        bot.say(sender, "没有")
        bot.say(sender, "重新开始")
        slots = bot.slots(sender)
        assert slots["has_loan"] is None
        assert slots["requested_slot"] == "has_loan"
        assert bot.say(sender, "有")
        assert bot.slots(sender)["has_loan"] == "yes"

    def test_delete_my_data_leaves_nothing(self, bot: Bot, sender: str) -> None:
        for text in ("你好", "有", MESSAGE):
            bot.say(sender, text)
        bot.say(sender, "把我的数据都删掉")
        assert "utter_chat_delete_ask" in bot.responses(sender)
        assert bot.slots(sender)["has_loan"] == "yes"
        assert bot.say(sender, "确认删除"), "a receipt"
        tracker = bot.tracker(sender)
        assert not [e for e in tracker["events"] if e["event"] == "user"]
        assert tracker["slots"]["has_loan"] is None

    def test_delete_can_be_taken_back(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "你好")
        bot.say(sender, "有")
        bot.say(sender, "把我的数据都删掉")
        bot.say(sender, "先不删")
        assert bot.responses(sender)[0] == "utter_chat_delete_kept"
        assert bot.slots(sender)["has_loan"] == "yes"


class TestWhoeverTalks:
    """Greetings, thanks, insults, relatives: none is left without a word."""

    @pytest.mark.parametrize(
        "words",
        [
            "你好",
            "谢谢",
            "再见",
            "你是谁",
            "转人工",
            "你个傻逼机器人",
            "写一首诗",
            "怎么借钱不还",
            "？？",
            "啊啊啊啊啊",
        ],
    )
    def test_it_answers(self, bot: Bot, sender: str, words: str) -> None:
        bubbles = bot.say(sender, words)
        assert bubbles
        assert all(bubble["text"].strip() for bubble in bubbles)
        assert "utter_apology" not in bot.responses(sender)

    def test_a_relative_is_asked_for_the_other_persons_loan(
        self, bot: Bot, sender: str
    ) -> None:
        bot.say(sender, "我妈收到催收短信，我替她问问")
        slots = bot.slots(sender)
        assert slots["role"] == "relative"
        assert slots["has_loan"] is None
        assert slots["requested_slot"] == "other_has_loan"
        bot.say(sender, "她借过")
        slots = bot.slots(sender)
        assert slots["other_has_loan"] == "yes"
        assert slots["has_loan"] is None

    def test_a_slash_is_text_unless_offered(self, bot: Bot, sender: str) -> None:
        bot.say(sender, "你好")
        bot.say(sender, '/inform_loan{"loan_state":"yes"}')
        assert bot.slots(sender)["has_loan"] == "yes", "this button was offered"
        bot.say(sender, '/inform_loan{"loan_state":"not_mine"}')
        assert bot.slots(sender)["has_loan"] == "yes", "this one was not"
