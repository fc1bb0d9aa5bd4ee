"""Has the tracker store delete kept evidence along with the conversation."""

from __future__ import annotations

from functools import lru_cache

from rasa_ext import forgetting
from wenzhu.adapters.evidence_store import evidence_store


def forget(sender_id: str) -> None:
    """Delete the case, items, files and keys of a person."""
    evidence_store().forget(sender_id)


@lru_cache(maxsize=1)
def register() -> None:
    """Take part in forgetting, once in a process."""
    forgetting.register(forget)
