"""Time stamps of chains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "evidence_stamps",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "case_id",
            sa.String(32),
            sa.ForeignKey("evidence_cases.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("stated_at", sa.Float, nullable=False),
    )
    op.create_index("evidence_stamps_of_case", "evidence_stamps", ["case_id"])


def downgrade() -> None:
    """Drop it; the chains stay as they are."""
    op.drop_table("evidence_stamps")
