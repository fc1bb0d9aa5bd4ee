"""Time stamps of RFC 3161, from a real authority on this machine."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.unit.evidence.authority import Authority, authority, run
from tests.unit.evidence.conftest import Clock
from tests.unit.evidence.databases import free_port
from wenzhu.adapters import time_stamps
from wenzhu.adapters.database import writing
from wenzhu.adapters.evidence_export import export
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.adapters.evidence_tables import stamps
from wenzhu.evidence.errors import StampRefused
from wenzhu.evidence.records import Draft
from wenzhu.settings import Settings

MESSAGE = Draft("message", "pasted")

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="there is no OpenSSL to be an authority"
)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa") / "one") as running:
        yield running


@pytest.fixture
def stamping(own: Settings, tsa: Authority, clock: Clock) -> Iterator[EvidenceStore]:
    settings = replace(own, timestamp_url=tsa.address, timestamp_roots=str(tsa.roots))
    opened = EvidenceStore(settings, now=clock)
    opened.agree("me", "case", True)
    yield opened
    opened.close()


def named(store: EvidenceStore) -> time_stamps.Authority:
    found = time_stamps.authority(store._settings)
    assert found is not None
    return found


def test_nothing_is_stamped_unless_it_is_set(agreed: EvidenceStore) -> None:
    agreed.add("me", MESSAGE, b"text")
    assert time_stamps.authority(agreed._settings) is None
    assert agreed.stamps_of(agreed.case("me")) == []


def test_a_chain_is_stamped_once_for_what_it_has(
    stamping: EvidenceStore, tsa: Authority
) -> None:
    for number in range(3):
        stamping.add("me", MESSAGE, f"text {number}".encode())
    before = len(tsa.asked)
    assert stamping.stamp(named(stamping)) == 1
    assert stamping.stamp(named(stamping)) == 0
    stamping.add("me", MESSAGE, b"one more")
    assert stamping.stamp(named(stamping)) == 1
    assert len(tsa.asked) == before + 2
    assert [s.number for s in stamping.stamps_of(stamping.case("me"))] == [3, 4]
    assert stamping.verify(stamping.case("me")) is None
    assert all(len(query) < 200 for query in tsa.asked), "a hash goes out, no more"


def test_a_forged_stamp_is_named(stamping: EvidenceStore, tmp_path: Path) -> None:
    stamping.add("me", MESSAGE, b"text")
    stamping.stamp(named(stamping))
    held = stamping.case("me")
    (real,) = stamping.stamps_of(held)
    with authority(tmp_path / "stranger", "Stranger") as stranger:
        forged = time_stamps.Authority(stranger.address, stranger.roots)
        token, _ = forged.stamp(real.link.encode())
    changed = bytes([*real.token[:-1], real.token[-1] ^ 1])
    for fake in (token, changed, b"", b"\x30\x03\x02\x01\x00"):
        with writing(stamping.engine).begin() as connection:
            connection.execute(sa.update(stamps).values(token=fake))
        failure = stamping.verify(held)
        assert failure is not None, fake[:10]
        assert (failure.number, "time stamp" in failure.why) == (1, True)


def test_a_stamp_of_another_chain_is_named(stamping: EvidenceStore) -> None:
    stamping.add("me", MESSAGE, b"text")
    stamping.agree("you", "case", True)
    stamping.add("you", MESSAGE, b"other")
    assert stamping.stamp(named(stamping)) == 2
    mine, yours = stamping.case("me"), stamping.case("you")
    (stamp,) = stamping.stamps_of(yours)
    with writing(stamping.engine).begin() as connection:
        connection.execute(
            sa.update(stamps)
            .where(stamps.c.case_id == mine.id)
            .values(link=stamp.link, token=stamp.token)
        )
    failure = stamping.verify(mine)
    assert failure is not None
    assert "another chain" in failure.why


def test_an_authority_that_is_not_trusted_stamps_nothing(
    stamping: EvidenceStore, tmp_path: Path
) -> None:
    stamping.add("me", MESSAGE, b"text")
    roots = Path(stamping._settings.timestamp_roots)
    with (
        authority(tmp_path / "stranger", "Stranger") as stranger,
        pytest.raises(StampRefused),
    ):
        stamping.stamp(time_stamps.Authority(stranger.address, roots))
    nobody = time_stamps.Authority(f"http://127.0.0.1:{free_port()}/", roots)
    with pytest.raises(StampRefused):
        stamping.stamp(nobody)
    assert stamping.stamps_of(stamping.case("me")) == []
    stamping.add("me", MESSAGE, b"goes on")
    with pytest.raises(StampRefused, match="no certificates"):
        time_stamps.Authority(stranger.address, tmp_path / "nothing.pem")


def test_others_check_an_exported_stamp_with_openssl(
    stamping: EvidenceStore, tsa: Authority, clock: Clock, tmp_path: Path
) -> None:
    stamping.add("me", MESSAGE, b"text")
    stamping.stamp(named(stamping))
    content = b"".join(export(stamping, "me", clock()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out"
    said = run(
        "ts", "-verify", "-in", "timestamps/001.tsr", "-data", "timestamps/001.link",
        "-CAfile", str(tsa.roots), folder=folder,
    )  # fmt: skip
    assert b"OK" in said
    verify = [sys.executable, "-I", "-S", "-B", "verify.py"]
    assert subprocess.run(verify, cwd=folder).returncode == 0
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["timestamps"][0]["link"] == manifest["head"]
    (folder / "timestamps/001.tsr").write_bytes(b"forged")
    assert subprocess.run(verify, cwd=folder).returncode == 1


def test_stamps_go_with_the_person(stamping: EvidenceStore) -> None:
    stamping.add("me", MESSAGE, b"text")
    stamping.stamp(named(stamping))
    stamping.forget("me")
    with stamping.engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(stamps))
    assert count == 0
