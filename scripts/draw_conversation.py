"""Draws docs/conversation.svg from the conversation in README.md.

    python scripts/draw_conversation.py [--check]

A contract test compares the picture with the text, so that both tell the same.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from unicodedata import east_asian_width

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "conversation.svg"

LINE = re.compile(r"^(你|稳住|按钮)　+(.+)$", re.MULTILINE)
BUTTON = re.compile(r"\[([^\]]+)\]")
WORD = re.compile(r"[“《（【]?(?:[A-Za-z0-9][A-Za-z0-9.,]*|.)")
NOT_FIRST = "，。、；：？！）”》"
FONTS = "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', sans-serif"
SIZE, LEADING, PADDING, GAP = 14, 21, 10, 8
PHONE, MARGIN, HEADER, SPACE = 340, 14, 46, 24
BUBBLE = 262
COLUMNS = 3


@dataclass(frozen=True)
class Block:
    """One bubble or one row of buttons."""

    who: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The text in lines that fit the bubble."""
        return wrapped(self.text, BUBBLE - 2 * PADDING)

    @property
    def rows(self) -> list[list[str]]:
        """The buttons in rows that fit the phone."""
        rows: list[list[str]] = [[]]
        used = 0.0
        for title in BUTTON.findall(self.text):
            width = width_of(title, SIZE - 2) + 26
            if rows[-1] and used + width > PHONE - 2 * MARGIN:
                rows.append([])
                used = 0.0
            rows[-1].append(title)
            used += width
        return rows

    @property
    def height(self) -> int:
        """How much of the phone it takes, with the gap below."""
        if self.who == "按钮":
            return len(self.rows) * 32 + GAP
        return len(self.lines) * LEADING + 2 * PADDING - 4 + GAP


def width_of(text: str, size: int = SIZE) -> float:
    """Width in pixels, near enough for any of the fonts."""
    return sum(size if east_asian_width(c) in "WFA" else size * 0.58 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into lines, between words and not before a closing mark."""
    lines = [""]
    for word in WORD.findall(text):
        full = width_of(lines[-1] + word) > width
        if full and word not in NOT_FIRST:
            lines.append("")
        lines[-1] += word
    return lines


def conversation() -> list[Block]:
    """The conversation of the README, in order."""
    return [Block(*found) for found in LINE.findall(README.read_text("utf-8"))]


def columns(blocks: list[Block]) -> list[list[Block]]:
    """Share the blocks out to phones of about the same height."""
    share = sum(block.height for block in blocks) / COLUMNS
    phones: list[list[Block]] = [[]]
    used = 0.0
    for block in blocks:
        # what the person says opens a phone, so that no answer is torn off
        if block.who == "你" and used > share * 0.8 and len(phones) < COLUMNS:
            phones.append([])
            used = 0.0
        phones[-1].append(block)
        used += block.height
    return phones


def draw_bubble(block: Block, left: float, top: float) -> list[str]:
    """A bubble: the person's on the right, the bot's on the left."""
    wide = max(map(width_of, block.lines)) + 2 * PADDING
    mine = block.who == "你"
    x = left + PHONE - MARGIN - wide if mine else left + MARGIN
    kind = "me" if mine else "bot"
    tall = block.height - GAP
    parts = [
        f'<rect class="{kind}" x="{x:.0f}" y="{top:.0f}" width="{wide:.0f}" '
        f'height="{tall}" rx="14"/>'
    ]
    for number, line in enumerate(block.lines):
        y = top + PADDING + SIZE - 1 + number * LEADING
        parts.append(
            f'<text class="{kind}" x="{x + PADDING:.0f}" y="{y:.0f}">'
            f"{escape(line, quote=False)}</text>"
        )
    return parts


def draw_buttons(block: Block, left: float, top: float) -> list[str]:
    """Rows of quick replies."""
    parts = []
    for number, row in enumerate(block.rows):
        x = left + MARGIN
        for title in row:
            wide = width_of(title, SIZE - 2) + 20
            y = top + number * 32
            parts.append(
                f'<rect class="button" x="{x:.0f}" y="{y:.0f}" '
                f'width="{wide:.0f}" height="26" rx="13"/>'
                f'<text class="button" x="{x + wide / 2:.0f}" y="{y + 17.5:.1f}">'
                f"{escape(title, quote=False)}</text>"
            )
            x += wide + 6
    return parts


def picture() -> str:
    """The whole picture as SVG."""
    phones = columns(conversation())
    inner = max(sum(block.height for block in phone) for phone in phones)
    tall = HEADER + inner + MARGIN + GAP
    wide = COLUMNS * PHONE + (COLUMNS + 1) * SPACE
    whole = tall + 2 * SPACE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {whole}" '
        f'width="{wide}" height="{whole}" role="img" '
        'aria-label="与稳住的一段对话，文字见 README">',
        "<style>",
        f"text{{font-family:{FONTS};font-size:{SIZE}px}}",
        ".phone{fill:#f3f5f4;stroke:#c9d3ce;stroke-width:2}",
        ".bar{fill:#2f6f5e}text.bar{fill:#fff;font-weight:600;text-anchor:middle}",
        "rect.bot{fill:#fff;stroke:#dfe6e2}text.bot{fill:#1d2b26}",
        "rect.me{fill:#cfeadf}text.me{fill:#12352a}",
        "rect.button{fill:#fff;stroke:#2f6f5e}",
        f"text.button{{fill:#2f6f5e;font-size:{SIZE - 2}px;text-anchor:middle}}",
        "</style>",
    ]
    for number, phone in enumerate(phones):
        left = SPACE + number * (PHONE + SPACE)
        parts.append(
            f'<rect class="phone" x="{left}" y="{SPACE}" width="{PHONE}" '
            f'height="{tall}" rx="26"/>'
            f'<path class="bar" d="M{left + 1} {SPACE + HEADER - 10}v-9a26 26 0 0 1 '
            f'26-26h{PHONE - 54}a26 26 0 0 1 26 26v9z"/>'
            f'<text class="bar" x="{left + PHONE / 2:.0f}" y="{SPACE + 24}">稳住</text>'
        )
        top = float(SPACE + HEADER)
        for block in phone:
            draw = draw_buttons if block.who == "按钮" else draw_bubble
            parts += draw(block, left, top)
            top += block.height
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> int:
    """Write the picture, or tell whether it is up to date."""
    parser = argparse.ArgumentParser(description="draw docs/conversation.svg")
    parser.add_argument("--check", action="store_true", help="only compare")
    if not parser.parse_args().check:
        PICTURE.write_text(picture(), encoding="utf-8")
        return 0
    return int(PICTURE.read_text(encoding="utf-8") != picture())


if __name__ == "__main__":
    raise SystemExit(main())
