"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = ("downloads", "consents", "events", "items", "cases", "keys")


def _of_case() -> sa.Column[str]:
    return sa.Column(
        "case_id",
        sa.String(32),
        sa.ForeignKey("evidence_cases.id", ondelete="CASCADE"),
        nullable=False,
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "evidence_keys",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "evidence_cases",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, unique=True),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("touched_at", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "evidence_items",
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
    op.create_table(
        "evidence_events",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_case(),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
    )
    op.create_index("evidence_events_of_case", "evidence_events", ["case_id"])
    op.create_table(
        "evidence_consents",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_case(),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("wording", sa.String(16), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("evidence_consents_of_case", "evidence_consents", ["case_id"])
    op.create_table(
        "evidence_downloads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("sealed_sender", sa.LargeBinary, nullable=False),
        sa.Column("everything", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("used_at", sa.Float),
    )


def downgrade() -> None:
    """Drop them; what they held is gone."""
    for table in TABLES:
        op.drop_table(f"evidence_{table}")
