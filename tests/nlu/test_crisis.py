"""The crisis gate on sentences that stand in no training file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenzhu.app import latest_reader
from wenzhu.crisis.examples import CrisisExample, read_examples
from wenzhu.evaluate import below_floors

pytestmark = pytest.mark.model
HELD_OUT = sorted(Path(__file__).parent.glob("crisis_held_out*.yml"))


def test_held_out_cries_are_heard_and_look_alikes_are_left_alone() -> None:
    gate = latest_reader().gate
    examples = [row for path in HELD_OUT for row in read_examples([path])]

    def heard(row: CrisisExample) -> bool:
        return gate.assess(row.text).level == "crisis"

    cries = [row for row in examples if row.label == "crisis"]
    others = [row for row in examples if row.label == "lookalike"]
    missed = [row.text for row in cries if not heard(row)]
    alarms = [row.text for row in others if heard(row)]
    figures = {
        "recall": 1 - len(missed) / len(cries),
        "left_alone": 1 - len(alarms) / len(others),
    }
    failures = below_floors("crisis", figures)
    assert not failures, "\n".join([*failures, *missed, "---", *alarms])
