"""The service key: from the environment, or from a file that only we may read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from wenzhu.adapters import secret_files
from wenzhu.evidence.errors import WrongKey
from wenzhu.evidence.sealing import Ring, key_from_text
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
        # The next one first: a rotation that ends now moves it to the file.
        texts = [secret_files.read(self._next)] if self._next.exists() else []
        texts.append(secret_files.kept(self._file))
        return Ring([key_from_text(text) for text in texts])

    def prepare(self) -> None:
        """Before a rotation: let a new key seal, and the old one still open.

        Raises:
            WrongKey: the key comes from the environment and the old one does not.
        """
        if not self._given:
            self()
            secret_files.create(self._next)
        elif not self._before:
            raise WrongKey(
                "set the new key in WENZHU_SERVICE_KEY "
                "and the one before in WENZHU_SERVICE_KEY_OLD"
            )

    def finish(self) -> None:
        """After a rotation: nothing needs the old key any more."""
        if not self._given:
            self._next.replace(self._file)
            secret_files.sync(self._file.parent)
