"""Utterances that were not understood and may be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "review_utterances",
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


def downgrade() -> None:
    """Drop it; what it held is gone."""
    op.drop_table("review_utterances")
