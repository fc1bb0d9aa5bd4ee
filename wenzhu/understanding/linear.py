"""Train the linear half: a logistic regression for each head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wenzhu.understanding.decisions import Decision, decisions
from wenzhu.understanding.examples import Example
from wenzhu.understanding.features import FloatArray, Vectorizer, canonical
from wenzhu.understanding.model import Linear

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


def design_matrix(
    vectorizer: Vectorizer, examples: Sequence[Example], vectors: FloatArray
) -> Design:
    """The features of all sentences, as the linear learners take them."""
    from scipy import sparse

    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        found, weights = vectorizer.transform(canonical(example.text), example.context)
        rows.append(np.full(len(found), row, dtype=np.int32))
        columns.append(found)
        values.append(weights)
    terms = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(examples), len(vectorizer.vocabulary)),
        dtype=np.float32,
    )
    directions = np.linalg.eigh(vectors.T @ vectors)[1][:, -DIRECTIONS:]
    reduced = sparse.csr_matrix(vectors @ directions)
    return Design(sparse.hstack([terms, reduced], format="csr"), directions)


def fit_linear(
    examples: Sequence[Example],
    terms: int,
    design: Design,
    say: Callable[[str], None],
) -> Linear:
    """Fit one logistic regression for each head over the shared features.

    The first ``terms`` columns of the design are n-grams.
    """
    weights: list[FloatArray] = []
    biases: list[FloatArray] = []
    for decision in decisions(examples):
        say(f"learning {decision.name}")
        rows = [row for row, e in enumerate(examples) if decision.applies(e)]
        weight, bias = _fit(
            decision, [examples[row] for row in rows], design.matrix[rows]
        )
        weights.append(weight)
        biases.append(bias)
    directions = np.concatenate([weight[:, terms:] for weight in weights]).T
    *wide, narrow = [weight[:, :terms].T for weight in weights]
    known = np.flatnonzero(narrow.any(axis=1))
    narrow_row = np.zeros(terms, dtype=np.int32)
    narrow_row[known] = np.arange(1, len(known) + 1)
    return Linear(
        np.concatenate(wide, axis=1),
        np.concatenate([np.zeros((1, narrow.shape[1]), np.float32), narrow[known]]),
        narrow_row,
        (design.directions @ directions).astype(np.float32),
        np.concatenate(biases).astype(np.float32),
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
    learner = LogisticRegression(C=decision.strength, max_iter=50, tol=1e-3)
    learner.fit(matrix, targets)
    coefficients, intercepts = learner.coef_, learner.intercept_
    if len(classes) == 2:
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
    return coefficients, intercepts, learner.classes_.tolist()
