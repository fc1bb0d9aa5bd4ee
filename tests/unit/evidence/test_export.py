"""The ZIP: complete, checkable with Python alone, and never whole in memory."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from tests.unit.evidence.conftest import Clock
from wenzhu.adapters.evidence_export import export
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.records import Draft
from wenzhu.settings import ROOT


def picture() -> bytes:
    target = io.BytesIO()
    Image.effect_noise((60, 40), 90).convert("RGB").save(target, "PNG")
    return target.getvalue()


TEXT = "【捷信】今天不还就上门".encode()


@pytest.fixture
def filled(agreed: EvidenceStore) -> EvidenceStore:
    agreed.add("me", Draft("message", "pasted"), TEXT)
    about = {"day": "2026-11-24", "when": "10点", "said": "要去我单位"}
    agreed.add("me", Draft("call_note", "told", about=about), "他打来".encode())
    agreed.add("me", Draft("screenshot", "sent", "image/png"), picture())
    agreed.add("me", Draft("call_note", "told, masked", corrects=2), b"eleven")
    return agreed


def unpacked(store: EvidenceStore, clock: Clock, folder: Path) -> Path:
    content = b"".join(export(store, "me", clock()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def checked(folder: Path) -> tuple[int, str]:
    """What the verifier says, run with nothing but Python: -I -S leaves us out."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "verify.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_zip_holds_the_originals_and_what_proves_them(
    filled: EvidenceStore, clock: Clock, tmp_path: Path
) -> None:
    folder = unpacked(filled, clock, tmp_path / "out")
    files = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.*"))
    assert files == [
        "index.pdf",
        "manifest.json",
        "originals/001-message.txt",
        "originals/002-call_note.txt",
        "originals/003-screenshot.png",
        "originals/004-call_note.txt",
        "verify.py",
    ]
    assert (folder / "originals/001-message.txt").read_bytes() == TEXT
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["chain_is_whole"] is True
    assert [each["scope"] for each in manifest["consents"]] == ["case", "originals"]
    assert checked(folder) == (0, "✓ 4 条都和存下时一样 all 4 as kept\n")
    assert filled.happenings(filled.case("me"))[-1].name == "exported"


def test_the_verifier_names_what_was_changed(
    filled: EvidenceStore, clock: Clock, tmp_path: Path
) -> None:
    folder = unpacked(filled, clock, tmp_path / "out")
    manifest = folder / "manifest.json"
    whole = manifest.read_text("utf-8")
    note = folder / "originals/002-call_note.txt"
    note.write_text("改过", "utf-8")
    status, said = checked(folder)
    assert status == 1 and "第 2 条" in said
    note.unlink()
    assert "文件不在" in checked(folder)[1]
    manifest.write_text(whole.replace("要去我单位", "要去我家里"), "utf-8")
    assert "第 2 条" in checked(folder)[1]
    content = json.loads(whole)
    content["items"].pop()
    manifest.write_text(json.dumps(content), "utf-8")
    note.write_bytes("他打来".encode())
    assert "末尾" in checked(folder)[1]


def test_a_damaged_item_is_said_and_the_rest_comes(
    filled: EvidenceStore, clock: Clock, tmp_path: Path
) -> None:
    held = filled.case("me")
    filled.files.path(held.id, filled.items("me")[0].id).write_bytes(b"")
    folder = unpacked(filled, clock, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["items"][0]["fault"]
    assert not (folder / "originals/001-message.txt").exists()
    assert (folder / "originals/003-screenshot.png").read_bytes()
    assert "第 1 条" in checked(folder)[1]


def test_the_index_says_what_is_there(
    filled: EvidenceStore, clock: Clock, tmp_path: Path
) -> None:
    folder = unpacked(filled, clock, tmp_path / "out")
    pages = pdfium.PdfDocument(folder / "index.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    text = re.sub(r"\s+", "", text)
    for item in filled.items("me"):
        assert item.sha256 in text
    for words in ("证据清单", "要去我单位", "【捷信】", "更正第2条", "verify.py"):
        assert words in text, words
    assert any(
        each.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE
        for page in pages
        for each in page.get_objects()
    )


def test_everything_includes_the_conversation(
    store: EvidenceStore, clock: Clock
) -> None:
    content = b"".join(export(store, "nobody", clock(), '[{"event": "user"}]'))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["conversation.json"]


MEASURED = """
import resource, sys
from pathlib import Path
import numpy as np
from PIL import Image
import io
from tests.unit.evidence.databases import settings_of
from wenzhu.adapters import clock
from wenzhu.adapters.evidence_export import export
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.records import Draft
folder, count = Path(sys.argv[1]), int(sys.argv[2])
noise = np.random.default_rng(1)
store = EvidenceStore(settings_of(folder))
store.agree("me", "case", True)
for number in range(count):
    pixels = noise.integers(0, 255, (1000, 830, 3), "uint8")
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=1)
    store.add("me", Draft("screenshot", "sent", "image/png"), target.getvalue())
size = 0
def status(name):
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])
before = status("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
for piece in export(store, "me", clock.now()):
    size += len(piece)
print(size, status("VmHWM") - before)
"""


def measured(folder: Path, count: int) -> tuple[int, float]:
    """Size of the ZIP in MB, and by how many MB memory grew while it was made."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder), str(count)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    size, grown = map(int, done.stdout.split())
    return size // 1_000_000, grown / 1000


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_sixty_megabytes_pass_through_little_memory(tmp_path: Path) -> None:
    size, grown = measured(tmp_path, 24)
    assert size >= 58
    assert grown < 100, "the PDF library counts too"


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_five_hundred_megabytes_pass_through_a_hundred(tmp_path: Path) -> None:
    size, grown = measured(tmp_path, 200)
    assert size >= 490
    assert grown < 100
