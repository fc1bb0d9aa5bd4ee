"""Makes ``.full/venv`` and, beside it, a copy of the project with models of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from launcher.environment import ROOT, writing_bytecode
from launcher.terminal import step, stop
from launcher.training import MODEL

FULL = ROOT / ".full"
VENV = FULL / "venv"
PYTHON = VENV / "bin" / "python"
PROJECT = FULL / "project"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
COMPAT = Path(__file__).parent / "compat"
STAMP = VENV / ".installed"
LOG = FULL / "install.log"
COPIED = ("wenzhu", "rasa_ext", "actions", "knowledge", "data")


def candidates() -> Iterator[Path]:
    """Every place where a Python 3.10 may be."""
    if found := shutil.which("python3.10"):
        yield Path(found)
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(
        os.environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python"
    )
    yield from sorted(pyenv.glob("3.10.*/bin/python3"))
    yield from sorted(uv.glob("cpython-3.10*/bin/python3"))


def find_python() -> Path:
    """A Python 3.10 that works.

    Raises:
        SystemExit: there is none.
    """
    for path in candidates():
        asked = [str(path), "-c", "import ensurepip, sys; print(sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.stdout.strip() == "(3, 10)":
            return path
    raise stop(
        "Rasa 的全套依赖只到 Python 3.10，这里没有找到。先装一个：\n"
        "  uv python install 3.10   或   pyenv install 3.10\n"
        "Rasa's own requirements stop at Python 3.10, and none was found here."
    )


def run(title: str, command: Sequence[str], folder: Path = ROOT) -> None:
    """Run a long command with a clock; what it says goes to the log.

    Raises:
        SystemExit: it failed; shows the end of the log.
    """
    with step(title), LOG.open("ab") as log:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        raise stop("\n".join([*lines, f"the whole log is in {LOG}"]))


def environment() -> dict[str, str]:
    """What programs of the full set are told."""
    own = {
        "PYTHONPATH": str(COMPAT),
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    return writing_bytecode({**os.environ, **own})


def install() -> None:
    """Bring the environment up to the requirements; nearly 3 GB, some minutes."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    python = find_python()
    FULL.mkdir(exist_ok=True)
    LOG.write_bytes(b"")
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    bare = [str(python), "-I", "-m", "venv", "--clear", str(VENV)]
    run("建立 Python 3.10 环境 creating .full/venv", bare)
    # old source packages among Rasa's requirements are built with this one
    run("安装 installing wheel", [*pip, "wheel", "setuptools<71"])
    asked = [*pip, "--no-build-isolation", "-r", str(REQUIREMENTS)]
    run("安装 Rasa 的全套依赖 installing Rasa's full set", asked)
    STAMP.write_text(wanted, encoding="ascii")


def copy_project() -> Path:
    """Copy what runs, with the trained model; the analyser is trained there anew.

    spaCy 3.4 does not read what 3.8 wrote. Everything else is the model that the slim
    set trained, byte by byte.
    """
    shutil.rmtree(PROJECT, ignore_errors=True)
    models = PROJECT / MODEL.parent.name
    models.mkdir(parents=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, PROJECT / name, ignore=unwanted)
    for file in ROOT.glob("*.yml"):
        shutil.copy(file, PROJECT)
    shutil.copy(MODEL, models)
    for folder in MODEL.parent.glob("encoder-*"):
        shutil.copytree(folder, models / folder.name)
    train = [str(PYTHON), "-m", "wenzhu.message.train"]
    run("训练短信分析 training the analyser", train, PROJECT)
    return PROJECT
