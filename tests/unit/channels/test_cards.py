"""A card goes beside its text where it can be drawn, and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_ext.channels.render import Reply
from rasa_ext.channels.web.turns import as_event
from rasa_ext.nlg import CopyDeck

CARD = {"card": "checklist", "data": {"title": "证据", "items": [{"text": "录屏"}]}}
FILE = {"document": {"title": "文件", "url": "/downloads/录"}}


def said(channel: str, card: dict[str, Any], language: str = "zh-Hans") -> Any:
    deck = CopyDeck(
        domain=Domain.from_dict({"responses": {"utter_x": [{"text": "说"}]}})
    )
    slot = AnySlot("language", mappings=[{}], influence_conversation=False)
    tracker = DialogueStateTracker.from_events(
        "p", [SlotSet("language", language)], slots=[slot]
    )
    return asyncio.run(deck.generate("utter_x", tracker, channel, card=card))


def test_the_web_draws_it() -> None:
    (bubble,) = Reply.of([said("web", CARD)]).bubbles
    event = as_event(bubble)
    assert event["text"] == "说"
    assert event["card"] == {"name": "checklist", "data": CARD["data"]}


def test_the_web_hands_out_a_file() -> None:
    (bubble,) = Reply.of([said("web", FILE)]).bubbles
    assert as_event(bubble)["file"] == {"title": "文件", "url": "/downloads/录"}


@pytest.mark.parametrize("channel", ["rest", "cmdline", "wechat", "wecom"])
def test_elsewhere_there_is_only_the_text(channel: str) -> None:
    assert said(channel, CARD).get("custom") is None


def test_who_writes_traditional_characters_reads_them_on_cards() -> None:
    custom = said("web", CARD, "zh-Hant")["custom"]
    assert custom["card"] == "checklist"
    assert custom["data"]["title"] == "證據"
    assert custom["data"]["items"] == [{"text": "錄屏"}]
    assert said("web", FILE, "zh-Hant")["custom"]["document"]["url"] == "/downloads/录"


def test_who_writes_english_is_told_where_a_reply_is_only_chinese() -> None:
    english = {
        "text": "(Only in Chinese.) ",
        "condition": [{"type": "slot", "name": "language", "value": "en"}],
    }
    responses = {
        "utter_x": [{"text": "先核实，再决定。"}],
        "utter_y": [
            {"text": "看《民法典》"},
            {**english, "text": "See 《民法典》 first."},
        ],
        "utter_chat_in_chinese": [{"text": "（只有中文）"}, english],
    }
    deck = CopyDeck(domain=Domain.from_dict({"responses": responses}))
    slot = AnySlot("language", mappings=[{}], influence_conversation=False)
    tracker = DialogueStateTracker.from_events(
        "p", [SlotSet("language", "en")], slots=[slot]
    )

    def words(name: str) -> str:
        message = asyncio.run(deck.generate(name, tracker, "rest"))
        assert message is not None
        return str(message["text"])

    assert words("utter_x") == "(Only in Chinese.) 先核实，再决定。"
    assert words("utter_y") == "See 《民法典》 first."
