"""Train the model from labelled sentences."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wenzhu.text import encoder
from wenzhu.understanding.examples import (
    FEARS,
    LOAN_STATES,
    ROLES,
    Example,
    refuse_contradictions,
)
from wenzhu.understanding.features import FloatArray, Vectorizer, canonical
from wenzhu.understanding.model import Head, Model

NONE = "none"
QUESTIONS = ("has_loan", "fears", "message_text")
"""The open question that each sentence in turn is learnt under once more."""

LONG_ENOUGH = 6
TOLD = ("inform_fear", "describe_sms", "paste_sms")
VECTOR_SCALE = 1.0
DIRECTIONS = 128
"""Of the sentence vector's 512 directions, those that the learners are given."""


@dataclass(frozen=True)
class Design:
    """Features of many sentences.

    Attributes:
        matrix: sparse, shape (sentences, terms + DIRECTIONS).
        directions: from the sentence vector to its columns, (512, DIRECTIONS).
    """

    matrix: Any
    directions: FloatArray

    def of(self, rows: Sequence[int]) -> Design:
        """The same features for some of the sentences."""
        return Design(self.matrix[rows], self.directions)


@dataclass(frozen=True)
class Decision:
    """How one head is trained: its labels, what it reads off an example, C."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    target: Callable[[Example], Any]
    strength: float
    applies: Callable[[Example], bool] = lambda _example: True


def decisions(examples: Sequence[Example]) -> list[Decision]:
    """All heads, in the order of their columns."""
    intents = tuple(sorted({example.intent for example in examples}))
    topics = tuple(sorted({example.topic for example in examples if example.topic}))
    return [
        Decision("intent", intents, True, lambda e: e.intent, 12.0),
        Decision(
            "loan", (NONE, *LOAN_STATES), True, lambda e: e.has_loan or NONE, 20.0
        ),
        Decision(
            "other_loan",
            (NONE, *LOAN_STATES),
            True,
            lambda e: e.other_has_loan or NONE,
            20.0,
        ),
        Decision("role", ROLES, True, lambda e: e.role, 20.0),
        Decision("fears", FEARS, False, lambda e: e.fears, 20.0),
        Decision("fears_denied", FEARS, False, lambda e: e.fears_denied, 20.0),
        Decision(
            "topic",
            topics,
            True,
            lambda e: e.topic,
            20.0,
            lambda e: e.topic is not None,
        ),
    ]


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
    say(f"{len(examples)} sentences: counting terms")
    vectorizer = Vectorizer.fit(
        [example.text for example in examples],
        [example.context for example in examples],
    )
    examples = [*examples, *in_other_contexts(examples)]
    texts = [example.text for example in examples]
    contexts = [example.context for example in examples]
    design = design_matrix(vectorizer, texts, contexts, say)
    return fit_heads(examples, vectorizer, design, say, temperatures or {})


def in_other_contexts(examples: Sequence[Example]) -> list[Example]:
    """Sentences that mean the same whatever was asked, under an open question.

    People answer one question with another, or with what weighs on them. Sentences of
    some length are learnt once more under a question; a retold threat is left out
    where it would be read as an answer (labels.md, Fears).
    """
    asked = itertools.cycle(QUESTIONS)
    copies = []
    for example in examples:
        if example.context is not None or example.topic is not None:
            continue
        if len(example.text) < LONG_ENOUGH:
            continue
        question = next(asked)
        if question != "has_loan" and example.intent in TOLD:
            continue
        copies.append(dataclasses.replace(example, context=question))
    return copies


def design_matrix(
    vectorizer: Vectorizer,
    texts: Sequence[str],
    contexts: Sequence[str | None],
    say: Callable[[str], None],
) -> Design:
    """The features of all sentences, as the learners take them."""
    from scipy import sparse

    written = [canonical(text) for text in texts]
    rows, columns, values = [], [], []
    for row, (text, context) in enumerate(zip(written, contexts, strict=True)):
        found, weights = vectorizer.transform(text, context)
        rows.append(np.full(len(found), row, dtype=np.int32))
        columns.append(found)
        values.append(weights)
    terms = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(texts), len(vectorizer.vocabulary)),
        dtype=np.float32,
    )
    vectors = np.zeros((len(texts), encoder.DIMENSIONS), dtype=np.float32)
    step = 64
    for start in range(0, len(written), step):
        vectors[start : start + step] = encoder.encode(
            written[start : start + step], threads=2
        )
        if start % (step * 32) == 0:
            say(f"sentence vectors {start}/{len(written)}")
    vectors *= VECTOR_SCALE
    directions = np.linalg.eigh(vectors.T @ vectors)[1][:, -DIRECTIONS:]
    reduced = sparse.csr_matrix(vectors @ directions)
    return Design(sparse.hstack([terms, reduced], format="csr"), directions)


def fit_heads(
    examples: Sequence[Example],
    vectorizer: Vectorizer,
    design: Design,
    say: Callable[[str], None],
    temperatures: dict[str, float],
) -> Model:
    """Fit one logistic regression for each head over the shared features."""
    weights: list[FloatArray] = []
    biases: list[FloatArray] = []
    heads: dict[str, Head] = {}
    start = 0
    for decision in decisions(examples):
        say(f"learning {decision.name}")
        rows = [row for row, e in enumerate(examples) if decision.applies(e)]
        weight, bias = _fit(
            decision, [examples[row] for row in rows], design.matrix[rows]
        )
        heads[decision.name] = Head(
            decision.labels,
            decision.exclusive,
            slice(start, start + len(decision.labels)),
            temperatures.get(decision.name, 1.0),
        )
        start += len(decision.labels)
        weights.append(weight)
        biases.append(bias)
    terms = len(vectorizer.vocabulary)
    directions = np.concatenate([weight[:, terms:] for weight in weights]).T
    *wide, narrow = [weight[:, :terms].T for weight in weights]
    known = np.flatnonzero(narrow.any(axis=1))
    narrow_row = np.zeros(terms, dtype=np.int32)
    narrow_row[known] = np.arange(1, len(known) + 1)
    return Model(
        vectorizer,
        heads,
        np.concatenate(wide, axis=1),
        np.concatenate([np.zeros((1, narrow.shape[1]), np.float32), narrow[known]]),
        narrow_row,
        (design.directions @ directions).astype(np.float32),
        np.concatenate(biases).astype(np.float32),
        VECTOR_SCALE,
    )


NEVER = -12.0
"""Bias of a label that no example carries."""


def _fit(
    decision: Decision, examples: Sequence[Example], matrix: Any
) -> tuple[FloatArray, FloatArray]:
    from sklearn.linear_model import LogisticRegression

    if not examples:
        return (
            np.zeros((0, matrix.shape[1]), dtype=np.float32),
            np.zeros(0, dtype=np.float32),
        )
    weight = np.zeros((len(decision.labels), matrix.shape[1]), dtype=np.float32)
    bias = np.full(len(decision.labels), NEVER, dtype=np.float32)
    if decision.exclusive:
        targets = np.array([decision.target(example) for example in examples])
        present = sorted(set(targets))
        if len(present) == 1:
            bias[decision.labels.index(present[0])] = 0
            return weight, bias
        coefficients, intercepts, classes = _fit_exclusive(decision, matrix, targets)
        for row, label in enumerate(classes):
            weight[decision.labels.index(label)] = coefficients[row]
            bias[decision.labels.index(label)] = intercepts[row]
        return weight, bias
    for row, label in enumerate(decision.labels):
        has = np.array([label in decision.target(example) for example in examples])
        if not has.any():
            continue
        learner = LogisticRegression(
            C=decision.strength, solver="liblinear", dual=True, tol=0.05, max_iter=60
        )
        learner.fit(matrix, has)
        weight[row] = learner.coef_[0]
        bias[row] = learner.intercept_[0]
    return weight, bias


MANY_LABELS = 50
"""From so many labels on, one learner for each label: the joint one takes gigabytes."""


def _fit_exclusive(
    decision: Decision, matrix: Any, targets: Any
) -> tuple[FloatArray, FloatArray, list[str]]:
    """Weights, biases and labels of one multi-class regression."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    classes = sorted(set(targets.tolist()))
    if len(classes) >= MANY_LABELS:
        single = LogisticRegression(
            C=decision.strength, solver="liblinear", dual=True, tol=0.05, max_iter=60
        )
        several = OneVsRestClassifier(single).fit(matrix, targets)
        found = list(several.estimators_)
        return (
            np.vstack([learner.coef_ for learner in found]),
            np.concatenate([learner.intercept_ for learner in found]),
            several.classes_.tolist(),
        )
    learner = LogisticRegression(C=decision.strength, max_iter=80, tol=1e-3)
    learner.fit(matrix, targets)
    coefficients, intercepts = learner.coef_, learner.intercept_
    if len(classes) == 2:
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
    return coefficients, intercepts, learner.classes_.tolist()
