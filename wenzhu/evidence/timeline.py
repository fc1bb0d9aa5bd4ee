"""The items of a case as lines, for a bubble and for the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wenzhu.evidence.records import Item

SHOWN = 4
"""A bubble holds so many; the export has all."""

NAMES = {
    "message": "短信",
    "screenshot": "截图",
    "call_note": "来电",
    "payment": "付款",
    "chat_log": "聊天",
    "file": "文件",
}
LONGEST = 12


def timeline(items: Sequence[Item], shown: int = SHOWN) -> list[str]:
    """The newest items, oldest of them first, a short line each."""
    return [line(item) for item in items[-shown:]]


def card(items: Sequence[Item]) -> Mapping[str, Any]:
    """Every item, for a channel with a screen: when, and what."""
    rows = [{"when": _when(item), "text": _what(item)} for item in items]
    return {"card": "timeline", "data": {"items": rows}}


def line(item: Item) -> str:
    """One item: number, when it happened or came, what it is, what was said."""
    said = item.about.get("said", "")
    cut = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    return f"{item.number}. {_when(item)} {_what(item, cut)}"


def moment(item: Item) -> str:
    """When it happened, as far as it was told; else when it came."""
    if "day" not in item.about:
        return f"{item.captured_at[:10]} {item.captured_at[11:16]}"
    return f"{item.about['day']} {item.about.get('when', '')}".rstrip()


def _when(item: Item) -> str:
    return moment(item)[5:]


def _what(item: Item, said: str | None = None) -> str:
    words = item.about.get("said", "") if said is None else said
    text = f"{NAMES.get(item.kind, item.kind)} {words}".strip()
    return f"{text}（更正第{item.corrects}条）" if item.corrects else text
