"""Train the model from labelled sentences."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence

import numpy as np
from joblib import Parallel, delayed

from wenzhu.understanding.decisions import decisions, heads_of
from wenzhu.understanding.examples import (
    Example,
    refuse_contradictions,
)
from wenzhu.understanding.features import (
    Vectorizer,
)
from wenzhu.understanding.learning import Encoded, encode_all, train_network
from wenzhu.understanding.linear import design_matrix, fit_linear
from wenzhu.understanding.model import Head, Model
from wenzhu.understanding.network import Network

QUESTIONS = ("has_loan", "fears", "message_text")
"""The open question that each sentence in turn is learnt under once more."""

LONG_ENOUGH = 6
TOLD = ("inform_fear", "describe_sms", "paste_sms")


def train(
    examples: Sequence[Example],
    say: Callable[[str], None] = lambda _line: None,
    temperatures: dict[str, float] | None = None,
) -> Model:
    """Train every head on all examples.

    Args:
        examples: labelled sentences.
        say: receives a line of progress for each long step.
        temperatures: by head name, found by cross-validation.

    Raises:
        ContradictoryLabels: one sentence under two meanings.
    """
    refuse_contradictions(examples)
    return fit(examples, encode_all([e.text for e in examples], say), say, temperatures)


def fit(
    examples: Sequence[Example],
    encoded: Encoded,
    say: Callable[[str], None] = lambda _line: None,
    temperatures: dict[str, float] | None = None,
) -> Model:
    """Train on sentences that are encoded already; see ``train``."""
    say(f"{len(examples)} sentences: counting terms")
    vectorizer = Vectorizer.fit(
        [example.text for example in examples],
        [example.context for example in examples],
    )
    copies = in_other_contexts(examples)
    learnt = [*examples, *(copy for _, copy in copies)]
    rows = [*range(len(examples)), *(row for row, _ in copies)]
    design = design_matrix(vectorizer, learnt, encoded.vectors[rows])
    heads = heads_of(examples, temperatures or {})
    # Two processes: both halves compute in Python, one would wait for the other.
    linear, packed = Parallel(n_jobs=2)(
        [
            delayed(fit_linear)(learnt, len(vectorizer.vocabulary), design, say),
            delayed(fit_network)(examples, encoded, heads, say),
        ]
    )
    return Model(vectorizer, heads, linear, Network.from_bytes(packed))


def contexts_of(example: Example) -> list[str | None]:
    """The open questions under which a sentence means the same, likelier ones twice.

    People answer one question with another, or with what weighs on them. A retold
    threat is left out where it would be read as an answer (labels.md, Fears).
    """
    if example.context is not None or example.topic is not None:
        return [example.context]
    if len(example.text) < LONG_ENOUGH:
        return [None]
    if example.intent in TOLD:
        return [None, None, None, None, None, "has_loan"]
    return [None, None, None, *QUESTIONS]


def in_other_contexts(examples: Sequence[Example]) -> list[tuple[int, Example]]:
    """Each sentence that means the same under some question, once more under one.

    With each the row of the sentence that it is a copy of.
    """
    asked = itertools.cycle(QUESTIONS)
    copies = []
    for row, example in enumerate(examples):
        contexts = contexts_of(example)
        if len(contexts) == 1:
            continue
        question = next(asked)
        if question in contexts:
            copies.append((row, dataclasses.replace(example, context=question)))
    return copies


def fit_network(
    examples: Sequence[Example],
    encoded: Encoded,
    heads: dict[str, Head],
    say: Callable[[str], None],
) -> bytes:
    """Fit the network on the same labels, in the same columns; pack it."""
    outputs = sum(len(head.labels) for head in heads.values())
    targets = np.zeros((len(examples), outputs), dtype=np.float32)
    judged = np.ones((len(examples), outputs), dtype=bool)
    for decision in decisions(examples):
        head = heads[decision.name]
        for row, example in enumerate(examples):
            if not decision.applies(example):
                judged[row, head.columns] = False
                continue
            target = decision.target(example)
            for label in (target,) if decision.exclusive else target:
                targets[row, head.columns.start + head.labels.index(label)] = 1
    groups = [(h.columns, h.exclusive) for h in heads.values() if h.labels]
    contexts = [contexts_of(example) for example in examples]
    return train_network(encoded, contexts, targets, judged, groups, say).to_bytes()
