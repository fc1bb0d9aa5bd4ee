"""The terms that a model knows, packed into a trie: some bytes each, not a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import marisa_trie
import numpy as np
import numpy.typing as npt


class Vocabulary:
    """Terms, each with the number of its place; read like a dictionary."""

    def __init__(self, trie: marisa_trie.Trie, places: npt.NDArray[np.int32]) -> None:
        """Take what ``of`` or ``unpacked`` made.

        Args:
            trie: numbers the terms in an order of its own.
            places: the place of each of these numbers.
        """
        self._trie = trie
        self._places = places

    @classmethod
    def of(cls, terms: Iterable[str]) -> Vocabulary:
        """Pack terms, each once and without NUL; the first gets place 0."""
        listed = list(terms)
        trie = marisa_trie.Trie(listed)
        places = np.empty(len(listed), dtype=np.int32)
        places[[trie[term] for term in listed]] = np.arange(len(listed))
        return cls(trie, places)

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self._places)

    def get(self, term: str) -> int | None:
        """The place of a term, or None."""
        if "\0" in term:  # where the trie would end it
            return None
        try:
            number = self._trie.get(term)
        except UnicodeEncodeError:  # half a character
            return None
        return None if number is None else int(self._places[number])

    def packed(self) -> npt.NDArray[np.uint8]:
        """All of it as bytes, for a file of arrays."""
        return np.frombuffer(
            self._places.tobytes() + self._trie.tobytes(), dtype=np.uint8
        )

    @classmethod
    def unpacked(cls, packed: npt.NDArray[Any], size: int) -> Vocabulary:
        """What ``packed`` made of ``size`` terms."""
        content = packed.tobytes()
        places = np.frombuffer(content, dtype=np.int32, count=size)
        trie = marisa_trie.Trie()
        trie.frombytes(content[places.nbytes :])
        return cls(trie, places)
