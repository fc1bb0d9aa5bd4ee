"""The network learns what it is shown, keeps it in a file, and is one with itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wenzhu.understanding.examples import Example
from wenzhu.understanding.model import FILES, Model, ModelRefused
from wenzhu.understanding.training import train

SAID = (
    [(f"我{word}借过钱", "yes") for word in ("真的", "以前", "去年", "确实", "是")]
    + [(f"我{word}没借过钱", "no") for word in ("真的", "从来", "根本", "压根", "可")]
) * 8


@pytest.fixture(scope="module")
def model() -> Model:
    return train([Example(text, "inform_loan", has_loan=loan) for text, loan in SAID])


def test_what_was_learnt_is_read(model: Model) -> None:
    for text, loan in SAID[:10]:
        said = model.read(text, None).probabilities["loan"]
        assert max(said, key=lambda label: said[label]) == loan, text


def test_the_same_sentences_give_the_same_network(model: Model) -> None:
    again = train([Example(text, "inform_loan", has_loan=loan) for text, loan in SAID])
    text = "我好像借过钱"
    once, twice = (m.read(text, None).probabilities["loan"] for m in (model, again))
    assert np.allclose(list(once.values()), list(twice.values()), atol=1e-4)


def test_a_saved_model_reads_alike(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = Model.load(tmp_path)
    for context in (None, "has_loan", "fears"):
        before = model.read("我没借过", context).probabilities["loan"]
        after = loaded.read("我没借过", context).probabilities["loan"]
        # the n-gram weights are kept in half precision
        assert np.allclose(list(before.values()), list(after.values()), atol=5e-3)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(model: Model, tmp_path: Path, name: str) -> None:
    model.save(tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelRefused, match=name):
        Model.load(tmp_path)
