"""Files of letters and days behind links, and days that come up again."""

from __future__ import annotations

import io
from datetime import date, datetime

import docx
import pypdfium2 as pdfium
import pytest
import sqlalchemy as sa

from tests.unit.evidence.conftest import Clock
from wenzhu.adapters import evidence_tables as tables
from wenzhu.adapters.clock import CHINA
from wenzhu.adapters.evidence_links import LinkRefused
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.adapters.handed_out import file_of
from wenzhu.letters.dates import AlreadyPast, Reminder

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)
LETTER = {"letter": "verify", "form": "docx", "case": {"has_loan": "no"}}
HEARING = Reminder("开庭", date(2026, 12, 20))
OBJECTION = Reminder("支付令异议的最后一天", date(2026, 12, 1))


def test_a_link_to_a_document_opens_it_once_and_nothing_else(
    store: EvidenceStore,
) -> None:
    token = store.link("me", document=LETTER)
    opened = store.open_link(token)
    assert (opened.sender, opened.everything) == ("me", False)
    assert opened.document == LETTER
    with pytest.raises(LinkRefused, match="used"):
        store.open_link(token)


def test_a_link_to_a_document_expires(store: EvidenceStore, clock: Clock) -> None:
    token = store.link("me", document=LETTER)
    clock.go(minutes=16)
    with pytest.raises(LinkRefused, match="expired"):
        store.open_link(token)


def test_what_a_file_is_made_from_lies_sealed(store: EvidenceStore) -> None:
    store.link("me", document=LETTER)
    store.remember("me", HEARING)
    with store.engine.connect() as connection:
        sealed = connection.scalars(sa.select(tables.downloads.c.sealed_document)).one()
        day = connection.scalars(sa.select(tables.reminders.c.sealed)).one()
        person = connection.scalars(sa.select(tables.reminders.c.person)).one()
    assert b"verify" not in sealed and b"has_loan" not in sealed
    assert "开庭".encode() not in day and b"2026" not in day
    assert person != "me"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("docx", lambda content: docx.Document(io.BytesIO(content)).paragraphs[0].text),
        (
            "pdf",
            lambda content: (
                pdfium.PdfDocument(content)[0].get_textpage().get_text_range()
            ),
        ),
    ],
)
def test_a_letter_becomes_a_file_when_it_is_fetched(form: str, words: object) -> None:
    file = file_of({**LETTER, "form": form}, NOW)
    assert file.name.endswith(form)
    assert callable(words) and "异议与核实函" in words(file.content)


def test_a_day_becomes_a_calendar_file_without_saying_what_it_is() -> None:
    file = file_of({"calendar": "2026-12-20"}, NOW)
    text = file.content.decode()
    assert file.name == "todo.ics"
    assert "DTSTART;VALUE=DATE:20261220" in text
    assert "开庭" not in text and "法院" not in text
    with pytest.raises(AlreadyPast):
        file_of({"calendar": "2026-11-01"}, NOW)


def test_days_come_back_the_nearest_first_and_once(
    store: EvidenceStore, own: object, clock: Clock
) -> None:
    for day in (HEARING, OBJECTION, HEARING):
        store.remember("me", day)
    assert store.reminders("me") == [OBJECTION, HEARING]
    assert store.reminders("you") == []
    again = EvidenceStore(own, now=clock)  # type: ignore[arg-type]
    assert again.reminders("me") == [OBJECTION, HEARING]
    again.close()


def test_a_day_is_shown_a_little_past_its_time_and_then_swept(
    store: EvidenceStore, clock: Clock
) -> None:
    store.remember("me", OBJECTION)
    clock.go(days=9)
    assert store.reminders("me") == [OBJECTION]
    clock.go(days=3)
    assert store.reminders("me") == []
    store.sweep()
    assert _rows(store) == 0


def test_forgetting_a_person_forgets_their_days_and_links(store: EvidenceStore) -> None:
    token = store.link("me", document=LETTER)
    store.remember("me", HEARING)
    store.remember("you", HEARING)
    store.forget("me")
    assert store.reminders("me") == []
    assert store.reminders("you") == [HEARING]
    with pytest.raises(LinkRefused):
        store.open_link(token)


def _rows(store: EvidenceStore) -> int:
    with store.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(tables.reminders)
        return int(connection.scalar(count) or 0)
