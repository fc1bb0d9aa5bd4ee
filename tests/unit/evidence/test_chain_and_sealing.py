"""Hash chain and sealing: every change is found and named."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenzhu.evidence import chain, sealing, verifier
from wenzhu.evidence.errors import Damaged, WrongKey
from wenzhu.evidence.records import Item

CASE = "c" * 32
CONTENTS = [b"first", "第二条".encode(), b"third"]


def built(contents: list[bytes]) -> list[Item]:
    import hashlib

    items: list[Item] = []
    before = chain.start(CASE)
    for number, content in enumerate(contents, start=1):
        item = Item(
            id=f"i{number}",
            number=number,
            kind="message",
            source="pasted",
            media_type="text/plain",
            about={"day": "2026-11-24"},
            corrects=None,
            captured_at=f"2026-11-24T10:0{number}:00.000+08:00",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            link="",
        )
        item = replace(item, link=chain.link(before, item))
        before = item.link
        items.append(item)
    return items


ITEMS = built(CONTENTS)
HEAD = ITEMS[-1].link


def read(item: Item) -> Iterator[bytes]:
    yield CONTENTS[int(item.id[1:]) - 1]


def test_what_was_kept_verifies() -> None:
    assert chain.verify(CASE, ITEMS, HEAD, read) is None


@pytest.mark.parametrize(
    ("items", "number", "why"),
    [
        ([ITEMS[0], ITEMS[2]], 2, "gone from the chain"),
        ([ITEMS[1], ITEMS[0], ITEMS[2]], 1, "gone from the chain"),
        (ITEMS[:2], 3, "gone from the end"),
        ([ITEMS[0], replace(ITEMS[1], kind="file"), ITEMS[2]], 2, "was changed"),
        ([ITEMS[0], replace(ITEMS[1], about={}), ITEMS[2]], 2, "was changed"),
        (
            [ITEMS[0], replace(ITEMS[1], captured_at="2020-01-01"), ITEMS[2]],
            2,
            "was changed",
        ),
    ],
)
def test_the_first_failure_is_named(items: list[Item], number: int, why: str) -> None:
    failure = chain.verify(CASE, items, HEAD, read)
    assert failure is not None
    assert failure.number == number
    assert why in failure.why


def test_a_changed_content_is_named() -> None:
    def forged(item: Item) -> Iterator[bytes]:
        yield b"forged" if item.number == 2 else CONTENTS[item.number - 1]

    failure = chain.verify(CASE, ITEMS, HEAD, forged)
    assert failure == chain.Failure(2, "the content does not match its SHA-256")


def test_another_case_has_another_chain() -> None:
    failure = chain.verify("d" * 32, ITEMS, HEAD, read)
    assert failure is not None and failure.number == 1


def test_the_verifier_for_others_links_the_same_fields() -> None:
    assert verifier.LINKED == chain.LINKED


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=5000), max_size=6),
    st.sampled_from([0, 1, sealing.PIECE_BYTES - 1, sealing.PIECE_BYTES]),
)
def test_a_content_opens_as_it_was(pieces: list[bytes], extra: int) -> None:
    key, whole = sealing.new_key(), [*pieces, b"x" * extra]
    sealed = b"".join(sealing.seal_pieces(key, whole, "item:a"))
    opened = b"".join(sealing.open_pieces(key, io.BytesIO(sealed), "item:a"))
    assert opened == b"".join(whole)
    text = b"".join(pieces)
    assert len(text) < 8 or text not in sealed


LONG = b"abc" * sealing.PIECE_BYTES
KEY = sealing.new_key()
SEALED = b"".join(sealing.seal_pieces(KEY, [LONG], "item:a"))
STEP = sealing.PIECE_BYTES + sealing.TAG_BYTES


@pytest.mark.parametrize(
    "forged",
    [
        SEALED[:-1],
        SEALED[: 11 + STEP],  # the first piece alone, whole
        SEALED[:11] + SEALED[11 + STEP :],
        SEALED[:11] + SEALED[11 + STEP : 11 + 2 * STEP] + SEALED[11 : 11 + STEP],
        SEALED[:50] + bytes([SEALED[50] ^ 1]) + SEALED[51:],
        SEALED + b"more",
        b"",
    ],
    ids=["cut", "cut at a piece", "dropped", "swapped", "flipped", "added", "empty"],
)
def test_a_changed_file_does_not_open(forged: bytes) -> None:
    with pytest.raises(Damaged):
        b"".join(sealing.open_pieces(KEY, io.BytesIO(forged), "item:a"))


def test_what_is_sealed_opens_at_its_place_only() -> None:
    sealed = sealing.seal(KEY, b"what", "about:1")
    assert sealing.unseal(KEY, sealed, "about:1") == b"what"
    with pytest.raises(Damaged):
        sealing.unseal(KEY, sealed, "about:2")
    with pytest.raises(Damaged):
        b"".join(sealing.open_pieces(KEY, io.BytesIO(SEALED), "item:b"))


def test_a_wrong_service_key_is_named() -> None:
    wrapped = sealing.Ring([KEY]).wrap(b"k" * 32, "case:1")
    other = sealing.Ring([sealing.new_key()])
    with pytest.raises(WrongKey, match=sealing.key_id(KEY).hex()):
        other.unwrap(wrapped, "case:1")
    both = sealing.Ring([sealing.new_key(), KEY])
    assert both.unwrap(wrapped, "case:1") == b"k" * 32


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "ab" * 31])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(WrongKey, match="32 bytes"):
        sealing.key_from_text(text)
