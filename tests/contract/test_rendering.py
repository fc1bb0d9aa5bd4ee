"""Every reply of the copy deck, in every channel, within that channel's limits.

Nothing may be lost but looks: what a channel shows, put together again, holds each
text, each quick reply, and each value of a card.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from rasa_ext.channels import render
from rasa_ext.channels.render import Bubble, Button, Card, Document, Reply
from rasa_ext.channels.wording import words
from wenzhu.knowledge import load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT

TODAY = datetime.date.today()
VARIABLE = re.compile(r"\{[a-z][a-z0-9_]*\}")
MORE = words("utter_wechat_more")
ADDRESS = "https://example.org/f/0123456789abcdef"


def said(name: str, variation: dict[str, Any]) -> Bubble:
    """A response as it leaves Rasa, facts filled in, long samples for the rest."""
    text = VARIABLE.sub("某" * 20, load().fill(variation["text"], TODAY))
    message = {**variation, "text": text, "utter_action": name}
    return render.bubble_of(message)


BUBBLES = {
    f"{path.stem}:{name}:{number}": said(name, variation)
    for path in sorted((DATA / "responses").glob("*.yml"))
    for name, variations in read_yaml(path)["responses"].items()
    for number, variation in enumerate(variations)
}
CARD = Card(
    "case", {"出借方": "某某", "可疑之处": ["甲", "乙"], "金额": {"本金": 3500}}
)
DOCUMENT = Document("核实函", ADDRESS)
SPECIAL = {
    "a card beside its text": Bubble("卡片上的话，这里也说", card=CARD),
    "a card alone": Bubble(card=CARD),
    "a document": Bubble("写好了，核对一遍再发。", document=DOCUMENT),
    "a long turn": Bubble("这一句有二十来个字，为了让它很长才写在这里。" * 120),
    "no place to cut": Bubble("长" * 3000),
    "emoji to the end": Bubble("👨‍👩‍👧‍👦" * 300),
    "markup and quoted links": Bubble(
        "<a href='x'>点我</a> “点http://jx.cn/abc回电4008108866” & ]]> \x00\x0b 完"
    ),
}
EVERY = {**BUBBLES, **SPECIAL}
each = pytest.mark.parametrize("name", sorted(EVERY))


def pages(reply: Reply) -> list[str]:
    """What a person reads when they say “继续” to the end."""
    left, found = render.wechat(reply), []
    while left:
        page, left = render.first_page(left, MORE)
        found.append(page)
        assert len(found) < 50
    return found


def flat(text: str) -> str:
    """The text without what a cut may take away, and without what nobody sees."""
    text = text.replace(MORE, "").replace("\ufffd", "").replace(render.GAP, "")
    return re.sub(r"[\s\x00\x0b]+", "", text.replace("＜", "<"))


@each
def test_rest_says_all_of_it(name: str) -> None:
    bubble = EVERY[name]
    (message,) = render.rest(Reply((bubble,)), "me")
    assert render.bubble_of({**message, "utter_action": bubble.response}) == bubble


@each
def test_plain_text_says_all_of_it(name: str) -> None:
    bubble = EVERY[name]
    shown = render.plain(Reply((bubble,)))
    assert bubble.text in shown
    for number, button in enumerate(bubble.buttons, 1):
        assert f"\n{number}. {button.title}" in f"\n{shown}"


@each
def test_wechat_says_all_of_it_within_its_limit(name: str) -> None:
    bubble = EVERY[name]
    shown = pages(Reply((bubble,)))
    assert all(len(page.encode()) <= render.WECHAT_BYTES for page in shown)
    assert all(page.endswith(MORE) for page in shown[:-1])
    together = flat("".join(shown))
    assert flat(bubble.text) in together
    for number, button in enumerate(bubble.buttons, 1):
        assert flat(f"{number}.{button.title}") in together


@pytest.mark.parametrize("name", sorted(BUBBLES))
def test_a_response_alone_needs_one_message(name: str) -> None:
    assert len(pages(Reply((BUBBLES[name],)))) == 1


@pytest.mark.parametrize("shown", ["plain", "wechat"])
def test_a_card_without_words_is_said_in_words(shown: str) -> None:
    text = getattr(render, shown)(Reply((SPECIAL["a card alone"],)))
    assert all(value in text for value in ("某某", "甲", "乙", "3500"))


@pytest.mark.parametrize("shown", ["plain", "wechat"])
def test_a_document_is_named_with_its_address(shown: str) -> None:
    text = getattr(render, shown)(Reply((SPECIAL["a document"],)))
    assert DOCUMENT.title in text
    assert ADDRESS in text


def test_a_strangers_link_and_number_are_not_tappable_in_wechat() -> None:
    text = render.wechat(Reply((SPECIAL["markup and quoted links"],)))
    assert "http://" not in text
    assert "jx.cn" not in text
    assert not re.search(r"\d{7}", text)
    assert "<" not in text
    assert "\x00" not in text and "\x0b" not in text


def test_choices_are_numbered_as_rasa_counts_them() -> None:
    two = Bubble("甲？", (Button("是", "/affirm"), Button("否", "/deny")))
    one = Bubble("乙？", (Button("继续", "/affirm"),))
    reply = Reply((two, one))
    assert render.plain(reply) == "甲？\n1. 是\n2. 否\n\n乙？\n3. 继续"
    assert [button.title for button in reply.buttons] == ["是", "否", "继续"]


def test_the_channels_own_words_are_said_and_written() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "rasa_ext" / "channels").rglob("*.py")
    ]
    said = set(re.findall(r'["\'](utter_wechat_\w+)', "".join(sources)))
    written = set(read_yaml(DATA / "responses" / "wechat.yml")["responses"])
    assert said == written


def test_the_menu_is_within_wechats_limits() -> None:
    from rasa_ext.channels.wechat.menu import menu

    entries = menu()["button"]
    assert 1 <= len(entries) <= 3
    for entry in entries:
        assert len(entry["name"]) <= 4
        assert 1 <= len(entry["sub_button"]) <= 5
        for item in entry["sub_button"]:
            assert len(item["name"]) <= 8
            assert len(item["key"].encode()) <= 128
