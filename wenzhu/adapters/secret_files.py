"""Secrets of this installation, each in a file that only we may read."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def kept(path: Path) -> str:
    """The secret in a file, 64 hex digits when we made it; the first call makes it."""
    if not path.exists():
        create(path)
    return read(path)


def read(path: Path) -> str:
    """The secret in a file that must be there."""
    return path.read_text(encoding="ascii").strip()


def create(path: Path) -> None:
    """Write a new secret; the file appears whole or not at all, and once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was faster
        os.link(draft, path)
    draft.unlink()
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the disk remember the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
