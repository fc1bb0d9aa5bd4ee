"""Makes ``.venv`` from the hashed lock, and only when the lock changed.

Run by scripts/bootstrap.sh with the Python that it found:

    python -m launcher.environment [--dev]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from launcher.terminal import say, step, stop

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
HOME = VENV / ".home"
RUN_LOCK = ROOT / "requirements.txt"
DEV_LOCK = ROOT / "requirements-dev.txt"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
AT_ONCE = 2  # pip unpacks with one core; two of them share the work
FLAGS = (
    "--no-deps",
    "--require-hashes",
    "--ignore-requires-python",
    "--no-compile",  # only what is really used gets compiled, in warm_up()
    "--disable-pip-version-check",
    "--no-input",
)
USED = (  # one process each, side by side
    "rasa.__main__, rasa.core.run, rasa.model_training, rasa.core.tracker_store",
    "rasa_sdk.__main__, rasa.nlu.test, sklearn.linear_model, spacy.lang.zh, alembic",
)
GATE = "import wenzhu_runtime; wenzhu_runtime.activate()"


def pins(lock: Path) -> list[str]:
    """Return the entries of a lock, each with its hashes."""
    text = lock.read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]


def digest(lock: Path) -> str:
    """Return what the environment was made from, in one word."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def stamp(lock: Path) -> Path:
    """Return the file that says which lock is installed."""
    return VENV / f".{lock.stem}.installed"


def is_current(lock: Path) -> bool:
    """Tell whether exactly this lock is installed."""
    path = stamp(lock)
    return path.exists() and path.read_text(encoding="utf-8") == digest(lock)


def site_packages() -> Path:
    """Return where the environment keeps its packages."""
    major, minor = sys.version_info[:2]
    return VENV / "lib" / f"python{major}.{minor}" / "site-packages"


def is_ours() -> bool:
    """Tell whether there is an environment of this Python for this folder.

    The programs in it name the folder; one that was copied here does not work.
    """
    return (
        PYTHON.exists()
        and site_packages().is_dir()
        and HOME.exists()
        and HOME.read_text(encoding="utf-8") == str(ROOT)
    )


def create() -> None:
    """Make an empty environment with the Python that is running."""
    base = getattr(sys, "_base_executable", sys.executable)
    with step("建立虚拟环境 creating .venv"):
        done = subprocess.run(
            [base, "-m", "venv", "--clear", str(VENV)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        version = ".".join(map(str, sys.version_info[:2]))
        raise stop(
            f"这个 Python 不能建立虚拟环境。Debian/Ubuntu 上先运行:"
            f" apt install python{version}-venv\n"
            f"This Python cannot make a virtual environment: install its venv module."
            f"\n{done.stdout}{done.stderr}"
        )
    HOME.write_text(str(ROOT), encoding="utf-8")


def canonical(name: str) -> str:
    """Return a distribution's name in its one spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def remove_strangers() -> None:
    """Uninstall what an earlier lock brought and the present ones do not name."""
    locks = [RUN_LOCK, DEV_LOCK]
    wanted = {canonical(pin.split("==")[0]) for lock in locks for pin in pins(lock)}
    installed = site_packages().glob("*.dist-info")
    found = {canonical(info.name.split("-")[0]) for info in installed}
    if strangers := sorted(found - wanted - {"pip", "setuptools"}):
        command = [str(PYTHON), "-m", "pip", "uninstall", "--quiet", "--yes"]
        subprocess.run([*command, *strangers], check=False)


def install(lock: Path) -> None:
    """Install one lock, several pips side by side."""
    entries = pins(lock)
    parts = [entries[number::AT_ONCE] for number in range(AT_ONCE)]
    site = site_packages()
    before = len(list(site.glob("*.dist-info")))
    log = VENV / f"{lock.stem}.log"

    def progress() -> str:
        done = len(list(site.glob("*.dist-info"))) - before
        read = log.read_text(encoding="utf-8", errors="replace").count("Collecting ")
        return f"已取 {min(read, len(entries))}/已装 {max(done, 0)}/共 {len(entries)}"

    with step(f"安装依赖 installing {lock.name}", progress), log.open("wb") as output:
        running = []
        for number, part in enumerate(parts):
            listing = VENV / f".{lock.stem}.{number}.txt"
            listing.write_text("\n".join(part), encoding="utf-8")
            command = [str(PYTHON), "-m", "pip", "install", *FLAGS, "-r", str(listing)]
            running.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
        try:
            failed = [pip for pip in running if pip.wait()]
        finally:
            for pip in running:
                if pip.poll() is None:
                    pip.terminate()
    if failed:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise stop(
            "安装没有成功，最后几行如下。常见原因是没有网络，或 pip 的源里缺包。\n"
            f"Installing failed; the whole log is in {log}.\n\n" + "\n".join(tail)
        )
    add_gate()
    stamp(lock).write_text(digest(lock), encoding="utf-8")


def warm_up() -> None:
    """Compile what the bot uses, by importing it once; the rest never is.

    Some machines tell Python not to keep compiled files, hence the environment.
    """
    environment = writing_bytecode(dict(os.environ))
    with step("编译用到的库 compiling what is used"):
        running = [
            subprocess.Popen([str(PYTHON), "-c", f"import {names}"], env=environment)
            for names in USED
        ]
        for importing in running:
            importing.wait()


def writing_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which Python keeps what it compiled."""
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def add_gate() -> None:
    """Make the stand-in package active from interpreter start."""
    lines = f"{ROOT / 'runtime'}\n{GATE}\n"
    (site_packages() / "wenzhu_runtime.pth").write_text(lines, encoding="utf-8")


def main() -> None:
    """Bring the environment up to the lock."""
    parser = argparse.ArgumentParser(description="make or update .venv")
    parser.add_argument("--dev", action="store_true", help="with test tools")
    wanted = [RUN_LOCK, *([DEV_LOCK] if parser.parse_args().dev else [])]
    if sys.version_info[:2] not in SUPPORTED:
        raise stop("Python 3.11, 3.12 or 3.13 is needed.")
    missing = [lock for lock in wanted if not is_current(lock)]
    if is_ours() and not missing:
        return
    if not is_ours():
        create()
        missing = wanted
    for lock in missing:
        install(lock)
    remove_strangers()
    warm_up()
    say("✓ 环境就绪 environment ready: .venv")


if __name__ == "__main__":
    main()
