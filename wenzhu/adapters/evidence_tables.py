"""The tables of the evidence store, and how they are brought up to date."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from wenzhu.adapters.database import writing

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "evidence_version"
LOCK_NUMBER = 20_770_431
"""Under which PostgreSQL lets one process migrate at a time."""

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

stamps = sa.Table(
    "evidence_stamps",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _of_case(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("link", sa.String(64), nullable=False),
    sa.Column("token", sa.LargeBinary, nullable=False),
    sa.Column("stated_at", sa.Float, nullable=False),
    sa.Index("evidence_stamps_of_case", "case_id"),
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
