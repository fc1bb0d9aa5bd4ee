"""The database of the bot: opened in one way by all who keep something in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten leaves no page behind
    "PRAGMA busy_timeout=2000",  # an action has three seconds; a server waits with it
)
FAST = "PRAGMA synchronous=NORMAL"
DURABLE = "PRAGMA synchronous=FULL"


def engine_for(url: str, durable: bool = False) -> sa.Engine:
    """An engine; a transaction that writes starts as ``writing(engine).begin()``.

    Args:
        url: an SQLAlchemy URL.
        durable: whether a commit is on the disk when it returns. If not, a crash of
            the machine may cost the last turns; a crash of the process costs nothing.
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(address, connect_args={"timeout": 2})
    tune(engine, durable)
    sa.event.listen(engine, "connect", _leave_beginning_to_us)
    sa.event.listen(engine, "begin", _begin)
    return engine


def tune(engine: sa.Engine, durable: bool = False) -> None:
    """Have every new connection of an engine keep and forget as ours do."""
    if engine.dialect.name != "sqlite":
        return

    def settle(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for setting in (*SQLITE_SETTINGS, DURABLE if durable else FAST):
            cursor.execute(setting)
        cursor.close()

    sa.event.listen(engine, "connect", settle)


def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine for transactions that write: they queue from the start."""
    return engine.execution_options(writes=True)


def clear_journal(engine: sa.Engine) -> None:
    """Have SQLite's journal give up the pages that were deleted."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _leave_beginning_to_us(connection: Any, _record: object) -> None:
    # SQLAlchemy begins by itself, below: sqlite3 would begin late and commit early.
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
