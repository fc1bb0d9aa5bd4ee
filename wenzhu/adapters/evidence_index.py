"""The index of an export: a PDF with cover, timeline and every item."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos
from PIL import Image, UnidentifiedImageError

from wenzhu.adapters.documents import FONT_OF_PDF, MARGIN_MM, font_path
from wenzhu.evidence.records import Item, Stamp
from wenzhu.evidence.timeline import NAMES, line

TITLE_POINTS, HEAD_POINTS, TEXT_POINTS, SMALL_POINTS = 18, 13, 10.5, 8.5
THUMB_PIXELS = 480
THUMB_MM = 60
MOST_PIXELS = 50_000_000
"""A larger picture is named, not shown: unpacking it could take all memory."""

EXCERPT = 600
"""So many characters of a text are printed; the file has all of it."""

TITLE = "证据清单"
HOW = (
    "怎么核对：解压后，在这个文件夹里运行 python3 verify.py，不需要联网，也不需要我们。"
    "它逐个算出 originals 里每个文件的 SHA-256，和 manifest.json 里的比，再核对条目"
    "前后相连的链。改过一个字、少了一条、换了顺序，都会指出是第几条。",
    "这份清单是程序做的，不是鉴定，也不是公证。收到时间是程序收到内容的时间；"
    "手机里的原件请一直留着，法院、公安要看的是原件。",
)
STAMPED = (
    "核对：openssl ts -verify -in timestamps/{number}.tsr "
    "-data timestamps/{number}.link -CAfile 机构的根证书"
)
ABOUT_NAMES = {
    "day": "日期",
    "when": "几点",
    "times": "几次",
    "number": "号码",
    "said": "说了什么",
}
SOURCES = {"pasted": "本人粘贴", "told": "本人口述", "masked": "号码已遮住"}


class Index:
    """Builds the PDF item by item, so that one content is in memory at a time."""

    def __init__(
        self, items: Sequence[Item], stamps: Sequence[Stamp], made: datetime
    ) -> None:
        """Write cover and timeline."""
        pdf = self._pdf = FPDF(format="A4")
        pdf.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        pdf.set_auto_page_break(True, margin=MARGIN_MM)
        pdf.set_producer("")
        pdf.set_lang("zh-CN")
        pdf.add_font(FONT_OF_PDF, fname=str(font_path()))
        pdf.add_page()
        self._write(TITLE, TITLE_POINTS, Align.C)
        self._write(f"共 {len(items)} 条，{made:%Y-%m-%d %H:%M}（北京时间）导出。")
        for text in HOW:
            self._write(text)
        for stamp in stamps:
            self._write(
                f"到第 {stamp.number} 条为止，时间戳机构在 "
                f"{stamp.stated_at:%Y-%m-%d %H:%M:%S}（北京时间）盖过时间戳。"
            )
            self._write(STAMPED.format(number=f"{stamp.number:03}"), SMALL_POINTS)
        self._write("时间线", HEAD_POINTS)
        for item in items:
            self._write(line(item))
        pdf.add_page()

    def add(self, item: Item, file: str, fault: str | None, content: bytes) -> None:
        """Write one item: what it is, its source, its hash, what it shows."""
        kind = NAMES.get(item.kind, item.kind)
        self._write(f"第 {item.number} 条　{kind}", HEAD_POINTS)
        for name, value in _facts(item, file):
            self._write(f"{name}：{value}")
        self._write(f"SHA-256：{item.sha256}", SMALL_POINTS)
        if fault is not None:
            self._write(f"注意：这一条核对不上（{fault}），没有放进来。")
        elif item.media_type.startswith("image/"):
            self._picture(content)
        elif item.media_type.startswith("text/"):
            text = content.decode("utf-8", "replace")
            more = "……（全文见文件）" if len(text) > EXCERPT else ""
            self._write(text[:EXCERPT] + more)
        self._pdf.ln(5)

    def content(self) -> bytes:
        """The finished PDF."""
        return bytes(self._pdf.output())

    def _picture(self, content: bytes) -> None:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise UnidentifiedImageError
                picture.draft("RGB", (THUMB_PIXELS, THUMB_PIXELS))
                picture.thumbnail((THUMB_PIXELS, THUMB_PIXELS))
                small = io.BytesIO()
                picture.convert("RGB").save(small, "JPEG", quality=70)
        except (OSError, ValueError, Image.DecompressionBombError):
            self._write("（这张图在清单里显示不出来，见文件。）")
            return
        small.seek(0)
        self._pdf.image(small, w=THUMB_MM, h=THUMB_MM, keep_aspect_ratio=True)

    def _write(
        self, text: str, points: float = TEXT_POINTS, align: Align = Align.L
    ) -> None:
        self._pdf.set_font(FONT_OF_PDF, size=points)
        self._pdf.multi_cell(
            0, points * 0.6, _printable(text), align=align, new_x=XPos.LMARGIN,
            new_y=YPos.NEXT, wrapmode=WrapMode.CHAR,
        )  # fmt: skip
        self._pdf.ln(1)


def _facts(item: Item, file: str) -> Iterable[tuple[str, str]]:
    yield "文件", file
    yield "收到", item.captured_at
    yield "来源", "，".join(_of(SOURCES, each) for each in item.source.split(", "))
    if item.corrects:
        yield "更正", f"第 {item.corrects} 条（原来那条也在）"
    for name, value in item.about.items():
        yield _of(ABOUT_NAMES, name), value


def _of(names: Mapping[str, str], name: str) -> str:
    return names.get(name, name)


def _printable(text: str) -> str:
    """Without control characters; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
