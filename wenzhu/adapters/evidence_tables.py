"""The tables of the evidence store, and engines that keep what they commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "evidence_version"
LOCK_NUMBER = 20_770_431
"""Under which PostgreSQL lets one process migrate at a time."""

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # acknowledged means on the disk
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten leaves no page behind
    "PRAGMA busy_timeout=2000",  # an action has three seconds
)

metadata = sa.MetaData()

keys = sa.Table(
    "evidence_keys",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)

cases = sa.Table(
    "evidence_cases",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, unique=True),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("touched_at", sa.Float, nullable=False, index=True),
)


def _of_case() -> sa.Column[str]:
    return sa.Column(
        "case_id",
        sa.String(32),
        sa.ForeignKey("evidence_cases.id", ondelete="CASCADE"),
        nullable=False,
    )


items = sa.Table(
    "evidence_items",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    _of_case(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("media_type", sa.String(80), nullable=False),
    sa.Column("sealed_about", sa.LargeBinary, nullable=False),
    sa.Column("corrects", sa.Integer),
    sa.Column("captured_at", sa.String(40), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("link", sa.String(64), nullable=False),
    sa.UniqueConstraint("case_id", "number", name="evidence_items_in_order"),
)

happenings = sa.Table(
    "evidence_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _of_case(),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Index("evidence_events_of_case", "case_id"),
)

consents = sa.Table(
    "evidence_consents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _of_case(),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("wording", sa.String(16), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("evidence_consents_of_case", "case_id"),
)

downloads = sa.Table(
    "evidence_downloads",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("sealed_sender", sa.LargeBinary, nullable=False),
    sa.Column("everything", sa.Boolean, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float),
    sa.Column("sealed_document", sa.LargeBinary),
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("ends_at", sa.Float, nullable=False, index=True),
)

utterances = sa.Table(
    "review_utterances",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("said_at", sa.Float, nullable=False),
    sa.Column("kept_at", sa.Float, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("context", sa.String(32)),
    sa.Column("understood", sa.Text, nullable=False),
    sa.Column("why", sa.String(16), nullable=False),
    sa.Column("wording", sa.String(16), nullable=False),
    sa.UniqueConstraint("person", "said_at", name="review_utterances_once"),
)


def engine_for(url: str) -> sa.Engine:
    """An engine; a transaction that writes starts as ``writing(engine).begin()``."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(address, connect_args={"timeout": 2})
    sa.event.listen(engine, "connect", _tune_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine for transactions that write: they queue from the start."""
    return engine.execution_options(writes=True)


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision; safe when several processes start at once."""
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER)))
        config = _alembic(connection)
        command.upgrade(config, revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the tables back to a revision; ``base`` removes them."""
    with writing(engine).begin() as connection:
        command.downgrade(_alembic(connection), revision)


def _alembic(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins by itself, below: sqlite3 would begin late and commit early.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
