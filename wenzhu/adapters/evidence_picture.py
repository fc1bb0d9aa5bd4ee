"""The timeline of a case as a picture that fits a phone."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont

from wenzhu.adapters.documents import File, font_path
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.errors import Damaged
from wenzhu.evidence.records import Item
from wenzhu.evidence.timeline import NAMES, moment

WIDTH, MARGIN, RAIL = 1080, 60, 90
HEAD_SIZE, LINE_SIZE, TEXT_SIZE, SMALL_SIZE = 56, 40, 36, 28
GAP = 44
DOT = 13
MOST_ITEMS = 60
"""More would be a picture that no phone shows; the export has all."""
MOST_LINES = 4
BEGINNING = 200
INK, SOFT, PAPER = "#222222", "#666666", "#ffffff"
RAIL_INK, DOT_INK = "#c8d2cd", "#2f7a5f"
TITLE = "时间线"
MORE = "前面还有 {count} 条，见导出。"
FOOT = (
    "{made:%Y-%m-%d %H:%M}（北京时间）从 {count} 条证据画出。原件和核对方法在导出里。"
)


@dataclass(frozen=True)
class _Line:
    """A line of text, how large, in which ink, at which left edge."""

    text: str
    size: int
    ink: str
    left: int
    starts_item: bool = False


def picture_of(store: EvidenceStore, sender: str, now: datetime) -> File:
    """The timeline of a person.

    Raises:
        NoCase: nothing of theirs is kept any more.
    """
    held = store.case(sender)
    items = store.items_of(held)
    texts: dict[int, str] = {}
    for item in items[-MOST_ITEMS:]:
        if item.media_type.startswith("text/"):
            with contextlib.suppress(Damaged):  # the export says which
                content = b"".join(store.read(held, item))
                texts[item.number] = content.decode("utf-8", "replace")[:BEGINNING]
    return File("wenzhu.png", "image/png", timeline_picture(items, texts, now))


def timeline_picture(
    items: Sequence[Item], texts: Mapping[int, str], now: datetime
) -> bytes:
    """The newest items from top to bottom, as PNG.

    Args:
        items: of a case, in order.
        texts: how contents begin, by number of the item.
        now: when the picture is made.
    """
    lines = _lines(items, texts, now)
    height = MARGIN * 2 + sum(map(_height, lines))
    picture = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(picture)
    dots: list[int] = []
    top = MARGIN
    for line in lines:
        if line.starts_item:
            top += GAP
            dots.append(top + line.size * 2 // 3)
        draw.text((line.left, top), line.text, fill=line.ink, font=_font(line.size))
        top += _height(line) - (GAP if line.starts_item else 0)
    if dots:
        draw.line((RAIL, dots[0], RAIL, dots[-1]), fill=RAIL_INK, width=5)
    for middle in dots:
        box = (RAIL - DOT, middle - DOT, RAIL + DOT, middle + DOT)
        draw.ellipse(box, fill=DOT_INK)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def _lines(
    items: Sequence[Item], texts: Mapping[int, str], now: datetime
) -> list[_Line]:
    shown = items[-MOST_ITEMS:]
    left = RAIL + 50
    lines = [_Line(TITLE, HEAD_SIZE, INK, MARGIN)]
    if len(shown) < len(items):
        count = len(items) - len(shown)
        lines.append(_Line(MORE.format(count=count), SMALL_SIZE, SOFT, MARGIN))
    for item in shown:
        name = NAMES.get(item.kind, item.kind)
        head = f"{item.number}. {moment(item)}　{name}"
        lines.append(_Line(head, LINE_SIZE, INK, left, starts_item=True))
        for text in _details(item, texts.get(item.number, "")):
            lines += [
                _Line(piece, TEXT_SIZE, SOFT, left) for piece in _wrapped(text, left)
            ]
    lines.append(_Line("", SMALL_SIZE, SOFT, MARGIN))
    foot = FOOT.format(made=now, count=len(items))
    lines += [
        _Line(piece, SMALL_SIZE, SOFT, MARGIN)
        for piece in _wrapped(foot, MARGIN, SMALL_SIZE)
    ]
    return lines


def _details(item: Item, content: str) -> list[str]:
    about = item.about
    told = [about.get("said") or content]
    asked = [f"{about['times']}次"] if about.get("times") else []
    number = [about["number"]] if about.get("number") else []
    details = ["，".join((*asked, *number)), *told]
    if item.corrects:
        details.append(f"更正第 {item.corrects} 条")
    return [text for text in details if text]


def _wrapped(text: str, left: int, size: int = TEXT_SIZE) -> list[str]:
    """The text in lines that fit, cut after a few."""
    font, room = _font(size), WIDTH - MARGIN - left
    lines, line = [], ""
    for character in "".join(c if c.isprintable() else " " for c in text):
        if font.getlength(line + character) > room:
            lines.append(line)
            line = ""
        line += character
    lines.append(line)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
    return lines


def _height(line: _Line) -> int:
    return line.size * 3 // 2 + (GAP if line.starts_item else 0)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path()), size)
