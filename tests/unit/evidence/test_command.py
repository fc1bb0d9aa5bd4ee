"""python -m wenzhu.evidence, as an operator runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.unit.evidence.databases import settings_of
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.records import Draft
from wenzhu.settings import ROOT


@pytest.fixture
def service(tmp_path: Path) -> Path:
    store = EvidenceStore(settings_of(tmp_path, f"sqlite:///{tmp_path / 'run.db'}"))
    store.agree("me", "case", True)
    store.add("me", Draft("message", "pasted"), b"text")
    store.close()
    return tmp_path


def run(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "wenzhu.evidence", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "WENZHU_STATE_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'run.db'}",
            **more,
        },
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_verify(service: Path) -> None:
    assert run(service, "verify") == (0, "1 cases, 0 failed\n")
    (content,) = (p for p in (service / "evidence").rglob("*") if p.is_file())
    content.write_bytes(b"changed")
    status, said = run(service, "verify")
    assert status == 1
    assert "item 1: the sealed file has no head" in said


def test_sweep(service: Path) -> None:
    assert run(service, "sweep", "--dry-run", WENZHU_EVIDENCE_DAYS="0") == (
        0,
        "would remove 0 people, 0 talks, 1 cases, 0 links, 0 files without a row\n",
    )
    assert run(service, "verify")[1] == "1 cases, 0 failed\n"
    assert run(service, "sweep", WENZHU_EVIDENCE_DAYS="0")[0] == 0
    assert run(service, "verify")[1] == "0 cases, 0 failed\n"


def test_rotate_key_and_export(service: Path, tmp_path: Path) -> None:
    assert run(service, "rotate-key")[1].startswith("3 keys")
    target = tmp_path / "out.zip"
    assert run(service, "export", "me", str(target))[0] == 0
    with zipfile.ZipFile(target) as archive:
        assert archive.read("originals/001-message.txt") == b"text"


def test_a_wrong_key_is_said_in_a_line(service: Path) -> None:
    status, said = run(service, "verify", WENZHU_SERVICE_KEY="ab" * 32)
    assert status == 2
    assert said.startswith("✗ sealed with service key ")
    assert said.count("\n") == 1
