"""A small network over the word pieces, which judges beside the linear heads.

The linear heads know n-grams; this network knows what the sentence encoder makes of
every piece in its place, so it recognises a phrase anywhere in a long sentence and
words that no training sentence holds. It is one layer over the pieces, the strongest
and the mean of each unit, one layer with the open question beside them, and the scores
of all heads in the columns of ``wenzhu.understanding.model``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wenzhu.understanding.examples import CONTEXTS
from wenzhu.understanding.features import FloatArray

PROJECTED = 256
"""Of the encoder's dimensions of a piece, the directions that vary most."""

UNITS = 256
DROPOUT = 0.3
MOST_PIECES = 160
"""Of a longer text the first pieces are read."""

QUESTIONS = (None, *CONTEXTS)


@dataclass(frozen=True)
class Network:
    """The trained layers.

    Attributes:
        projection: from a piece as encoded to what is read, (1280, PROJECTED).
        reader: Thinc model, pieces -> shape (texts, 2 * UNITS).
        head: Thinc model, that and the open question -> shape (texts, outputs).
    """

    projection: FloatArray
    reader: Any
    head: Any

    @classmethod
    def blank(cls, projection: FloatArray, outputs: int) -> Network:
        """Layers that have not learnt yet."""
        from thinc.api import (
            Linear,
            Maxout,
            chain,
            concatenate,
            reduce_max,
            reduce_mean,
            with_array,
        )

        layer = Maxout(UNITS, PROJECTED, nP=2, normalize=True, dropout=DROPOUT)
        reader = chain(with_array(layer), concatenate(reduce_max(), reduce_mean()))
        asked = 2 * UNITS + len(QUESTIONS)
        head = chain(
            Maxout(UNITS, asked, nP=2, normalize=True, dropout=DROPOUT),
            Linear(outputs, UNITS),
        )
        reader.initialize()
        head.initialize()
        return cls(projection, reader, head)

    def project(self, pieces: FloatArray) -> FloatArray:
        """The pieces of one text, as the network reads them."""
        return pieces[:MOST_PIECES] @ self.projection

    def scores(self, pieces: FloatArray, context: str | None) -> FloatArray:
        """The scores of all labels for one encoded text, shape (outputs,)."""
        read = self.reader.predict(ragged([self.project(pieces)]))
        return np.asarray(self.head.predict(with_questions(read, [context]))[0])

    def to_bytes(self) -> bytes:
        """All weights; no pickle."""
        import srsly

        return bytes(
            srsly.msgpack_dumps(
                {
                    "projection": self.projection,
                    "outputs": self.head.get_dim("nO"),
                    "reader": self.reader.to_bytes(),
                    "head": self.head.to_bytes(),
                }
            )
        )

    @classmethod
    def from_bytes(cls, packed: bytes) -> Network:
        """What ``to_bytes`` packed."""
        import srsly

        weights = srsly.msgpack_loads(packed)
        network = cls.blank(weights["projection"], weights["outputs"])
        network.reader.from_bytes(weights["reader"])
        network.head.from_bytes(weights["head"])
        return network


def ragged(texts: Sequence[FloatArray]) -> Any:
    """Texts of different lengths as Thinc takes them."""
    from thinc.types import Ragged

    lengths = np.array([len(pieces) for pieces in texts], dtype=np.int32)
    return Ragged(np.concatenate(texts), lengths)


def with_questions(read: FloatArray, contexts: Sequence[str | None]) -> FloatArray:
    """What was read, and beside it which question was open."""
    asked = np.zeros((len(contexts), len(QUESTIONS)), dtype=np.float32)
    asked[range(len(contexts)), [QUESTIONS.index(context) for context in contexts]] = 1
    return np.concatenate([read, asked], axis=1)
