"""The lines of the checklists agree with the steps they stand for."""

from __future__ import annotations

import re

from wenzhu.guidance import data

LISTED = ("check", "evidence")
LONGEST = 22
WORDS = data.read("cards")


def test_every_step_of_a_listed_stage_has_a_line_or_is_only_told() -> None:
    steps = {id for id, row in data.steps().items() if row["stage"] in LISTED}
    lines, told = set(WORDS["lines"]), set(WORDS["told"])
    assert not lines & told
    assert lines | told == steps


def test_a_line_is_short_and_states_no_figure() -> None:
    for step, line in WORDS["lines"].items():
        assert len(line) <= LONGEST, step
        assert not re.search(r"[0-9。！？!?]", line), step


def test_every_listed_stage_has_its_title() -> None:
    assert {*LISTED, "rights"} == set(WORDS["titles"])
