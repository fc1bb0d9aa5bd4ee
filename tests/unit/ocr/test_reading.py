"""Rendered screenshots are read; files that are none are refused."""

from __future__ import annotations

import io
import json
import secrets
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from wenzhu.adapters import ocr
from wenzhu.adapters.documents import font_path
from wenzhu.adapters.ocr import NotReadable
from wenzhu.settings import ROOT

BUBBLES = (
    "【测试金融】您的贷款已逾期45天，今日18点前不还清，将安排人员上门并通知您的单位和家人。",
    "最后一次通知：请立即添加专员处理，点击链接查看欠款明细，后果自负！",
    "收到请回复，本通知当日有效。",
)
SIZE = (1080, 1500)
TOTAL = sum(map(len, BUBBLES))


@cache
def drawn(dark: bool = False, points: int = 44) -> Image.Image:
    """A message app with three bubbles."""
    paper, ink, bubble = ("#101414", "#e6e6e6", "#2b3232") if dark else (
        "#ffffff", "#1b1b1b", "#e8eaed"
    )  # fmt: skip
    picture = Image.new("RGB", SIZE, paper)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(font_path()), points)
    top = 80
    for text in BUBBLES:
        across = 760 // points
        lines = [text[at : at + across] for at in range(0, len(text), across)]
        height = len(lines) * int(points * 1.5) + 40
        pen.rounded_rectangle((40, top, 860, top + height), 36, fill=bubble)
        for number, line in enumerate(lines):
            place = (70, top + 20 + number * int(points * 1.5))
            pen.text(place, line, font=font, fill=ink)
        top += height + 70
    return picture


def packed(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **more)
    return target.getvalue()


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def distance(a: str, b: str) -> int:
    """Characters to change, add or drop to make one text the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


PICTURES = {
    "light": lambda: packed(drawn()),
    "dark": lambda: packed(drawn(dark=True)),
    "small": lambda: packed(drawn().resize((540, 750), Image.Resampling.LANCZOS)),
    "tilted": lambda: packed(
        drawn().rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="#777")
    ),
    "jpeg": lambda: packed(drawn(), "JPEG", quality=60),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_characters_and_their_order_are_right(name: str) -> None:
    text = ocr.read(PICTURES[name]())
    wrong = distance(plain("".join(BUBBLES)), plain(text))
    assert wrong <= TOTAL * 0.03, text
    parts = text.split("\n\n")
    assert len(parts) == len(BUBBLES), text
    for part, bubble in zip(parts, BUBBLES, strict=True):
        assert plain(part)[:4] == plain(bubble)[:4]


def test_a_long_screenshot_is_read_whole_and_once() -> None:
    long = Image.new("RGB", (SIZE[0], SIZE[1] * 3), "white")
    for number in range(3):
        long.paste(drawn(), (0, number * SIZE[1]))
    text = plain(ocr.read(packed(long)))
    assert distance(plain("".join(BUBBLES)) * 3, text) <= TOTAL * 3 * 0.03


def moving() -> bytes:
    frames = [Image.new("RGB", (60, 60), color) for color in ("red", "blue")]
    return packed(frames[0], "GIF", save_all=True, append_images=frames[1:])


BAD = {
    "random bytes": (lambda: secrets.token_bytes(5000), "kind"),
    "nothing": (lambda: b"", "kind"),
    "a document": (lambda: b"%PDF-1.7\n" + b"x" * 500, "kind"),
    "a page": (lambda: b"<html><script>alert(1)</script>", "kind"),
    "cut short": (lambda: packed(drawn())[:2000], "kind"),
    "a promise only": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "kind"),
    "moving": (moving, "kind"),
    "a bomb": (lambda: packed(Image.new("1", (20_000, 20_000))), "large"),
    "too many bytes": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024), "large"),
    "blank": (lambda: packed(Image.new("RGB", (800, 800), "white")), "empty"),
    "no text": (lambda: packed(Image.linear_gradient("L").resize((600, 600))), "empty"),
    "one pixel": (lambda: packed(Image.new("RGB", (1, 1))), "empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why(name: str) -> None:
    make, reason = BAD[name]
    with pytest.raises(NotReadable) as refused:
        ocr.read(make())
    assert refused.value.reason == reason


def test_what_lies_beside_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    exif[0x0112] = 6
    content = packed(drawn(), "JPEG", exif=exif) + b"<script>alert(1)</script>"
    clean = ocr.cleaned(content)
    assert clean.size == SIZE[::-1]
    again = packed(clean)
    assert b"where I live" not in again and b"script" not in again
    assert not clean.getexif()


def test_the_command_reads_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(packed(drawn()))
    done = subprocess.run(
        [sys.executable, "-m", "wenzhu.analyse", "--image", str(path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert done.returncode == 0, answer
    assert answer["fields"]["overdue_days"] == 45
    path.write_bytes(b"no picture")
    done = subprocess.run(
        [sys.executable, "-m", "wenzhu.analyse", "--image", str(path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert set(json.loads(done.stdout)) == {"error"}
