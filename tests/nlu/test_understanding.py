"""The trained model on sentences that stand in no training file."""

from __future__ import annotations

import pytest

from wenzhu.app import latest_reader
from wenzhu.evaluate import (
    HELD_OUT,
    SETS,
    below_floors,
    figures,
    judge,
    mistakes,
    topic_figures,
)
from wenzhu.understanding.sentences import sentences_in

pytestmark = pytest.mark.model


@pytest.mark.parametrize("name", SETS)
def test_a_held_out_set_is_understood_no_worse_than_its_floors(name: str) -> None:
    judged = judge(latest_reader(), sentences_in(HELD_OUT / name))
    failures = below_floors(name, figures(judged))
    assert not failures, "\n".join([*failures, *mistakes(judged)[:40]])


def test_written_questions_are_found_in_other_words() -> None:
    failures = below_floors("topics", topic_figures(latest_reader()))
    assert not failures, "\n".join(failures)
