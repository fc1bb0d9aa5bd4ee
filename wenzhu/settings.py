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

MAX_ITEM_BYTES = MAX_PICTURE_BYTES
"""The largest item of evidence."""

DOWNLOAD_MINUTES = 15
"""How long a link to a download works, and it works once."""

CONNECT_SECONDS = 3
"""How long a database server may take to answer the first call."""

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
        service_key: wraps the key of every case; empty: made and kept in a file.
        service_key_old: the service key before, while keys are being rotated.
        evidence_days: how long kept evidence stays after it was last touched.
        public_url: the address people reach the service at, without a last slash.
        timestamp_url: an RFC 3161 authority; empty: nothing is stamped.
        timestamp_roots: a PEM file of the certificates that it is trusted by.
        web_key: signs the tokens of the web channel; empty: made and kept in a file.
        web_key_old: the key before, while keys are being rotated.
        web_origins: other origins that may call the web channel.
        web_frames: origins whose pages may frame the widget.
        web_proxies: how many proxies stand before the server and name the caller.
    """

    state_folder: Path
    database_url: str
    operator_name: str
    operator_contact: str
    action_secret: str
    conversation_hours: int
    service_key: str
    service_key_old: str
    evidence_days: int
    public_url: str
    timestamp_url: str
    timestamp_roots: str
    web_key: str
    web_key_old: str
    web_origins: tuple[str, ...]
    web_frames: tuple[str, ...]
    web_proxies: int


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    state = Path(os.environ.get("WENZHU_STATE_DIR", str(ROOT / ".wenzhu")))
    default_database = f"sqlite:///{state / 'wenzhu.db'}"
    return Settings(
        state_folder=state,
        database_url=_with_driver(os.environ.get("DATABASE_URL") or default_database),
        operator_name=os.environ.get("WENZHU_OPERATOR_NAME") or UNNAMED,
        operator_contact=os.environ.get("WENZHU_OPERATOR_CONTACT") or UNNAMED,
        action_secret=os.environ.get("WENZHU_ACTION_SECRET", ""),
        conversation_hours=int(os.environ.get("WENZHU_CONVERSATION_HOURS", "72")),
        service_key=os.environ.get("WENZHU_SERVICE_KEY", ""),
        service_key_old=os.environ.get("WENZHU_SERVICE_KEY_OLD", ""),
        evidence_days=int(os.environ.get("WENZHU_EVIDENCE_DAYS") or "180"),
        public_url=os.environ.get("WENZHU_PUBLIC_URL", "").rstrip("/"),
        timestamp_url=os.environ.get("WENZHU_TIMESTAMP_URL", ""),
        timestamp_roots=os.environ.get("WENZHU_TIMESTAMP_ROOTS", ""),
        web_key=os.environ.get("WENZHU_WEB_KEY", ""),
        web_key_old=os.environ.get("WENZHU_WEB_KEY_OLD", ""),
        web_origins=tuple(os.environ.get("WENZHU_WEB_ORIGINS", "").split()),
        web_frames=tuple(os.environ.get("WENZHU_WEB_FRAMES", "").split()),
        web_proxies=int(os.environ.get("WENZHU_WEB_PROXIES") or "0"),
    )


def _with_driver(url: str) -> str:
    """The address, naming the PostgreSQL driver that is locked.

    SQLAlchemy 2.1 would look for another one. A server that does not answer is given
    up soon: everybody's turns wait for it.
    """
    url = url.replace("postgresql://", "postgresql+psycopg2://", 1)
    if not url.startswith("postgresql") or "connect_timeout" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}connect_timeout={CONNECT_SECONDS}"
