"""The trained model: one set of features, one linear head for each decision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wenzhu.text import encoder
from wenzhu.understanding.features import (
    FloatArray,
    IntArray,
    Vectorizer,
    canonical,
)

VERSION = 2


class ModelRefused(RuntimeError):
    """The model on disk is not the one that was trained; says what differs."""


@dataclass(frozen=True)
class Head:
    """One decision.

    Attributes:
        labels: names of the outcomes.
        exclusive: one outcome (softmax) or any number of them (sigmoid).
        columns: the slice of the shared weight matrix that belongs to it.
        temperature: divides the scores, so that confidences are honest.
    """

    labels: tuple[str, ...]
    exclusive: bool
    columns: slice
    temperature: float = 1.0

    def probabilities(self, scores: FloatArray) -> FloatArray:
        """Probabilities of the labels, shape (len(labels),)."""
        own = scores[self.columns] / self.temperature
        if not self.labels:
            return np.asarray(own, dtype=np.float32)
        if not self.exclusive:
            return np.asarray(1 / (1 + np.exp(-own)), dtype=np.float32)
        shifted = np.exp(own - own.max())
        return np.asarray(shifted / shifted.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Reading:
    """Probabilities of every head for one sentence, and where they come from."""

    text: str
    columns: IntArray
    values: FloatArray
    probabilities: Mapping[str, Mapping[str, float]]


@dataclass
class Model:
    """Linear heads over n-gram features and a sentence vector.

    Attributes:
        sparse: weights of the n-gram features, shape (terms, wide outputs).
        narrow: the same for the last outputs, whose head learnt from few sentences
            and so knows few terms, shape (known terms + 1, narrow outputs); row 0
            is nought.
        narrow_row: the row of ``narrow`` for each term, shape (terms,).
        dense: weights of the sentence vector, shape (512, outputs).
        bias: shape (outputs,).
    """

    vectorizer: Vectorizer
    heads: dict[str, Head]
    sparse: FloatArray
    narrow: FloatArray
    narrow_row: IntArray
    dense: FloatArray
    bias: FloatArray
    vector_scale: float = 1.0

    def read(self, text: str, context: str | None) -> Reading:
        """The probabilities of every head for one sentence."""
        written = canonical(text)
        columns, values = self.vectorizer.transform(written, context)
        rows = self.narrow_row[columns]
        scores = self.bias + np.concatenate(
            [
                values @ self.sparse[columns].astype(np.float32),
                values @ self.narrow[rows].astype(np.float32),
            ]
        )
        if written:
            vector = encoder.encode_one(written) * self.vector_scale
            scores = scores + vector @ self.dense
        return Reading(
            written,
            columns,
            values,
            {
                name: dict(
                    zip(
                        head.labels, map(float, head.probabilities(scores)), strict=True
                    )
                )
                for name, head in self.heads.items()
            },
        )

    def save(self, folder: Path) -> None:
        """Write arrays, vocabulary and a manifest of checksums to a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "weights.npz",
            idf=self.vectorizer.idf,
            sparse=self.sparse.astype(np.float16),
            narrow=self.narrow.astype(np.float16),
            narrow_row=self.narrow_row,
            dense=self.dense,
            bias=self.bias,
        )
        (folder / "model.json").write_text(
            json.dumps(
                {
                    "version": VERSION,
                    "scales": self.vectorizer.scales,
                    "vector_scale": self.vector_scale,
                    "vocabulary": list(self.vectorizer.vocabulary),
                    "heads": {
                        name: {
                            "labels": head.labels,
                            "exclusive": head.exclusive,
                            "start": head.columns.start,
                            "temperature": head.temperature,
                        }
                        for name, head in self.heads.items()
                    },
                },
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        manifest = {
            name: _digest(folder / name) for name in ("weights.npz", "model.json")
        }
        manifest["sentence encoder"] = encoder.weights_digest()
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read a model that ``save`` wrote.

        Raises:
            ModelRefused: a file is missing, cut short or changed.
        """
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
        except (OSError, ValueError) as error:
            raise ModelRefused(f"model manifest cannot be read: {error}") from error
        for name in ("weights.npz", "model.json"):
            path = folder / name
            if not path.is_file() or _digest(path) != manifest.get(name):
                raise ModelRefused(
                    f"{name} is not the file that was trained; train again (make train)"
                )
        if encoder.weights_digest() != manifest.get("sentence encoder"):
            raise ModelRefused(
                "the installed sentence encoder is not the one this model was "
                "trained with; install from the lock and train again (make train)"
            )
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            vectorizer = Vectorizer(
                {term: column for column, term in enumerate(about["vocabulary"])},
                arrays["idf"],
                tuple(about["scales"]),
            )
            weights = {
                name: arrays[name]
                for name in ("sparse", "narrow", "narrow_row", "dense", "bias")
            }
        heads = {
            name: Head(
                tuple(head["labels"]),
                head["exclusive"],
                slice(head["start"], head["start"] + len(head["labels"])),
                head["temperature"],
            )
            for name, head in about["heads"].items()
        }
        return cls(vectorizer, heads, **weights, vector_scale=about["vector_scale"])


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
