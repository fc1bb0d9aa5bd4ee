"""A matrix that stays on disk: rows are read when they are asked for.

What is read stays in the system's page cache, shared by all processes and given up
when memory is short. A memory map would not do: Linux maps sixteen pages around each
one that is touched, and soon the whole file counts as ours.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class Rows:
    """The rows of a two-dimensional ``.npy`` file, like an array to read from."""

    def __init__(self, path: Path) -> None:
        """Open the file; it may be moved or deleted afterwards.

        Raises:
            ValueError: it is no plain two-dimensional array, or is cut short.
        """
        with path.open("rb") as stream:
            version = np.lib.format.read_magic(stream)
            if version != (1, 0):
                raise ValueError(f"{path.name}: version {version} of the format")
            shape, by_column, self.dtype = np.lib.format.read_array_header_1_0(stream)
            self._start = stream.tell()
        if len(shape) != 2 or by_column or self.dtype.hasobject:
            raise ValueError(f"{path.name} is no plain matrix")
        self.shape: tuple[int, int] = shape
        self._size = shape[1] * self.dtype.itemsize
        if path.stat().st_size != self._start + shape[0] * self._size:
            raise ValueError(f"{path.name} is cut short")
        self._file = os.open(path, os.O_RDONLY)

    def __getitem__(self, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[Any]:
        """The rows with these numbers, shape (len(rows), columns)."""
        found = b"".join(
            os.pread(self._file, self._size, self._start + row * self._size)
            for row in rows.tolist()
        )
        return np.frombuffer(found, self.dtype).reshape(len(rows), self.shape[1])

    def __del__(self) -> None:
        """Close the file."""
        if hasattr(self, "_file"):
            os.close(self._file)
