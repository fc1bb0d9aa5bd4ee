"""A store of one's own on SQLite, and on PostgreSQL where one answers."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from wenzhu.settings import Settings

SERVER = os.environ.get(
    "WENZHU_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"
)
KINDS = ("sqlite", "postgresql")


def settings_of(folder: Path, url: str | None = None, **more: object) -> Settings:
    """Settings of a service that lives in a folder."""
    values: dict[str, object] = {
        "state_folder": folder,
        "database_url": url or f"sqlite:///{folder / 'test.db'}",
        "operator_name": "",
        "operator_contact": "",
        "action_secret": "",
        "conversation_hours": 72,
        "service_key": "",
        "service_key_old": "",
        "evidence_days": 180,
        "public_url": "",
    }
    empty: dict[str, object] = {"str": "", "int": 0, "bool": False}
    for name, field in Settings.__dataclass_fields__.items():
        values.setdefault(name, empty.get(str(field.type)))
    return Settings(**(values | more))  # type: ignore[arg-type]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"wenzhu_evidence_{secrets.token_hex(6)}"
    try:
        try:
            connection = server.connect()
        except sa.exc.OperationalError:
            pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
        with connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            try:
                address = sa.make_url(SERVER).set(database=name)
                yield address.render_as_string(hide_password=False)
            finally:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        server.dispose()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
