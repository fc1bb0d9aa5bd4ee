"""The kind of a message: a linear model over characters and found signs."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wenzhu.message.analysis import KINDS

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_LONG = 600
NGRAMS = (1, 2, 3)


def plain_form(text: str, names: Iterable[tuple[int, int, str]] = ()) -> str:
    """Put names and numbers out of sight, so that wording alone is learnt.

    Args:
        text: The normalised text.
        names: Start, end and replacement of each name, in order.
    """
    parts: list[str] = []
    done = 0
    for start, end, sign in names:
        if start >= done:
            parts.extend((text[done:start], sign))
            done = end
    parts.append(text[done:])
    plain = _DIGITS.sub("0", "".join(parts))
    if len(plain) > _LONG:
        plain = plain[: _LONG * 2 // 3] + plain[-_LONG // 3 :]
    return f"^{plain}$"


def ngrams(plain: str) -> Counter[str]:
    """Count the character n-grams of a text."""
    counts: Counter[str] = Counter()
    for size in NGRAMS:
        counts.update(
            plain[start : start + size] for start in range(len(plain) - size + 1)
        )
    return counts


class KindModel:
    """Weights of a multinomial logistic regression, read without pickle."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        signs: Sequence[str],
        idf: NDArray[np.float32],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        kinds: Sequence[str] = KINDS,
    ) -> None:
        """Hold the weights; rows are n-grams, then signs; columns are kinds."""
        self.vocabulary = tuple(vocabulary)
        self.signs = tuple(signs)
        self.kinds = tuple(kinds)
        self.idf, self.weights, self.bias = idf, weights, bias
        self._index = {gram: row for row, gram in enumerate(self.vocabulary)}
        base = len(self.vocabulary)
        self._sign_index = {sign: base + row for row, sign in enumerate(self.signs)}

    def vector(self, plain: str, signs: Iterable[str]) -> dict[int, float]:
        """Return the features of a text as a sparse row."""
        row: dict[int, float] = {}
        for gram, count in ngrams(plain).items():
            index = self._index.get(gram)
            if index is not None:
                row[index] = (1.0 + math.log(count)) * float(self.idf[index])
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        scaled = {index: value / length for index, value in row.items()}
        for sign in signs:
            place = self._sign_index.get(sign)
            if place is not None:
                scaled[place] = SIGN_WEIGHT
        return scaled

    def probabilities(self, plain: str, signs: Iterable[str]) -> Mapping[str, float]:
        """Return the probability of each kind."""
        row = self.vector(plain, signs)
        scores = self.bias.astype(np.float64)
        if row:
            values = np.fromiter(row.values(), dtype=np.float64, count=len(row))
            scores = scores + values @ self.weights[list(row)].astype(np.float64)
        exps = np.exp(scores - scores.max())
        shares = exps / exps.sum()
        return dict(zip(self.kinds, (float(share) for share in shares), strict=True))

    def save(self, folder: Path) -> None:
        """Write names as JSON and numbers as a plain NumPy archive."""
        folder.mkdir(parents=True, exist_ok=True)
        names = {
            "vocabulary": self.vocabulary,
            "signs": self.signs,
            "kinds": self.kinds,
        }
        (folder / "names.json").write_text(
            json.dumps(names, ensure_ascii=False), encoding="utf-8"
        )
        np.savez(
            folder / "weights.npz",
            idf=self.idf,
            weights=self.weights,
            bias=self.bias,
        )

    @classmethod
    def load(cls, folder: Path) -> KindModel:
        """Read a saved model; nothing in it can run code."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as numbers:
            return cls(
                names["vocabulary"],
                names["signs"],
                numbers["idf"],
                numbers["weights"],
                numbers["bias"],
                names["kinds"],
            )


SIGN_WEIGHT = 0.12
"""A sign weighs about as much as a telling phrase; measured by cross-validation."""
