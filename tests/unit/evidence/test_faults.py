"""Crashes, full disks, locked databases: what was acknowledged stays."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.evidence.conftest import Clock
from tests.unit.evidence.databases import database, settings_of
from wenzhu.adapters.evidence_files import PART
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.adapters.evidence_upkeep import ORPHAN_SECONDS
from wenzhu.evidence.errors import StoreFailed, StoreFull, WrongKey
from wenzhu.evidence.records import Draft
from wenzhu.settings import ROOT, Settings

MESSAGE = Draft("message", "pasted")
SEED = 5


def kill_while_adding(folder: Path, url: str, times: int) -> None:
    """Kill a process that adds, at random moments; all it acknowledged is there."""
    own = settings_of(folder, url)
    store = EvidenceStore(own)
    store.agree("me", "case", True)
    chance = random.Random(SEED)
    acknowledged: dict[int, str] = {}
    for round_ in range(times):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.evidence.adder", url, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        process.kill()
        said, _ = process.communicate()
        for line in said.splitlines(keepends=True):
            if line.endswith("\n"):
                number, digest = line.split()
                acknowledged[int(number)] = digest
        items = {item.number: item.sha256 for item in store.items("me")}
        lost = {n for n, digest in acknowledged.items() if items.get(n) != digest}
        assert not lost
        if round_ % 10 == 0:  # it reads everything, ever more
            failure = store.verify(store.case("me"))
            assert failure is None, failure
    assert acknowledged, "it was killed before it could add anything"
    old = time.time() - 2 * ORPHAN_SECONDS
    for path in store.files.folder.rglob("*"):
        os.utime(path, (old, old))
    store.sweep()
    rows = {item.id for item in store.items("me")}
    assert {name for _, name, _ in store.files.all()} == rows
    assert store.verify(store.case("me")) is None
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_five_kills_lose_nothing(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as url:
        kill_while_adding(tmp_path, url, 5)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_hundred_kills_lose_nothing(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as url:
        kill_while_adding(tmp_path, url, 200)


def test_a_file_without_a_row_goes_with_the_next_sweep(
    agreed: EvidenceStore, clock: Clock
) -> None:
    kept = agreed.add("me", MESSAGE, b"kept")
    held = agreed.case("me")
    agreed.files.write(held.key, held.id, "0" * 32, [b"no row"])
    part = agreed.files.path(held.id, "1" * 32).with_suffix(PART)
    part.write_bytes(b"half")
    now = clock().timestamp()
    for path in (agreed.files.path(held.id, "0" * 32), part):
        os.utime(path, (now, now))
    assert agreed.sweep().orphans == 0, "it may be the one that is being added"
    clock.go(hours=2)
    assert [item.id for item in agreed.items("me")] == [kept.id]
    assert agreed.sweep(dry_run=True).orphans == 2
    os.utime(agreed.files.path(held.id, kept.id), (now, now))
    assert agreed.sweep().orphans == 2
    assert [name for _, name, _ in agreed.files.all()] == [kept.id]


def test_what_was_tampered_with_is_named(agreed: EvidenceStore) -> None:
    for number in range(3):
        agreed.add("me", MESSAGE, f"item {number}".encode())
    held = agreed.case("me")
    second = agreed.files.path(held.id, agreed.items("me")[1].id)
    whole = second.read_bytes()
    second.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    failure = agreed.verify(held)
    assert failure is not None
    assert (failure.number, "changed" in failure.why) == (2, True)
    second.unlink()
    failure = agreed.verify(held)
    assert failure is not None
    assert (failure.number, "gone" in failure.why) == (2, True)


def test_a_full_disk_says_so_and_keeps_the_rest(tmp_path: Path) -> None:
    """The limit on file sizes makes the same system call fail as a full disk."""
    program = f"""
import resource, signal, sys
from pathlib import Path
from tests.unit.evidence.databases import settings_of
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.errors import StoreFull
from wenzhu.evidence.records import Draft
store = EvidenceStore(settings_of(Path({str(tmp_path)!r})))
store.agree("me", "case", True)
store.add("me", Draft("file", "sent"), b"small")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    store.add("me", Draft("file", "sent"), b"x" * (3 << 20))
except StoreFull as error:
    print(error.response)
store.add("me", Draft("file", "sent"), b"small again")
files = len(list(store.files.all()))
print(len(store.items("me")), store.verify(store.case("me")), files)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["utter_keep_full", "2 None 2"], done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A folder on a disk of one megabyte, where this machine lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    done = subprocess.run(["mount", *options], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this user may not mount a small disk")
    return folder


def test_a_really_full_disk(small_disk: Path) -> None:
    try:
        store = EvidenceStore(settings_of(small_disk))
        store.agree("me", "case", True)
        kept = 0
        with pytest.raises(StoreFull):
            for _ in range(400):
                store.add("me", MESSAGE, b"x" * 10_000)
                kept += 1
        assert kept > 3
        assert len(store.items("me")) == kept
        assert store.verify(store.case("me")) is None
        store.forget("me")
        store.close()
    finally:
        subprocess.run(["umount", "-l", str(small_disk)], check=True)


def test_a_locked_database_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    store = EvidenceStore(settings_of(tmp_path))
    store.agree("me", "case", True)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed) as refused:
        store.add("me", MESSAGE, b"text")
    assert refused.value.response == "utter_apology_storage"
    assert list(store.files.all()) == []
    other.execute("COMMIT")
    other.close()
    assert store.add("me", MESSAGE, b"text").number == 1
    store.close()


def test_a_lost_database_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed) as refused:
        EvidenceStore(
            settings_of(tmp_path, "postgresql+psycopg2://postgres@127.0.0.1:5801/x")
        )
    assert "postgres@" not in str(refused.value)


def test_a_key_that_was_lost_is_said(agreed: EvidenceStore, own: Settings) -> None:
    (secret,) = (own.state_folder / "secrets").iterdir()
    secret.unlink()
    with pytest.raises(WrongKey, match="put its file back"):
        EvidenceStore(own)
