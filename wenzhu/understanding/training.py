"""Train the model from labelled sentences."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from wenzhu.understanding.examples import (
    FEARS,
    LOAN_STATES,
    ROLES,
    Example,
    refuse_contradictions,
)
from wenzhu.understanding.features import (
    FloatArray,
    Vectorizer,
    canonical,
)
from wenzhu.understanding.learning import Encoded, encode_all, train_network
from wenzhu.understanding.model import Head, Linear, Model
from wenzhu.understanding.network import Network

NONE = "none"
QUESTIONS = ("has_loan", "fears", "message_text")
"""The open question that each sentence in turn is learnt under once more."""

LONG_ENOUGH = 6
TOLD = ("inform_fear", "describe_sms", "paste_sms")
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
    """All heads, in the order of their columns.

    The written questions are asked inside all kinds of stories; what else they state
    is not labelled, so only intent and topic are learnt from them.
    """
    intents = tuple(sorted({example.intent for example in examples}))
    topics = tuple(sorted({example.topic for example in examples if example.topic}))

    def labelled(example: Example) -> bool:
        return example.topic is None

    def asked(example: Example) -> bool:
        return example.topic is not None

    states = (NONE, *LOAN_STATES)
    return [
        Decision("intent", intents, True, lambda e: e.intent, 12.0),
        Decision("loan", states, True, lambda e: e.has_loan or NONE, 20.0, labelled),
        Decision(
            "other_loan",
            states,
            True,
            lambda e: e.other_has_loan or NONE,
            20.0,
            labelled,
        ),
        Decision("role", ROLES, True, lambda e: e.role, 20.0, labelled),
        Decision("fears", FEARS, False, lambda e: e.fears, 20.0, labelled),
        Decision(
            "fears_denied", FEARS, False, lambda e: e.fears_denied, 20.0, labelled
        ),
        Decision("topic", topics, True, lambda e: e.topic, 20.0, asked),
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
    # Both let go of the interpreter while they compute: two cores, half the time.
    with ThreadPoolExecutor(1) as beside:
        linear = beside.submit(fit_linear, learnt, vectorizer, design, say)
        network = fit_network(examples, encoded, heads, say)
        return Model(vectorizer, heads, linear.result(), network)


def heads_of(
    examples: Sequence[Example], temperatures: dict[str, float]
) -> dict[str, Head]:
    """The heads and their columns."""
    heads = {}
    start = 0
    for decision in decisions(examples):
        end = start + len(decision.labels)
        heads[decision.name] = Head(
            decision.labels,
            decision.exclusive,
            slice(start, end),
            temperatures.get(decision.name, 1.0),
        )
        start = end
    return heads


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
    vectorizer: Vectorizer,
    design: Design,
    say: Callable[[str], None],
) -> Linear:
    """Fit one logistic regression for each head over the shared features."""
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
    terms = len(vectorizer.vocabulary)
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


def fit_network(
    examples: Sequence[Example],
    encoded: Encoded,
    heads: dict[str, Head],
    say: Callable[[str], None],
) -> Network:
    """Fit the network on the same labels, in the same columns."""
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
    return train_network(encoded, contexts, targets, judged, groups, say)


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
