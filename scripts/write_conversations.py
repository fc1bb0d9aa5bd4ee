"""Holds the conversations of conversations.yml and writes docs/conversations.md.

    python -m scripts.write_conversations

The bot runs as users run it; what it answers is written down as it came.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scripts.talking import Api

ROOT = Path(__file__).resolve().parent.parent
ASKED = ROOT / "scripts" / "conversations.yml"
WRITTEN = ROOT / "docs" / "conversations.md"
LINK = re.compile(r"https?://127\.0\.0\.1\S+")
HEAD = """# 十二段对话

这些对话由运行中的程序说出来，一字未改；只有一次性的下载链接换成了“〔链接〕”。
人说的话写在 `scripts/conversations.yml`，`make conversations` 重新说一遍并写成本文件。
方括号里是按钮。
"""


def conversations() -> list[dict[str, Any]]:
    """What is said, in order: a title, who it is, and the turns."""
    content = yaml.safe_load(ASKED.read_text(encoding="utf-8"))
    return list(content["conversations"])


def held(bot: Api, number: int, asked: dict[str, Any]) -> Iterator[str]:
    """One conversation in Markdown, line by line."""
    yield f"\n## {number} {asked['title']}\n\n{asked['who']}\n"
    for turn in asked["turns"]:
        yield f"**你**：{turn}\n"
        for bubble in bot.say(f"conversation-{number}", turn):
            yield from said(bubble)


def said(bubble: dict[str, Any]) -> Iterator[str]:
    """One bubble as a quotation, its buttons below it."""
    text = LINK.sub("〔链接〕", str(bubble.get("text") or ""))
    if text:
        yield "\n".join(f"> {line}  ".rstrip() for line in text.split("\n"))
    buttons = bubble.get("buttons") or ()
    if buttons:
        yield "> " + " ".join(f"`[{button['title']}]`" for button in buttons)
    if text or buttons:
        yield ""


def main() -> None:
    """Talk, and write it down."""
    settings = {"WENZHU_PUBLIC_URL": "http://127.0.0.1:8000"}
    with tempfile.TemporaryDirectory() as state, Api(Path(state), settings) as bot:
        parts = [
            line
            for number, asked in enumerate(conversations(), 1)
            for line in held(bot, number, asked)
        ]
    text = HEAD + "\n".join(parts).rstrip() + "\n"
    WRITTEN.write_text(text, encoding="utf-8")
    print(f"wrote {WRITTEN.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
