"""A service as a process has it, and all that can be found in what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from wenzhu.settings import Settings


@dataclass
class Service:
    """Settings of a service, and what is closed before its database goes."""

    own: Settings
    closing: list[Callable[[], None]] = field(default_factory=list)


def everything(own: Settings) -> bytes:
    """Every cell of every table, and every byte of every file."""
    found = []
    engine = sa.create_engine(own.database_url)
    with engine.connect() as connection:
        for name in sorted(sa.inspect(engine).get_table_names()):
            table = sa.Table(name, sa.MetaData(), autoload_with=engine)
            for row in connection.execute(sa.select(table)):
                for cell in row:
                    raw = isinstance(cell, bytes | memoryview)
                    found.append(bytes(cell) if raw else str(cell).encode())
    engine.dispose()
    for path in sorted(own.state_folder.rglob("*")):
        if path.is_file():
            found.append(str(path).encode() + path.read_bytes())
    return b"\n".join(found)


def spellings(seed: str) -> list[bytes]:
    """A seed as bytes, and as JSON writes it."""
    return [
        seed.encode(),
        seed.encode("unicode_escape"),
        seed.encode("utf-16-le"),
    ]
