"""A letter as a file opens again with the same words."""

from __future__ import annotations

import io
import re

import docx
import pypdf
import pytest

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


@pytest.mark.parametrize("letter_id", LETTERS)
def test_a_pdf_holds_the_same_text(letter_id: str) -> None:
    letter = write(letter_id, CASE)
    reader = pypdf.PdfReader(io.BytesIO(as_pdf(letter).content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert _joined(text) == _joined(letter.text)


def _embedded(content: bytes) -> list[tuple[str, int]]:
    """Name and size in bytes of each font program inside a PDF."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            for descendant in font.get_object()["/DescendantFonts"]:
                about = descendant.get_object()["/FontDescriptor"]
                program = about.get("/FontFile3") or about.get("/FontFile2")
                found.append((about["/FontName"], len(program.get_object().get_data())))
    return found


def test_the_font_is_inside_the_pdf_and_only_what_is_used() -> None:
    content = as_pdf(write("verify", CASE)).content
    fonts = _embedded(content)
    assert fonts
    whole = font_path().stat().st_size
    assert all(0 < size < whole / 5 for _, size in fonts)
    assert len(content) < 300_000


def test_files_tell_nothing_about_who_and_when() -> None:
    letter = write("verify", CASE)
    word = docx.Document(io.BytesIO(as_docx(letter).content)).core_properties
    assert word.author == word.title == word.comments == ""
    assert word.created.year == 2000
    about = pypdf.PdfReader(io.BytesIO(as_pdf(letter).content)).metadata
    assert about is not None
    assert not about.author and not about.title
    assert about.creation_date is not None and about.creation_date.year == 2000
    assert letter.title not in as_pdf(letter).name + as_docx(letter).name


def test_blanks_are_underlined_in_word() -> None:
    opened = docx.Document(io.BytesIO(as_docx(write("verify", CASE)).content))
    underlined = [
        run.text for each in opened.paragraphs for run in each.runs if run.underline
    ]
    assert "〔姓名〕" in underlined


def test_a_long_letter_runs_over_several_pages() -> None:
    long = LetterText("x", "长信", tuple("这一段很长。" * 60 for _ in range(12)), "")
    reader = pypdf.PdfReader(io.BytesIO(as_pdf(long).content))
    assert len(reader.pages) > 1
    text = "".join(page.extract_text() for page in reader.pages)
    assert _joined(text) == _joined(long.text)
