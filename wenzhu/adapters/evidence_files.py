"""Sealed contents as files: a file is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from wenzhu.adapters.secret_files import sync
from wenzhu.evidence.errors import Damaged, StoreFailed, StoreFull
from wenzhu.evidence.sealing import open_pieces, seal_pieces

PART = ".part"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class SealedFiles:
    """One folder per case, one file per item, all only for ourselves."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when the first content comes."""
        self.folder = folder

    def write(self, key: bytes, case: str, item: str, pieces: Iterable[bytes]) -> None:
        """Seal a content into its file; when this returns, it is on the disk.

        Raises:
            StoreFull: there is no room.
            StoreFailed: the folder cannot be written.
        """
        path = self.path(case, item)
        part = path.with_suffix(PART)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                for sealed in seal_pieces(key, pieces, f"item:{item}"):
                    file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync(path.parent)
        except OSError as error:
            part.unlink(missing_ok=True)
            kind = StoreFull if error.errno in NO_ROOM else StoreFailed
            raise kind(f"a content could not be written: {error}") from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def read(self, key: bytes, case: str, item: str) -> Iterator[bytes]:
        """The bytes as received, piece by piece.

        Raises:
            Damaged: the file is gone or was changed.
        """
        try:
            with self.path(case, item).open("rb") as file:
                yield from open_pieces(key, file, f"item:{item}")
        except OSError as error:
            raise Damaged(f"the content is gone: {error.strerror}") from error

    def remove(self, case: str, item: str) -> None:
        """Delete one content, if it is there, and the folder that it leaves empty."""
        path = self.path(case, item)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def remove_case(self, case: str) -> None:
        """Delete all contents of a case."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder / case)

    def path(self, case: str, item: str) -> Path:
        """Where a content lies; both names are our own random hex."""
        return self.folder / case / item

    def all(self) -> Iterator[tuple[str, str, float]]:
        """Case, file name and time of change of every file."""
        if not self.folder.is_dir():
            return
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                yield path.parent.name, path.name, path.stat().st_mtime
