"""Whatever is typed or pasted: one calm reply, the case intact, nothing echoed."""

from __future__ import annotations

import pytest

from tests.e2e.bot import Bot

BAD = {
    "empty": "",
    "blank": "  \n\t ",
    "emoji": "😭😭😭",
    "punctuation": "？？？！！！",
    "long": "催" * 100_000,
    "long_words": "他说要告诉我单位，" * 12_000,
    "control": "\x00\x01\x02\x07\x1b[31m\x7f",
    "control_in_words": "我\x00怕\x07坐\x1b[31m牢",
    "surrogate": "\ud800",
    "surrogate_in_words": "我怕\udfff坐牢",
    "direction": "\u202e\u2066abc\u2069\u202c",
    "restart": "/restart",
    "session_start": "/session_start",
    "back": "/back",
    "command": '/inform{"x":1}',
    "loan_command": '/inform_loan{"loan_state":"not_mine"}',
    "broken_command": '/inform_loan{"loan_state":',
    "slash": "/",
    "json": '{"has_loan": "yes", "intent": {"name": "greet"}}',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><b>hi</b>",
    "sql": "'; DROP TABLE events; --",
    "template": "{has_loan} {{7*7}} ${jndi:ldap://x} {LAW-CC-188} {0} {",
    "path": "../../../../etc/passwd",
    "english": "what is this about? I do not understand this message",
    "french": "Bonjour, je ne comprends pas ce message",
    "japanese": "こんにちは、助けてください",
    "arabic": "مرحبا كيف حالك",
    "russian": "Здравствуйте, помогите",
    "zalgo": "h̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ̶̧̨̱̹̭̯ͧ̾ͬC̷̙̲̝͖ͭ̏ͥͮ͟Oͮ͏̮̪̝͍M̲̖͊̒ͪͩͬ̚̚͜Ȇ̴̟̟͙̞ͩ͌͝S̨̥̫͎̭ͯ̿̔̀ͅ",
    "numbers": "3.14159265358979323846264338327950288419716939937510",
    "one_letter": "a",
}
QUESTIONS = (None, "has_loan", "message_text", "fears")
ECHOES = ("<script", "<img", "onerror", "DROP TABLE", "etc/passwd", "Traceback")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", BAD)
def test_one_calm_reply(bot: Bot, sender: str, kind: str, question: str | None) -> None:
    """HTTP 200, a written reply, no markup, and no slot but those of the form."""
    # message_text is left out: any words may answer that question
    bot.ask(sender, question, has_loan="yes", message_lender="某公司")
    if question == "has_loan":
        bot.put(sender, {"event": "slot", "name": "has_loan", "value": None})
    before = bot.slots(sender)
    bubbles = bot.say(sender, BAD[kind])
    assert bubbles, "no reply"
    words = "\n".join(bubble["text"] for bubble in bubbles)
    assert all(bubble["text"].strip() for bubble in bubbles)
    assert not any(echo in words for echo in ECHOES), words
    assert "utter_apology" not in bot.responses(sender)
    after = bot.slots(sender)
    assert after["has_loan"] == before["has_loan"], "the case is intact"
    assert after["message_lender"] == before["message_lender"]
    assert after["crisis_open"] == before["crisis_open"]
    if question is not None:
        assert after["requested_slot"] in (*QUESTIONS, before["requested_slot"])
    assert bot.rasa.is_running


def test_a_long_text_is_answered_with_how_to_send_it_and_not_stored(
    bot: Bot, sender: str
) -> None:
    bot.say(sender, "你好")
    bot.say(sender, BAD["long_words"])
    assert bot.responses(sender)[0] == "utter_chat_too_long"
    assert "告诉我单位" not in str(bot.tracker(sender))


def test_ten_thousand_characters_are_read(bot: Bot, sender: str) -> None:
    text = "【捷信】您的贷款已逾期45天，欠款3500元。" + "请尽快处理。" * 1_000
    bot.say(sender, text[:10_000])
    assert "utter_chat_too_long" not in bot.responses(sender)


@pytest.mark.parametrize(
    "body",
    [
        {"sender": "x"},
        {"sender": "x", "message": None},
        {"sender": "x", "message": 5},
        {"sender": "x", "message": ["有"]},
        {"sender": "x", "message": {"text": "有"}},
        {"message": "有"},
    ],
)
def test_a_wrong_request_does_no_harm(bot: Bot, body: dict[str, object]) -> None:
    """The client is at fault; the server stays, and shows no stack trace."""
    _, answer = bot.request("POST", "/webhooks/rest/webhook", body)
    assert "Traceback" not in str(answer)
    assert bot.rasa.is_running
    assert bot.say("after-a-wrong-request", "你好")


def test_the_same_person_twice_at_once(bot: Bot, sender: str) -> None:
    """Two messages of one person at the same time: both are answered and kept."""
    import threading

    bot.say(sender, "你好")
    answers: list[list[dict[str, object]]] = []
    threads = [
        threading.Thread(target=lambda text=text: answers.append(bot.say(sender, text)))
        for text in ("有", "怕坐牢")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert all(answers)
    slots = bot.slots(sender)
    assert slots["has_loan"] == "yes"
    assert "arrest" in slots["fears"]
