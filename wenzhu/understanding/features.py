"""Features of a sentence: characters, fuzzy sounds, open question, meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wenzhu.text.folding import fold
from wenzhu.text.pinyin import fuzzy_syllable
from wenzhu.text.vocabulary import Vocabulary
from wenzhu.understanding.cues import cues

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int32]

HEAD_CHARACTERS = 200
TAIL_CHARACTERS = 100
SHORT_ANSWER = 8
"""Up to this many characters a sentence is also read whole, with its context."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_URL = re.compile(
    r"(?:https?://|www\.)\S+|[a-z0-9-]+\.(?:com|cn|net|top|cc|vip|xyz)\S*"
)
_SPACE = re.compile(r"\s+")
_NOT_CONTENT = re.compile(r"[\W_]+")


def window(text: str) -> str:
    """The part of a long text that carries the intent: its head and its tail."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return text[:HEAD_CHARACTERS] + " " + text[-TAIL_CHARACTERS:]


def canonical(text: str) -> str:
    """Fold characters; write every link as ⓤ and every number as its length."""
    folded = fold(window(text))
    folded = _URL.sub("ⓤ", folded)
    folded = _DIGITS.sub(lambda m: "#" * min(len(m.group()), 4), folded)
    return _SPACE.sub(" ", folded).strip()


def _character_terms(text: str) -> Iterable[str]:
    padded = f"^{text}$"
    for size in (1, 2, 3, 4):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def _sound_terms(text: str) -> Iterable[str]:
    sounds = [fuzzy_syllable(character) or "" for character in text]
    sounds = [sound or character for sound, character in zip(sounds, text, strict=True)]
    sounds = [sound for sound in sounds if not _NOT_CONTENT.fullmatch(sound)]
    for size in (1, 2, 3):
        for start in range(len(sounds) - size + 1):
            yield "~" + " ".join(sounds[start : start + size])


def _context_terms(text: str, context: str | None) -> Iterable[str]:
    asked = context or "nothing"
    yield f"?{asked}"
    bare = _NOT_CONTENT.sub("", text)
    if len(bare) <= SHORT_ANSWER:
        yield f"?{asked}|{bare}"
        yield f"?{asked}|short"
        for character in set(bare):
            yield f"?{asked}+{character}"


def _shape_terms(text: str) -> Iterable[str]:
    length = len(text)
    yield f"!len{min(length, 300).bit_length()}"
    for mark in ("【", "[", "ⓤ", "####", "?", "回t", "退订"):
        if mark in text:
            yield f"!has{mark}"


def _cue_terms(text: str, context: str | None) -> Iterable[str]:
    for name in cues(text):
        yield f"={name}"
        if context is not None:
            yield f"={name}?{context}"


BLOCKS = ("characters", "sounds", "context", "shape", "cues")


def blocks(text: str, context: str | None) -> tuple[Counter[str], ...]:
    """Count the terms of each block of BLOCKS in a canonical text."""
    return (
        Counter(_character_terms(text)),
        Counter(_sound_terms(text)),
        Counter(_context_terms(text, context)),
        Counter(_shape_terms(text)),
        Counter(_cue_terms(text, context)),
    )


@dataclass
class Vectorizer:
    """TF-IDF weights over the terms of all blocks, each block of unit length.

    Attributes:
        vocabulary: term -> column.
        idf: weight of each column, shape (columns,).
        scales: length given to each block, in the order of BLOCKS.
    """

    vocabulary: Vocabulary
    idf: FloatArray
    scales: tuple[float, ...] = (1.0, 0.8, 0.7, 0.3, 0.8)

    @classmethod
    def fit(
        cls, texts: Sequence[str], contexts: Sequence[str | None], least: int = 2
    ) -> Vectorizer:
        """Learn the terms that occur in at least ``least`` sentences."""
        seen: Counter[str] = Counter()
        for text, context in zip(texts, contexts, strict=True):
            for block in blocks(canonical(text), context):
                seen.update(block.keys())
        kept = sorted(term for term, count in seen.items() if count >= least)
        total = len(texts)
        idf = np.array(
            [np.log((1 + total) / (1 + seen[term])) + 1 for term in kept],
            dtype=np.float32,
        )
        return cls(Vocabulary.of(kept), idf)

    def transform(
        self, canonical_text: str, context: str | None
    ) -> tuple[IntArray, FloatArray]:
        """The columns and values of one canonical text."""
        columns: list[int] = []
        values: list[float] = []
        for scale, block in zip(
            self.scales, blocks(canonical_text, context), strict=True
        ):
            found = [
                (column, 1 + np.log(count) if count > 1 else 1.0)
                for term, count in block.items()
                if (column := self.vocabulary.get(term)) is not None
            ]
            if not found:
                continue
            weights = np.array(
                [tf * self.idf[column] for column, tf in found], dtype=np.float32
            )
            weights *= scale / float(np.linalg.norm(weights))
            columns.extend(column for column, _ in found)
            values.extend(weights.tolist())
        return np.array(columns, dtype=np.int32), np.array(values, dtype=np.float32)
