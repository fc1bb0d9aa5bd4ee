"""The trained model: one set of features, one linear head for each decision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wenzhu.text import encoder
from wenzhu.text.rows import Rows
from wenzhu.text.vocabulary import Vocabulary
from wenzhu.understanding.features import (
    FloatArray,
    IntArray,
    Vectorizer,
    canonical,
)
from wenzhu.understanding.network import Network

VERSION = 4
ON_DISK = ("sparse", "narrow")
"""The large matrices: once loaded, only the rows of a sentence's terms are read."""

IN_MEMORY = ("narrow_row", "dense", "bias")
FILES = (
    "weights.npz",
    "model.json",
    "network.msgpack",
    *(f"{name}.npy" for name in ON_DISK),
)

NETWORK_SHARE = 0.45
"""Found on the dev set: alone either is weaker than both together (docs/nlu.md)."""


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


@dataclass(frozen=True)
class Linear:
    """The weights of all heads over n-grams and the sentence vector.

    Attributes:
        sparse: weights of the n-gram features, shape (terms, wide outputs).
        narrow: the same for the last outputs, whose head learnt from few sentences
            and so knows few terms, shape (known terms + 1, narrow outputs); row 0
            is nought.
        narrow_row: the row of ``narrow`` for each term, shape (terms,).
        dense: weights of the sentence vector, shape (512, outputs).
        bias: shape (outputs,).
    """

    sparse: FloatArray | Rows
    narrow: FloatArray | Rows
    narrow_row: IntArray
    dense: FloatArray
    bias: FloatArray

    def scores(
        self, columns: IntArray, values: FloatArray, vector: FloatArray
    ) -> FloatArray:
        """The scores of all labels for one sentence, shape (outputs,)."""
        rows = self.narrow_row[columns]
        known = rows > 0
        terms = np.concatenate(
            [
                values @ self.sparse[columns].astype(np.float32),
                values[known] @ self.narrow[rows[known]].astype(np.float32),
            ]
        )
        return np.asarray(self.bias + terms + vector @ self.dense)


@dataclass(frozen=True)
class Model:
    """Linear heads and a network over one set of labels.

    Attributes:
        vectorizer: finds the n-gram features of a sentence.
        heads: the decisions, by name.
        linear: the linear half.
        network: the other half; its share of the scores is NETWORK_SHARE.
    """

    vectorizer: Vectorizer
    heads: dict[str, Head]
    linear: Linear
    network: Network

    def read(self, text: str, context: str | None) -> Reading:
        """The probabilities of every head for one sentence."""
        written = canonical(text)
        columns, values = self.vectorizer.transform(written, context)
        encoded = encoder.encode_one(written)
        scores = self.linear.scores(columns, values, encoded.vector)
        scores += NETWORK_SHARE * (
            self.network.scores(encoded.pieces, context) - scores
        )
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
        for name in ON_DISK:
            matrix = getattr(self.linear, name)
            matrix = np.ascontiguousarray(matrix, dtype=np.float16)
            np.save(folder / f"{name}.npy", matrix, allow_pickle=False)
        np.savez(
            folder / "weights.npz",
            vocabulary=self.vectorizer.vocabulary.packed(),
            idf=self.vectorizer.idf,
            **{name: getattr(self.linear, name) for name in IN_MEMORY},
        )
        (folder / "model.json").write_text(
            json.dumps(
                {
                    "version": VERSION,
                    "scales": self.vectorizer.scales,
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
        (folder / "network.msgpack").write_bytes(self.network.to_bytes())
        manifest = {name: _digest(folder / name) for name in FILES}
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
        for name in FILES:
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
            idf = arrays["idf"]
            vocabulary = Vocabulary.unpacked(arrays["vocabulary"], len(idf))
            vectorizer = Vectorizer(vocabulary, idf, tuple(about["scales"]))
            in_memory = {name: arrays[name] for name in IN_MEMORY}
        sparse, narrow = (Rows(folder / f"{name}.npy") for name in ON_DISK)
        linear = Linear(sparse, narrow, **in_memory)
        network = Network.from_bytes((folder / "network.msgpack").read_bytes())
        heads = {
            name: Head(
                tuple(head["labels"]),
                head["exclusive"],
                slice(head["start"], head["start"] + len(head["labels"])),
                head["temperature"],
            )
            for name, head in about["heads"].items()
        }
        return cls(vectorizer, heads, linear, network)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
