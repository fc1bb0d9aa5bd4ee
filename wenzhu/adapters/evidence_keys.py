"""The service key: from the environment, or from a file that only we may read."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from sqlalchemy import make_url

from wenzhu.evidence.errors import WrongKey
from wenzhu.evidence.sealing import Ring, key_from_text, new_key
from wenzhu.settings import Settings


class ServiceKeys:
    """Where the service keys come from; read again at each use, they may rotate."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is read or made yet."""
        self._given = settings.service_key
        self._before = settings.service_key_old
        # Of one database: a rotation must not strand what another one holds.
        address = make_url(settings.database_url)
        name = f"{address.get_backend_name()}-{Path(address.database or '').stem}"
        self._file = settings.state_folder / "secrets" / f"evidence-{name}"
        self._next = self._file.with_name(f"{self._file.name}.next")

    def __call__(self) -> Ring:
        """The ring as it is now; the first call may make the key.

        Raises:
            WrongKey: what is set is not a key.
        """
        if self._given:
            texts = [self._given, *([self._before] if self._before else [])]
            return Ring([key_from_text(text) for text in texts])
        if not self._file.exists():
            _create(self._file)
        waiting = [_read(self._next)] if self._next.exists() else []
        return Ring([*waiting, _read(self._file)])

    def prepare(self) -> None:
        """Before a rotation: let a new key seal, and the old one still open.

        Raises:
            WrongKey: the key comes from the environment and the old one does not.
        """
        if not self._given:
            self()
            _create(self._next)
        elif not self._before:
            raise WrongKey(
                "set the new key in WENZHU_SERVICE_KEY "
                "and the one before in WENZHU_SERVICE_KEY_OLD"
            )

    def finish(self) -> None:
        """After a rotation: nothing needs the old key any more."""
        if not self._given:
            self._next.replace(self._file)
            _sync(self._file.parent)


def _read(path: Path) -> bytes:
    return key_from_text(path.read_text(encoding="ascii"))


def _create(path: Path) -> None:
    """Write a new key; the file appears whole or not at all, and once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_key().hex())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was faster
        os.link(draft, path)
    draft.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
