"""What is left of a conversation whose events cannot be read or kept."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from wenzhu.adapters import database

FAULTS = (sa.exc.SQLAlchemyError, OSError, ValueError)
"""What a database that is gone, full, locked, read-only or damaged raises."""

PROBE = sa.Table(
    "storage_probe",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("turns", sa.Integer, nullable=False),
)


class LostTracker(DialogueStateTracker):  # type: ignore[misc]
    """Stands for a conversation in a turn that storage fails.

    It knows nothing of the case. GatePolicy answers the turn with a crisis reply or an
    apology, and nothing of it is kept: who spoke is asked to say it again.
    """


class Storage:
    """Watches a database: can it be written to, and is it still the same one?"""

    def __init__(self, engine: Engine) -> None:
        """Make the table that is written to, and remember which file is opened."""
        self._engine = engine
        is_file = engine.dialect.name == "sqlite" and engine.url.database
        self._path = Path(engine.url.database or "") if is_file else None
        self._opened: tuple[int, int] | None = None
        database.tune(engine)
        if self._path is not None:
            sa.event.listen(engine, "connect", self._see)
        engine.dispose()
        PROBE.metadata.create_all(engine)
        with engine.begin() as connection:
            if connection.scalar(sa.select(PROBE.c.id)) is None:
                connection.execute(sa.insert(PROBE).values(id=1, turns=0))

    def check(self) -> None:
        """Write one number: what can be read is not always to be written.

        Raises:
            FileNotFoundError: the file was moved away.
            SQLAlchemyError: the database does not take it.
        """
        self.see_file()
        with self._engine.begin() as connection:
            connection.execute(sa.update(PROBE).values(turns=PROBE.c.turns + 1))

    def see_file(self) -> None:
        """Do not follow a file that was renamed, nor make another in its place.

        Raises:
            FileNotFoundError: the file was moved away.
        """
        if self._path is None or _identity(self._path) == self._opened:
            return
        self.reconnect()

    def reconnect(self) -> None:
        """Let go of connections that may be broken; the next use opens new ones."""
        self._engine.dispose()

    def _see(self, _connection: object, _record: object) -> None:
        self._opened = _identity(self._path) if self._path else None


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
