"""Train the network: many passes over all sentences, each under some open question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wenzhu.text import encoder
from wenzhu.understanding.features import FloatArray, canonical
from wenzhu.understanding.network import (
    MOST_PIECES,
    PROJECTED,
    UNITS,
    Network,
    ragged,
    with_questions,
)

PASSES = 14
BATCH = 128
SORTED_IN = 8
"""Sentences of like length share a batch, within so many parts of all of them."""

LEARN_RATE = 0.0016
LAST_RATE = 0.0001
SEED = 11
SAMPLE = 4000
"""So many sentences are enough to find the directions."""


@dataclass(frozen=True)
class Encoded:
    """All sentences as the sentence encoder sees them.

    Attributes:
        vectors: the sentence vectors, shape (texts, 512).
        projection: the directions of the pieces that are kept, (1280, PROJECTED).
        pieces: the projected pieces of each text, each of shape (pieces, PROJECTED).
    """

    vectors: FloatArray
    projection: FloatArray
    pieces: list[FloatArray]

    def of(self, rows: Sequence[int]) -> Encoded:
        """The same for some of the sentences."""
        return Encoded(
            self.vectors[rows], self.projection, [self.pieces[row] for row in rows]
        )


def encode_all(texts: Sequence[str], say: Callable[[str], None]) -> Encoded:
    """Encode every sentence once, for the linear heads and for the network."""
    written = [canonical(text) for text in texts]
    projection = _directions(written[:: max(1, len(written) // SAMPLE)])
    vectors = np.zeros((len(written), encoder.DIMENSIONS), dtype=np.float32)
    pieces = []
    for place, encoded in enumerate(encoder.encode(written)):
        vectors[place] = encoded.vector
        pieces.append(encoded.pieces[:MOST_PIECES] @ projection)
        if place % 4000 == 0:
            say(f"encoding sentences {place}/{len(written)}")
    return Encoded(vectors, projection, pieces)


def _directions(sample: Sequence[str]) -> FloatArray:
    pieces = np.concatenate([encoded.pieces for encoded in encoder.encode(sample)])
    directions = np.linalg.eigh(pieces.T @ pieces)[1][:, -PROJECTED:]
    size = np.abs(pieces[:1000] @ directions).mean()
    return np.asarray(directions / size, dtype=np.float32)


def train_network(
    encoded: Encoded,
    contexts: Sequence[Sequence[str | None]],
    targets: FloatArray,
    judged: npt.NDArray[np.bool_],
    groups: Sequence[tuple[slice, bool]],
    say: Callable[[str], None],
) -> Network:
    """Fit the network.

    Args:
        encoded: the sentences.
        contexts: the open questions under which each sentence means the same; one of
            them is drawn at every pass.
        targets: 1 where a label holds, shape (sentences, outputs).
        judged: false where a label says nothing of a sentence, same shape.
        groups: the columns of each head, and whether one label excludes the others.
        say: receives a line of progress for each pass.
    """
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(SEED)
    random = np.random.default_rng(SEED)
    pieces = encoded.pieces
    network = Network.blank(encoded.projection, targets.shape[1])
    optimizer = Adam(LEARN_RATE, use_averages=True)
    lengths = np.array([len(one) for one in pieces])
    for turn in range(PASSES):
        optimizer.learn_rate = LAST_RATE + (LEARN_RATE - LAST_RATE) * (
            1 - turn / PASSES
        )
        for rows in _batches(lengths, random):
            asked = [
                contexts[row][int(random.integers(len(contexts[row])))] for row in rows
            ]
            read, back_reader = network.reader.begin_update(
                ragged([pieces[row] for row in rows])
            )
            scores, back_head = network.head.begin_update(with_questions(read, asked))
            wrong = (_probabilities(scores, groups) - targets[rows]) * judged[rows]
            gradient = back_head((wrong / len(rows)).astype(np.float32))
            back_reader(np.ascontiguousarray(gradient[:, : 2 * UNITS]))
            network.reader.finish_update(optimizer)
            network.head.finish_update(optimizer)
        say(f"learning network {turn + 1}/{PASSES}")
    for model in (network.reader, network.head):
        with model.use_params(optimizer.averages):
            averaged = model.to_bytes()
        model.from_bytes(averaged)
    return network


def _batches(lengths: FloatArray, random: np.random.Generator) -> Iterator[FloatArray]:
    order = random.permutation(len(lengths))
    parts = np.array_split(order, SORTED_IN)
    order = np.concatenate([part[np.argsort(lengths[part])] for part in parts])
    batches = np.array_split(order, max(1, len(order) // BATCH))
    for place in random.permutation(len(batches)):
        yield batches[place]


def _one_of(contexts: Sequence[str | None], random: np.random.Generator) -> str | None:
    return contexts[int(random.integers(len(contexts)))]


def _probabilities(
    scores: FloatArray, groups: Sequence[tuple[slice, bool]]
) -> FloatArray:
    found = np.empty_like(scores)
    for columns, exclusive in groups:
        own = scores[:, columns]
        if exclusive:
            raised = np.exp(own - own.max(axis=1, keepdims=True))
            found[:, columns] = raised / raised.sum(axis=1, keepdims=True)
        else:
            found[:, columns] = 1 / (1 + np.exp(-own))
    return found
