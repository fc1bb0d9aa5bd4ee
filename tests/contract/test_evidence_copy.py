"""Every bubble about kept evidence is said somewhere, and every one said is written."""

from __future__ import annotations

import re

import pytest

from rasa_ext.policies import CONFIRMED_BY
from wenzhu.evidence import errors
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT

NAME = re.compile(r"\butter_keep_[a-z_]*[a-z]\b")
DECK = read_yaml(DATA / "responses" / "keep.yml")["responses"]
LINKS = {f"utter_keep_link_{why}" for why in ("used", "expired", "unknown")}
"""Said by the page behind a link."""

SOURCES = (
    *(ROOT / "wenzhu" / "evidence").glob("*.py"),
    *(ROOT / "actions").glob("*.py"),
)


def test_what_is_said_is_written_and_what_is_written_is_said() -> None:
    said = {
        name
        for path in SOURCES
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    assert said | LINKS == set(DECK)


def test_a_yes_or_no_that_is_typed_reaches_the_question() -> None:
    asked = {
        name
        for name, texts in DECK.items()
        if any('"keep":"yes"' in b["payload"] for b in texts[0].get("buttons", ()))
    }
    confirmed = {n for n, action in CONFIRMED_BY.items() if action == "action_keep"}
    assert asked == confirmed


@pytest.mark.parametrize("text", ["{day}\n几点：{when}", "{lines}", "{link}"])
def test_what_a_bubble_is_filled_with_has_its_place(text: str) -> None:
    assert any(text in texts[0]["text"] for texts in DECK.values())


def test_every_failure_has_its_words() -> None:
    apology = read_yaml(DATA / "responses" / "apology.yml")["responses"]
    failures = [errors.StoreFailed, *errors.StoreFailed.__subclasses__()]
    assert len(failures) >= 4
    for failure in failures:
        assert failure.response in DECK | apology
