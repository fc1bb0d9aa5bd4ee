"""Held-out sentences never stand in the training data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wenzhu.crisis.examples import read_examples
from wenzhu.evaluate import DEV, HELD_OUT, SETS, TOPICS
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.folding import fold
from wenzhu.understanding.sentences import sentences_in, training_sentences

CRISIS_HELD_OUT = sorted(HELD_OUT.glob("crisis_held_out*.yml"))
_NOT_CONTENT = re.compile(r"[\W_]+")
SHORT = 5
"""Words this short (“没借过”) are the same in every mouth."""


def bare(text: str) -> str:
    """What is left of a sentence without its look: folded, no spaces or marks."""
    return _NOT_CONTENT.sub("", fold(text))


def held_out() -> Iterator[str]:
    for name in SETS:
        yield from (example.text for example in sentences_in(HELD_OUT / name))
    for texts in read_yaml(TOPICS)["asks"].values():
        yield from texts
    for path in CRISIS_HELD_OUT:
        yield from (example.text for example in read_examples([Path(path)]))


def test_no_held_out_sentence_is_learnt_from() -> None:
    learnt = {bare(example.text) for example in training_sentences()}
    learnt |= {bare(example.text) for example in read_examples()}
    both = sorted(
        {
            text
            for text in held_out()
            if len(bare(text)) > SHORT and bare(text) in learnt
        }
    )
    assert not both, "\n".join(both)


def test_the_dev_set_is_as_large_as_promised() -> None:
    assert len(list(sentences_in(DEV))) >= 1_500
    assert len(list(training_sentences())) >= 6_000
