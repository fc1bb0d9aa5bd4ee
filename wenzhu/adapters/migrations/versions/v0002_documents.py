"""Links that open a document, and the days that people asked to be reminded of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("evidence_downloads", sa.Column("sealed_document", sa.LargeBinary))
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("ends_at", sa.Float, nullable=False, index=True),
    )


def downgrade() -> None:
    """Take them away; links and reminders are gone."""
    op.drop_table("reminders")
    op.drop_column("evidence_downloads", "sealed_document")
