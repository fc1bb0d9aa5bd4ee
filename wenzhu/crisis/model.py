"""The trained half of the crisis gate: a linear model over n-grams and meaning.

Training uses scikit-learn; reading needs numpy only, and the file holds no pickle.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wenzhu.crisis.examples import CrisisExample
from wenzhu.crisis.terms import BLOCKS, terms
from wenzhu.text import encoder
from wenzhu.text.normalise import normalise
from wenzhu.text.vocabulary import Vocabulary

VERSION = 3
WEIGHTS = "crisis.npz"
ABOUT = "crisis.json"
LEAST = 2
STRENGTH = 12.0
"""Inverse regularisation of the logistic regression; found by cross-validation."""

BACKGROUND_WEIGHT = 0.5
"""An ordinary sentence counts for less than a look-alike that was written so."""

SCALES = (1.0, 0.7, 0.8)
VECTOR_SCALE = 2.0
"""Length given to the sentence vector, beside the SCALES of the blocks."""

FloatArray = npt.NDArray[np.float64]


class CrisisModelRefused(RuntimeError):
    """The model on disk is not the one that was trained; says what differs."""


@dataclass(frozen=True)
class Block:
    """The terms of one block.

    Attributes:
        places: term -> row of ``weights``.
        weights: inverse document frequency and weight, shape (terms, 2).
    """

    places: Vocabulary
    weights: FloatArray

    def score(self, counted: Counter[str]) -> float:
        """What the terms of a text add up to, as if they were of unit length."""
        total = norm = 0.0
        for term, count in counted.items():
            place = self.places.get(term)
            if place is None:
                continue
            idf, weight = self.weights[place].tolist()
            value = idf * (1 + math.log(count) if count > 1 else 1.0)
            norm += value * value
            total += value * weight
        return total / math.sqrt(norm) if norm else 0.0


@dataclass(frozen=True)
class CrisisModel:
    """Weights of the terms, one vocabulary for each block.

    Attributes:
        blocks: characters, sounds and classes.
        meaning: weights of the sentence vector, shape (512,).
        bias: what is added to the sum.
    """

    blocks: tuple[Block, ...]
    meaning: FloatArray
    bias: float

    def probability(self, folded: str) -> float:
        """How likely a folded text speaks of a crisis, from 0 to 1."""
        score = self.bias + float(encoder.encode_one(folded).vector @ self.meaning)
        for scale, block, counted in zip(
            SCALES, self.blocks, terms(folded), strict=True
        ):
            score += scale * block.score(counted)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))

    def save(self, folder: Path) -> None:
        """Write weights, vocabulary and their checksums to a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, npt.NDArray[Any]] = {
            "bias": np.array([self.bias]),
            "meaning": self.meaning,
        }
        for number, block in enumerate(self.blocks):
            arrays[f"weights{number}"] = block.weights
            arrays[f"places{number}"] = block.places.packed()
        with (folder / WEIGHTS).open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **arrays)
        about = {
            "version": VERSION,
            "sha256": _digest((folder / WEIGHTS).read_bytes()),
            "sentence encoder": encoder.weights_digest(),
        }
        body = json.dumps(about, ensure_ascii=False)
        (folder / ABOUT).write_text(
            json.dumps({"sha256": _digest(body.encode()), "body": body}),
            encoding="utf-8",
        )

    @classmethod
    def load(cls, folder: Path) -> CrisisModel:
        """Read what ``save`` wrote.

        Raises:
            FileNotFoundError: no model was trained.
            CrisisModelRefused: a file is cut short or changed.
        """
        envelope = (folder / ABOUT).read_text(encoding="utf-8")
        packed = (folder / WEIGHTS).read_bytes()
        try:
            sealed = json.loads(envelope)
            body = str(sealed["body"])
            if _digest(body.encode()) != sealed["sha256"]:
                raise ValueError("checksum differs")
            about = json.loads(body)
        except (ValueError, KeyError, TypeError) as error:
            raise CrisisModelRefused(
                f"{ABOUT} is not the file that was trained ({error}); train again"
            ) from error
        if about["version"] != VERSION or _digest(packed) != about["sha256"]:
            raise CrisisModelRefused(
                f"{WEIGHTS} is not the file that was trained; train again"
            )
        if about["sentence encoder"] != encoder.weights_digest():
            raise CrisisModelRefused("the sentence encoder changed; train again")
        with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
            blocks = []
            for number in range(BLOCKS):
                weights = arrays[f"weights{number}"]
                packed = arrays[f"places{number}"]
                blocks.append(Block(Vocabulary.unpacked(packed, len(weights)), weights))
            return cls(tuple(blocks), arrays["meaning"], float(arrays["bias"][0]))


def train(
    examples: Sequence[CrisisExample], background: Iterable[str] = ()
) -> CrisisModel:
    """Learn from labelled sentences.

    A ``middle`` sentence is learnt half as a crisis and half as none, which puts
    the like of it between the two.

    Args:
        examples: the sentences of ``data/crisis``.
        background: ordinary sentences of the bot's other topics, none a crisis.
    """
    from scipy import sparse  # type: ignore[import-untyped]
    from sklearn.linear_model import (  # type: ignore[import-untyped]
        LogisticRegression,
    )

    rows: list[tuple[str, int, float]] = []
    for example in examples:
        folded = normalise(example.text).text
        if example.label == "middle":
            rows += [(folded, 1, 0.5), (folded, 0, 0.5)]
        else:
            rows.append((folded, int(example.label == "crisis"), 1.0))
    known = {folded for folded, _, _ in rows}
    rows += [
        (folded, 0, BACKGROUND_WEIGHT)
        for folded in sorted({normalise(text).text for text in background} - known)
    ]
    counted = [terms(folded) for folded, _, _ in rows]
    blocks = [_fit_block([row[block] for row in counted]) for block in range(BLOCKS)]
    matrix = sparse.hstack(
        [
            _matrix([row[block] for row in counted], blocks[block]) * SCALES[block]
            for block in range(BLOCKS)
        ]
        + [sparse.csr_matrix(_vectors([folded for folded, _, _ in rows]))],
        format="csr",
    )
    regression = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=200)
    regression.fit(
        matrix,
        [label for _, label, _ in rows],
        sample_weight=[weight for _, _, weight in rows],
    )
    coefficients = regression.coef_[0]
    learnt = []
    place = 0
    for block in blocks:
        own = coefficients[place : place + len(block)]
        place += len(block)
        weights = np.column_stack([np.array(list(block.values())), own])
        learnt.append(Block(Vocabulary.of(block), weights))
    meaning = np.asarray(coefficients[place:]) * VECTOR_SCALE
    return CrisisModel(tuple(learnt), meaning, float(regression.intercept_[0]))


def _vectors(texts: Sequence[str]) -> FloatArray:
    """Scaled sentence vectors, shape (texts, 512)."""
    vectors = [encoded.vector for encoded in encoder.encode(texts)]
    return np.asarray(np.vstack(vectors) * VECTOR_SCALE, dtype=np.float64)


def _fit_block(counted: Sequence[Counter[str]]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for row in counted:
        seen.update(row.keys())
    total = len(counted)
    return {
        term: math.log((1 + total) / (1 + count)) + 1
        for term, count in sorted(seen.items())
        if count >= LEAST
    }


def _matrix(counted: Sequence[Counter[str]], idf: dict[str, float]):  # type: ignore[no-untyped-def]
    from scipy import sparse

    columns = {term: column for column, term in enumerate(idf)}
    values: list[float] = []
    indices: list[int] = []
    starts = [0]
    for row in counted:
        own = [
            (columns[term], idf[term] * (1 + math.log(count)))
            for term, count in row.items()
            if term in idf
        ]
        norm = math.sqrt(sum(value * value for _, value in own)) or 1.0
        indices += [column for column, _ in own]
        values += [value / norm for _, value in own]
        starts.append(len(indices))
    return sparse.csr_matrix(
        (values, indices, starts), shape=(len(counted), len(columns))
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
