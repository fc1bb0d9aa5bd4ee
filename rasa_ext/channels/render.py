"""One description of a reply, and one renderer per channel.

A reply is bubbles; a bubble is text, quick replies, a card, a document. The text is
always complete: a card repeats it for channels that can draw one, and a document
names itself. What a channel cannot draw it says in words; only looks may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

URGENT = ("utter_crisis", "utter_now")
"""Replies that stand alone: nothing about the debt is put beside them."""


@dataclass(frozen=True)
class Button:
    """A quick reply: what it says, and what choosing it means to Rasa."""

    title: str
    payload: str


@dataclass(frozen=True)
class Card:
    """A drawing of what the text says, by name, with its values."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A finished file: what it is called, and where it can be fetched."""

    title: str
    address: str


@dataclass(frozen=True)
class Bubble:
    """One bubble of a reply; ``response`` is the name in the copy deck, if any."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    card: Card | None = None
    document: Document | None = None
    response: str = ""


@dataclass(frozen=True)
class Reply:
    """What the bot says in one turn."""

    bubbles: tuple[Bubble, ...] = ()

    @classmethod
    def of(cls, messages: Iterable[Mapping[str, Any]]) -> Reply:
        """The reply in Rasa's messages, as an output channel receives them."""
        return cls(tuple(filter(_has_content, map(bubble_of, messages))))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every quick reply, in the order in which Rasa numbers them."""
        return tuple(button for bubble in self.bubbles for button in bubble.buttons)

    @property
    def is_urgent(self) -> bool:
        """Whether it answers a crisis or something that happens now."""
        return any(each.response.startswith(URGENT) for each in self.bubbles)


def bubble_of(message: Mapping[str, Any]) -> Bubble:
    """One of Rasa's messages as a bubble."""
    custom = message.get("custom") or {}
    card, document = custom.get("card"), custom.get("document")
    return Bubble(
        text=str(message.get("text") or "").strip(),
        buttons=tuple(
            Button(str(each.get("title", "")), str(each.get("payload", "")))
            for each in message.get("buttons") or message.get("quick_replies") or ()
        ),
        card=Card(str(card), custom.get("data") or {}) if card else None,
        document=_document(document) if document else None,
        response=str(message.get("utter_action") or ""),
    )


def _document(given: Mapping[str, Any]) -> Document:
    return Document(str(given.get("title", "")), str(given.get("url", "")))


def _has_content(bubble: Bubble) -> bool:
    return bool(bubble.text or bubble.buttons or bubble.card or bubble.document)


# --- REST and the terminal ------------------------------------------------------


def rest(reply: Reply, recipient: str) -> list[dict[str, Any]]:
    """The messages of Rasa's REST channel."""
    messages = []
    for bubble in reply.bubbles:
        message: dict[str, Any] = {"recipient_id": recipient}
        if bubble.text:
            message["text"] = bubble.text
        if bubble.buttons:
            message["buttons"] = [
                {"title": each.title, "payload": each.payload}
                for each in bubble.buttons
            ]
        custom: dict[str, Any] = {}
        if bubble.card:
            custom |= {"card": bubble.card.name, "data": dict(bubble.card.data)}
        if bubble.document:
            custom["document"] = {
                "title": bubble.document.title,
                "url": bubble.document.address,
            }
        if custom:
            message["custom"] = custom
        messages.append(message)
    return messages


def plain(reply: Reply) -> str:
    """The whole reply as text: bubbles a blank line apart, choices numbered."""
    number = 0
    parts = []
    for bubble in reply.bubbles:
        lines = [bubble.text] if bubble.text else []
        if bubble.card and not bubble.text:
            lines += card_lines(bubble.card.data)
        if bubble.document and bubble.document.address not in bubble.text:
            lines.append(f"《{bubble.document.title}》 {bubble.document.address}")
        for button in bubble.buttons:
            number += 1
            lines.append(f"{number}. {button.title}")
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def card_lines(data: Mapping[str, Any]) -> list[str]:
    """The values of a card, one a line; lists are joined, nothing is left out."""
    lines = []
    for name, value in data.items():
        if isinstance(value, Mapping):
            lines += card_lines(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            lines.append(f"{name}：{'、'.join(map(str, value))}")
        else:
            lines.append(f"{name}：{value}")
    return lines


# --- WeChat and WeCom -----------------------------------------------------------

WECHAT_BYTES = 2048
"""The longest text of one message, in bytes of UTF-8."""

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile(r"“[^”]*”")
_ADDRESS = re.compile(r"[\w-]+(?:[.:/@]+[\w?=&%#~+-]+)+", re.ASCII)
_NUMBER = re.compile(r"\d[\d-]{5,}\d")
_JOINT = re.compile(r"(?<=[.:/@])|(?<=\d\d\d)(?=\d)")
GAP = "\u200b"
"""Invisible; between the parts of a stranger's link or number, which WeChat would
otherwise make tappable."""


def wechat(reply: Reply) -> str:
    """The whole reply as WeChat shows it; it may be longer than one message."""
    text = _NOT_XML.sub("\ufffd", plain(reply)).replace("<", "＜")
    return _QUOTED.sub(lambda quote: _defused(quote[0]), text)


def _defused(quote: str) -> str:
    for pattern in (_ADDRESS, _NUMBER):
        quote = pattern.sub(lambda found: _JOINT.sub(GAP, found[0]), quote)
    return quote


_CUTS = tuple(
    re.compile(pattern)
    for pattern in (r"\n\n+", r"\n|[。！？!?…]+[”’）)]*", r"[，、；：,;:\s]")
)
_STICKS = re.compile(r"[\u0300-\u036f\u200d\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def first_page(text: str, more: str, limit: int = WECHAT_BYTES) -> tuple[str, str]:
    """Cut a text into what fits one message, and the rest.

    The cut falls between bubbles if it can, else after a sentence, a clause, and
    only then inside one.

    Args:
        text: the whole text.
        more: the line that says how to get the rest; it is put under the page.
        limit: bytes of UTF-8 that one message holds.

    Returns:
        The page, with ``more`` where something is left, and what is left.
    """
    text = text.strip()
    if _size(text) <= limit:
        return text, ""
    room = limit - _size(f"\n\n{more}")
    window = text.encode()[:room].decode("utf-8", "ignore")
    end = _cut(text, len(window))
    return f"{text[:end].rstrip()}\n\n{more}", text[end:].lstrip()


def _size(text: str) -> int:
    return len(text.encode())


def _cut(text: str, longest: int) -> int:
    """The best place to cut at or before an offset."""
    for pattern in _CUTS:
        ends = [found.end() for found in pattern.finditer(text, 0, longest)]
        if ends and ends[-1] > longest // 3:
            return ends[-1]
    end = longest
    while end > longest - 20 and (
        _STICKS.match(text[end : end + 1]) or text[end - 1] == "\u200d"
    ):
        end -= 1
    return end


_CHOICE = re.compile(
    r"\s*(?:(?P<digits>[0-9０-９]{1,2})\ufe0f?\u20e3?|(?P<round>[①-⑳])|(?P<ten>🔟))"
    r"\s*[.。、,，)）]?\s*"
)


def chosen(text: str) -> str:
    """What a person typed, with any way of writing a number as that number.

    “2️⃣”, “②”, “２” and “2.” are “2”; Rasa's side knows which button that is.
    """
    found = _CHOICE.fullmatch(text)
    if found is None:
        return text
    if found["ten"]:
        return "10"
    if found["round"]:
        return str(ord(found["round"]) - ord("①") + 1)
    return str(int(found["digits"]))
