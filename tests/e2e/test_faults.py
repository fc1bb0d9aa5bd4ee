"""The action server is stopped, hung, slow or broken: an apology, nothing lost."""

from __future__ import annotations

import contextlib

import pytest

from tests.e2e.bot import Bot
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

FAULTS = ("stopped", "hung", "slow", "500", "garbage")
"""Each is met in the middle of a form; elsewhere the others wait for the long run."""

LATER = [pytest.param(name, marks=pytest.mark.long) for name in FAULTS[1:]]
ALLOWED_SECONDS = 3.0
GRACE_SECONDS = 5.0
"""For what Rasa itself does around the call, on a loaded machine; it would wait 300."""

APOLOGY = read_yaml(DATA / "responses" / "apology.yml")["responses"]["utter_apology"][
    0
]["text"]


def fault(bot: Bot, name: str) -> contextlib.AbstractContextManager[None]:
    """The action server in trouble, for a block."""
    return bot.without_actions() if name == "stopped" else bot.faulty_actions(name)


class TestTheActionServerInTrouble:
    """Each fault, in the middle of the form and after it."""

    @pytest.mark.parametrize("name", FAULTS)
    def test_in_the_middle_of_the_form(self, bot: Bot, sender: str, name: str) -> None:
        bot.say(sender, "你好")
        with fault(bot, name):
            words = bot.hear(sender, "有")
            assert words == APOLOGY
            assert bot.seconds < ALLOWED_SECONDS + GRACE_SECONDS
            slots = bot.slots(sender)
            assert slots["has_loan"] == "yes", "what was said is kept"
        assert bot.say(sender, "继续")
        slots = bot.slots(sender)
        assert slots["has_loan"] == "yes"
        assert slots["requested_slot"] == "message_text", "the case resumes"
        assert "utter_apology" not in bot.responses(sender)

    @pytest.mark.parametrize("name", ["stopped", *LATER])
    def test_in_answering_a_question(self, bot: Bot, sender: str, name: str) -> None:
        bot.say(sender, "你好")
        with fault(bot, name):
            words = bot.hear(sender, "没借过，凭什么")
            assert words.startswith(APOLOGY)
            assert bot.seconds < 2 * ALLOWED_SECONDS + GRACE_SECONDS
            assert bot.slots(sender)["has_loan"] == "no"
        words = bot.hear(sender, "去哪投诉")
        assert APOLOGY not in words
        assert bot.slots(sender)["requested_slot"] == "message_text"

    @pytest.mark.parametrize("name", ["stopped", *LATER])
    def test_in_an_empty_conversation(self, bot: Bot, sender: str, name: str) -> None:
        with fault(bot, name):
            words = bot.hear(sender, "我没借过，我怕坐牢")
            assert words == APOLOGY
            assert bot.seconds < ALLOWED_SECONDS + GRACE_SECONDS
            slots = bot.slots(sender)
            assert slots["has_loan"] == "no"
            assert slots["fears"] == ["arrest"]
        assert bot.say(sender, "继续")
        assert "utter_apology" not in bot.responses(sender)
        assert bot.slots(sender)["has_loan"] == "no"

    @pytest.mark.parametrize("name", ["stopped", *LATER])
    def test_after_the_form(self, bot: Bot, sender: str, name: str) -> None:
        bot.ask(sender, "fears", has_loan="no", skipped=["message_text"])
        bot.say(sender, "怕坐牢")
        stage = bot.slots(sender)["stage"]
        assert stage == "calm"
        with fault(bot, name):
            assert bot.hear(sender, "继续") == APOLOGY
            assert bot.slots(sender)["stage"] == stage
        assert bot.say(sender, "继续")
        assert bot.slots(sender)["stage"] == "check"


def test_two_people_do_not_wait_for_each_other(bot: Bot, sender: str) -> None:
    """A hung call of one person leaves the crisis reply of another as quick."""
    import threading

    other = sender + "-other"
    with bot.faulty_actions("hung"):
        first = threading.Thread(target=bot.say, args=(sender, "怎么投诉"))
        first.start()
        quick = Bot.say(bot, other, "我不想活了")
        seconds = bot.seconds
        first.join()
    assert quick
    assert seconds < ALLOWED_SECONDS, "the hung call takes longer than that"
