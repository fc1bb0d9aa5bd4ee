"""A letter as a file opens again with the same words."""

from __future__ import annotations

import io
import re

import docx
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont

from wenzhu.adapters.documents import as_docx, as_pdf, font_path
from wenzhu.case import Case
from wenzhu.letters import LetterText, letters, write

CASE = Case(has_loan="repaid")
LETTERS = sorted(letters())


def _joined(text: str) -> str:
    """The text without any white space: a PDF breaks lines where it likes."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("letter_id", LETTERS)
def test_a_word_file_opens_again_with_the_same_text(letter_id: str) -> None:
    letter = write(letter_id, CASE)
    opened = docx.Document(io.BytesIO(as_docx(letter).content))
    assert [each.text for each in opened.paragraphs] == [
        letter.title,
        *letter.paragraphs,
    ]


def _text(content: bytes) -> str:
    pages = pdfium.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize("letter_id", ["complaint", "verify", "stop_contact"])
def test_a_pdf_holds_the_same_text_with_its_font_inside(letter_id: str) -> None:
    letter = write(letter_id, CASE)
    content = as_pdf(letter).content
    assert _joined(_text(content)) == _joined(letter.text)
    assert _embedded(content) == {True}
    assert len(content) < min(300_000, font_path().stat().st_size / 20)


def test_the_font_has_every_character_of_every_letter() -> None:
    known = set(TTFont(font_path(), lazy=True).getBestCmap())
    for letter_id in LETTERS:
        used = {ord(char) for char in write(letter_id, CASE).text} - {ord("\n")}
        assert used <= known, letter_id


def _embedded(content: bytes) -> set[bool]:
    """Whether the fonts behind the text objects lie inside the file."""
    found = set()
    for page in pdfium.PdfDocument(content):
        for part in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.raw.FPDFTextObj_GetFont(part.raw)
            found.add(bool(pdfium.raw.FPDFFont_GetIsEmbedded(font)))
    return found


def test_files_tell_nothing_about_who_and_when() -> None:
    letter = write("verify", CASE)
    word = docx.Document(io.BytesIO(as_docx(letter).content)).core_properties
    assert word.author == word.title == word.comments == ""
    assert word.created.year == 2000
    about = pdfium.PdfDocument(as_pdf(letter).content).get_metadata_dict()
    assert not about["Author"] and not about["Title"] and not about["Producer"]
    assert about["CreationDate"].startswith("D:20000101")
    assert letter.title not in as_pdf(letter).name + as_docx(letter).name


def test_blanks_are_underlined_in_word() -> None:
    opened = docx.Document(io.BytesIO(as_docx(write("verify", CASE)).content))
    underlined = [
        run.text for each in opened.paragraphs for run in each.runs if run.underline
    ]
    assert "〔姓名〕" in underlined


def test_a_long_letter_runs_over_several_pages() -> None:
    long = LetterText("x", "长信", tuple("这一段很长。" * 60 for _ in range(12)), "")
    content = as_pdf(long).content
    assert len(pdfium.PdfDocument(content)) > 1
    assert _joined(_text(content)) == _joined(long.text)


@pytest.mark.parametrize("letter_id", LETTERS)
def test_no_line_of_a_pdf_begins_with_a_closing_mark(letter_id: str) -> None:
    pages = pdfium.PdfDocument(as_pdf(write(letter_id, CASE)).content)
    lines = [
        line.strip()
        for page in pages
        for line in page.get_textpage().get_text_range().splitlines()
    ]
    assert lines
    assert not [line for line in lines if line[:1] in set("，。；：、？！）》”〕")]
