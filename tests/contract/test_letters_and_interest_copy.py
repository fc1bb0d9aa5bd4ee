"""Every bubble that letters and interest name is in the copy deck."""

from __future__ import annotations

import re
from pathlib import Path

from wenzhu.interest.cost import asks
from wenzhu.interest.loan import Loan
from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT

NAME = re.compile(r"utter_[a-z_]+[a-z]")
DECK = {
    name
    for path in (DATA / "responses").glob("*.yml")
    for name in read_yaml(path)["responses"]
}
ASKED = ("principal", "received", "fee", "periods", "instalment", "settlement")


def _named(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text(encoding="utf-8")))


def test_what_the_code_and_the_data_name_is_there() -> None:
    files = [
        *(ROOT / "wenzhu" / "letters").glob("*.py"),
        *(ROOT / "wenzhu" / "interest").glob("*.py"),
        KNOWLEDGE / "interest" / "limits.yml",
    ]
    named = {name for path in files for name in _named(path)}
    assert len(named) > 25
    assert named - {"utter_interest_ask"} <= DECK


def test_every_missing_number_has_its_question() -> None:
    assert asks(Loan()) == "principal"
    assert {f"utter_interest_ask_{each}" for each in (*ASKED, "lender")} <= DECK


def test_nothing_in_the_deck_of_letters_and_interest_lies_unused() -> None:
    sources = [
        *(ROOT / "wenzhu" / "letters").glob("*.py"),
        *(ROOT / "wenzhu" / "interest").glob("*.py"),
        *(ROOT / "actions").glob("*.py"),
        KNOWLEDGE / "interest" / "limits.yml",
    ]
    named = {name for path in sources for name in _named(path)}
    named |= {f"utter_interest_ask_{each}" for each in (*ASKED, "lender")}
    for_the_actions = {
        "utter_letters_calendar",
        "utter_letters_calendar_check_first",
        "utter_letters_calendar_past",
    }
    own = {
        name for name in DECK if name.startswith(("utter_letters", "utter_interest"))
    }
    assert own - named <= for_the_actions
