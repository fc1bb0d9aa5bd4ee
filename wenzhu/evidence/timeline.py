"""The items of a case as lines, for a bubble and for the index."""

from __future__ import annotations

from collections.abc import Sequence

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


def line(item: Item) -> str:
    """One item: number, when it happened or came, what it is, what was said."""
    day = item.about.get("day") or item.captured_at[:10]
    time = item.about.get("when") or (
        "" if "day" in item.about else item.captured_at[11:16]
    )
    said = item.about.get("said", "")
    said = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    parts = [f"{item.number}. {day[5:]}", time, NAMES.get(item.kind, item.kind), said]
    text = " ".join(part for part in parts if part)
    return f"{text}（更正第{item.corrects}条）" if item.corrects else text
