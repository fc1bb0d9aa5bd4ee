"""Every setting, read from the environment in this one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

MAX_TEXT_CHARACTERS = 10_000
"""Longer texts are not analysed; the reply says how to send them in parts."""

MAX_PICTURE_BYTES = 20 * 1024 * 1024
UNNAMED = "（本机试用，未登记）"
"""Said where an operator must be named and none is; never served beyond loopback."""

ORIGINALS_MINUTES = 30
"""How long an unmasked message may be held in memory for the analyser."""


@dataclass(frozen=True)
class Settings:
    """Settings of one process.

    Attributes:
        state_folder: database, logs, secrets; never committed.
        database_url: an SQLAlchemy URL; SQLite in the state folder by default.
        operator_name: who runs this service, said to people who ask.
        operator_contact: how to reach the operator.
        action_secret: what the action server wants to hear; empty in tests.
        conversation_hours: how long a conversation is kept after its last turn.
    """

    state_folder: Path
    database_url: str
    operator_name: str
    operator_contact: str
    action_secret: str
    conversation_hours: int


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    state = Path(os.environ.get("WENZHU_STATE_DIR", str(ROOT / ".wenzhu")))
    default_database = f"sqlite:///{state / 'wenzhu.db'}"
    return Settings(
        state_folder=state,
        database_url=os.environ.get("DATABASE_URL") or default_database,
        operator_name=os.environ.get("WENZHU_OPERATOR_NAME") or UNNAMED,
        operator_contact=os.environ.get("WENZHU_OPERATOR_CONTACT") or UNNAMED,
        action_secret=os.environ.get("WENZHU_ACTION_SECRET", ""),
        conversation_hours=int(os.environ.get("WENZHU_CONVERSATION_HOURS", "72")),
    )
