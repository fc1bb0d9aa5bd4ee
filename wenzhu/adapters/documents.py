"""A letter as a Word file and as a PDF with its Chinese font inside.

Both are made in memory from text alone; nothing is fetched and nothing is kept.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pylopdf_fonts_zh_cn
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

FONT_OF_WORD = "SimSun"
FONT_OF_PDF = "NotoSerifSC"
MARGIN_MM = 25
TITLE_POINTS = 16
TEXT_POINTS = 11.5
LINE_MM = 7.5
PARAGRAPH_MM = 2
NEUTRAL = ""
BLANK = re.compile(r"(〔[^〔〕]+〕)")
UNBROKEN = re.compile(r"[（《“〔]*(?:[A-Za-z0-9.]+|.)[，。；：、？！）》”〕]*")
"""A character or word with its marks: no line begins with a closing one."""
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 -- the file must not tell when
"""Files carry no author and no time of making."""


class Written(Protocol):
    """Anything with a title and paragraphs, such as ``wenzhu.letters.LetterText``."""

    @property
    def title(self) -> str:
        """What stands above."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What follows."""


@dataclass(frozen=True)
class File:
    """A finished file; its name does not say what it is about."""

    name: str
    media_type: str
    content: bytes


def as_docx(written: Written) -> File:
    """The text as a Word file, blanks underlined, no author in it."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(MARGIN_MM))
    normal = document.styles["Normal"]
    normal.font.name = FONT_OF_WORD
    normal.font.size = Pt(TEXT_POINTS)
    # Word takes Chinese characters from the East Asian slot, which has no attribute.
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT_OF_WORD)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(written.title)
    run.bold = True
    run.font.size = Pt(TITLE_POINTS)
    for text in written.paragraphs:
        paragraph = document.add_paragraph()
        for piece in BLANK.split(text):
            if piece:
                paragraph.add_run(piece).underline = bool(BLANK.fullmatch(piece))
    about = document.core_properties
    about.author = about.last_modified_by = about.title = about.comments = NEUTRAL
    about.created = about.modified = EPOCH
    target = io.BytesIO()
    document.save(target)
    return File(
        "letter.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        target.getvalue(),
    )


def as_pdf(written: Written) -> File:
    """The text as a PDF with the characters it uses embedded."""
    pdf = FPDF(format="A4")
    pdf.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
    pdf.set_auto_page_break(True, margin=MARGIN_MM)
    pdf.set_creation_date(EPOCH)
    pdf.set_producer(NEUTRAL)
    pdf.set_lang("zh-CN")
    pdf.add_font(FONT_OF_PDF, fname=str(font_path()))
    pdf.add_page()
    pdf.set_font(FONT_OF_PDF, size=TITLE_POINTS)
    _paragraph(pdf, written.title, Align.C)
    pdf.ln(PARAGRAPH_MM)
    pdf.set_font(FONT_OF_PDF, size=TEXT_POINTS)
    for text in written.paragraphs:
        _paragraph(pdf, text, Align.L)
    return File("letter.pdf", "application/pdf", bytes(pdf.output()))


def font_path() -> Path:
    """Where the font lies that is embedded; a package of the project ships it."""
    return Path(pylopdf_fonts_zh_cn.serif_path())


def _paragraph(pdf: FPDF, text: str, align: Align) -> None:
    for line in _lines(pdf, text):
        pdf.cell(0, LINE_MM, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(PARAGRAPH_MM)


def _lines(pdf: FPDF, text: str) -> list[str]:
    """The text in lines that fit between the margins."""
    width = pdf.epw - 2 * pdf.c_margin
    lines = [""]
    for piece in UNBROKEN.findall(text):
        if pdf.get_string_width(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines
