"""A PostgreSQL server of one's own, to be stopped while it is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.settings import LOOPBACK, free_port

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SERVICE = "postgres"
"""PostgreSQL does not run as root; Debian makes this account for it."""


class Cluster:
    """A fresh database server on a free port, gone afterwards."""

    def __init__(self) -> None:
        found = shutil.which("pg_ctl")
        programs = Path(found).parent if found else next(iter(INSTALLED[-1:]), None)
        if programs is None:
            pytest.skip("no PostgreSQL is installed")
        self._programs = programs
        self._user = SERVICE if os.geteuid() == 0 else None
        self._port = free_port()
        self.url = f"postgresql://{self._owner}@{LOOPBACK}:{self._port}/postgres"

    @property
    def _owner(self) -> str:
        return self._user or pwd.getpwuid(os.geteuid()).pw_name

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            user=self._user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, f"{program} {arguments} ({done.returncode})"

    def __enter__(self) -> Cluster:
        self._folder = Path(tempfile.mkdtemp(prefix="wenzhu-postgresql-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        self._data = str(self._folder / "data")
        self._run("initdb", "--pgdata", self._data, "--auth", "trust", "--no-sync")
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self._folder)

    def _start(self) -> None:
        own = f"-p {self._port} -h {LOOPBACK} -k {self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-o", own, "-l", log)

    def _stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Run a block without the server, as after a crash."""
        self._stop()
        try:
            yield
        finally:
            self._start()
