"""Trains when what a model is made from changed, and only then."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from launcher.environment import ROOT, writing_bytecode
from launcher.settings import log_file, state_folder
from launcher.terminal import say, step, stop

MODELS = ROOT / "models"
MODEL = MODELS / "wenzhu.tar.gz"
STAMP = MODELS / "wenzhu.sha256"
SOURCES = (
    "config.yml",
    "domain.yml",
    "data",
    "knowledge",
    "wenzhu",
    "rasa_ext",
    "runtime",
    "requirements.txt",
)
IGNORED = frozenset({"__pycache__", ".DS_Store"})
COMMANDS = (
    # the message pipeline first: Rasa's components read messages with it
    (sys.executable, "-m", "wenzhu.message.train"),
    (
        sys.executable,
        *("-m", "rasa", "train", "--fixed-model-name", MODEL.name.split(".")[0]),
        *("--out", str(MODELS), "--domain", "domain.yml"),
    ),
)


def source_files() -> Iterator[Path]:
    """Yield every file that a model is made from, in a stable order."""
    for name in SOURCES:
        path = ROOT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            if file.is_file() and not IGNORED & {*file.parts}:
                yield file


def digest() -> str:
    """Return what a model would be made from now, in one word."""
    total = hashlib.sha256(str(sys.version_info[:2]).encode())
    for file in source_files():
        total.update(str(file.relative_to(ROOT)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def is_current(wanted: str) -> bool:
    """Tell whether the model at hand was made from this."""
    if not MODEL.exists() or not STAMP.exists():
        return False
    return STAMP.read_text(encoding="ascii").strip() == wanted


def last_line(log: Path) -> str:
    """Return what training last said, short enough for one line."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    spoken = [line.rsplit(" - ", 1)[-1].strip() for line in lines[-20:]]
    return next((line[:48] for line in reversed(spoken) if line), "")


def train(*, force: bool = False) -> None:
    """Bring the model up to the data, or say that it is.

    Args:
        force: train even where nothing changed.
    """
    wanted = digest()
    if is_current(wanted) and not force:
        say("✓ 模型是最新的 model is up to date")
        return
    log = log_file("train")
    log.write_bytes(b"")
    environment = writing_bytecode(
        {**os.environ, "WENZHU_STATE_DIR": str(state_folder())}
    )
    with step("训练 training", lambda: last_line(log)), log.open("ab") as output:
        for command in COMMANDS:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
                raise stop(
                    f"训练没有成功 training failed; the whole log is in {log}\n\n"
                    + "\n".join(lines[-25:])
                )
    STAMP.write_text(wanted + "\n", encoding="ascii")
