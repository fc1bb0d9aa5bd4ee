"""A column of text that is sealed in the database and plain in the program."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.evidence.sealing import seal_text, unseal_text


class SealedText(sa.types.TypeDecorator[str]):
    """Free text under a key that the service key wraps.

    What is sealed for one column does not open in another.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        """Name the column, as ``table.column``."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, _dialect: Any) -> str | None:
        """Seal on the way in."""
        if value is None:
            return None
        return seal_text(evidence_store().text_key, value, self.place)

    def process_result_value(self, value: str | None, _dialect: Any) -> str | None:
        """Open on the way out.

        Raises:
            Damaged: it was changed, or belongs to another column.
        """
        if value is None:
            return None
        return unseal_text(evidence_store().text_key, value, self.place)
