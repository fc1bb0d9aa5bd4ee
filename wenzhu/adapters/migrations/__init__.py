"""Alembic migrations of the evidence store; see docs/evidence.md."""
