"""Where in a sentence a decision rests: the phrase that carries it."""

from __future__ import annotations

import numpy as np

from wenzhu.text.folding import fold
from wenzhu.understanding.features import HEAD_CHARACTERS
from wenzhu.understanding.model import Model

LEAST_SHARE = 0.35
"""A phrase must carry this share of the positive evidence, or there is none."""


def span_of(
    model: Model, text: str, head: str, label: str
) -> tuple[int | None, int | None]:
    """Start and end of the phrase behind a label, or the whole text.

    Each character is credited with the weights of the n-grams that cover it; the
    run of characters with the largest sum above the average is the phrase.
    """
    column = model.heads[head].columns.start + model.heads[head].labels.index(label)
    folded = fold(text[:HEAD_CHARACTERS])
    credit = np.zeros(len(folded), dtype=np.float32)
    vocabulary, idf = model.vectorizer.vocabulary, model.vectorizer.idf
    known = [
        (term, start, size)
        for size in (2, 3, 4)
        for start in range(len(folded) - size + 1)
        if (term := vocabulary.get(folded[start : start + size])) is not None
    ]
    terms = np.array([term for term, _, _ in known], dtype=np.int32)
    weights = model.linear.sparse[terms][:, column].astype(np.float32) * idf[terms]
    for weight, (_, start, size) in zip(weights, known, strict=True):
        credit[start : start + size] += weight / size
    positive = float(credit[credit > 0].sum())
    if positive <= 0:
        return 0, len(text)
    start, end, best = _best_run(credit - max(float(credit.mean()), 0.0))
    if best <= 0 or float(credit[start:end].clip(0).sum()) < LEAST_SHARE * positive:
        return 0, len(text)
    return start, end


def _best_run(scores: np.ndarray) -> tuple[int, int, float]:
    best, best_start, best_end = 0.0, 0, 0
    running, start = 0.0, 0
    for place, score in enumerate(scores):
        if running <= 0:
            running, start = 0.0, place
        running += float(score)
        if running > best:
            best, best_start, best_end = running, start, place + 1
    return best_start, best_end, best
