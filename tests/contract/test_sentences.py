"""Held-out sentences never stand in the training data."""

from __future__ import annotations

from wenzhu.crisis.examples import read_examples
from wenzhu.evaluate import DEV
from wenzhu.review.labels import SHORT, bare, held_out
from wenzhu.understanding.sentences import sentences_in, training_sentences


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
