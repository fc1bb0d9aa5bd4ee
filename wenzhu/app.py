"""Wires the parts together, once and lazily. The only place that knows them all."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from wenzhu.crisis.gate import Gate, train_gate
from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.message import analyse
from wenzhu.settings import ROOT
from wenzhu.understanding.examples import Example
from wenzhu.understanding.model import Model
from wenzhu.understanding.reader import Conversation, Reader, Thresholds
from wenzhu.understanding.training import train

TRAINED_FROM = (
    *(ROOT / "wenzhu" / part for part in ("understanding", "crisis", "text")),
    DATA / "crisis",
    KNOWLEDGE / "questions",
    KNOWLEDGE / "cues.yml",
    KNOWLEDGE / "crisis_words.yml",
)
"""What ``train_reader`` reads beside the sentences it is given, and its own code."""


def trained_from() -> str:
    """One word that changes when anything of ``TRAINED_FROM`` does."""
    total = hashlib.sha256()
    for path in TRAINED_FROM:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def train_reader(examples: Sequence[Example], folder: Path) -> None:
    """Train every model that reads an utterance and save them under a folder."""
    train(examples, say=_progress).save(folder / "sentences")
    _progress("learning crisis")
    train_gate(folder / "crisis", [example.text for example in examples])


def load_reader(folder: Path, thresholds: Thresholds) -> Reader:
    """Load what ``train_reader`` saved; the first sentence is read here, unheard.

    Raises:
        ModelRefused: a model file is missing or changed.
    """
    reader = Reader(
        Model.load(folder / "sentences"), Gate.load(folder / "crisis"), thresholds
    )
    # The first use of each part loads it; nobody should wait for that.
    reader.read("热身", Conversation())
    analyse("热身")
    return reader


def latest_reader(archive: Path | None = None) -> Reader:
    """The reader inside the newest model archive of ``models``.

    Raises:
        FileNotFoundError: nothing was trained yet.
    """
    archives = sorted(
        (ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime
    )
    chosen = archive or (archives[-1] if archives else None)
    if chosen is None:
        raise FileNotFoundError("no trained model; run make train")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(chosen) as opened:
        opened.extractall(folder, filter="data")
        inside = next(Path(folder).rglob("sentences/manifest.json"))
        return load_reader(inside.parent.parent, Thresholds())


def reader_of(model: Model) -> Reader:
    """A reader around a model that is not saved yet, for evaluation."""
    return Reader(model, Gate())


def _progress(line: str) -> None:
    import sys

    print(f"  · {line}", file=sys.stderr, flush=True)  # noqa: T201
