"""The trained model on sentences that stand in no training file."""

from __future__ import annotations

import pytest

from wenzhu.app import latest_reader
from wenzhu.evaluate import DEV, below_floors, figures, judge, mistakes
from wenzhu.understanding.sentences import sentences_in

pytestmark = pytest.mark.model


def test_the_dev_set_is_understood_no_worse_than_its_floors() -> None:
    judged = judge(latest_reader(), sentences_in(DEV))
    failures = below_floors("dev", figures(judged))
    assert not failures, "\n".join([*failures, *mistakes(judged)[:40]])
