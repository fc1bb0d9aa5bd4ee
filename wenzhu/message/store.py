"""The trained pipeline on disk: where it is, and that nobody changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language

from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.message import pipeline as _pipeline  # noqa: F401 (registers factories)
from wenzhu.settings import ROOT

MODELS = ROOT / "models"
SOURCES = (KNOWLEDGE / "lenders.yml", KNOWLEDGE / "scam_signs.yml")
MESSAGES = DATA / "messages"
VERSION = "1.0.0"
MANIFEST = "manifest.json"


class ModelError(RuntimeError):
    """The trained pipeline is missing or is not what training wrote."""


def source_files() -> list[Path]:
    """Return every file that training reads, in a stable order."""
    code = sorted(Path(__file__).resolve().parent.glob("*.py"))
    tables = Path(__file__).resolve().parent.parent / "text" / "tables"
    return [*SOURCES, *sorted(MESSAGES.glob("*.yml")), *code, *sorted(tables.iterdir())]


def digest(paths: Iterable[Path]) -> str:
    """Return one checksum over files and their names."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def folder() -> Path:
    """Return where the pipeline for the present data belongs."""
    return MODELS / f"message-{VERSION}-{digest(source_files())[:12]}"


def write_manifest(path: Path) -> None:
    """Write the checksum of every file of a saved pipeline."""
    files = {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }
    (path / MANIFEST).write_text(
        json.dumps({"version": VERSION, "files": files}, indent=1), encoding="utf-8"
    )


def verify(path: Path) -> None:
    """Compare a saved pipeline with its manifest.

    Raises:
        ModelError: A file is missing, new or changed; the message names it.
    """
    manifest = path / MANIFEST
    if not manifest.is_file():
        raise ModelError(f"{path.name} has no manifest: train the analyser again")
    wanted = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    there = {
        str(file.relative_to(path))
        for file in path.rglob("*")
        if file.is_file() and file.name != MANIFEST
    }
    for name in sorted(there ^ set(wanted)):
        raise ModelError(f"{path.name}: {name} is missing or was added: train again")
    for name, checksum in wanted.items():
        if hashlib.sha256((path / name).read_bytes()).hexdigest() != checksum:
            raise ModelError(
                f"{path.name}: {name} was changed: train the analyser again"
            )


@lru_cache(maxsize=1)
def load(path: Path | None = None) -> Language:
    """Load the trained pipeline, training it first if there is none.

    Raises:
        ModelError: The files are not the ones that training wrote.
    """
    path = path or folder()
    if not path.is_dir():
        from wenzhu.message.train import train

        train(path)
    verify(path)
    return spacy.load(path)
