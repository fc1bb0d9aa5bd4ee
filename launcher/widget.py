"""Builds the web widget when its sources changed and Node.js is there."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from launcher.environment import ROOT
from launcher.settings import log_file
from launcher.terminal import say, step

WEB = ROOT / "web"
DIST = WEB / "dist"
STAMP = DIST / ".built"
SOURCES = (
    *("index.html", "package.json", "package-lock.json", "tsconfig.json"),
    *("vite.config.ts", "build", "public", "src"),
)


def source_files() -> Iterator[Path]:
    """Yield every file that the widget is made from, in a stable order."""
    for name in SOURCES:
        path = WEB / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file())


def digest() -> str:
    """Return what the widget would be made from now, in one word."""
    total = hashlib.sha256()
    for file in source_files():
        total.update(str(file.relative_to(WEB)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def is_current(wanted: str) -> bool:
    """Tell whether the widget at hand was made from this."""
    return STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted


def build() -> None:
    """Bring the widget up to its sources; without Node.js, say what is missing.

    The bot starts in any case: the channel serves what is there, or a page that says
    how to build it.
    """
    wanted = digest()
    if is_current(wanted):
        return
    npm = shutil.which("npm")
    if npm is None:
        if not (DIST / "index.html").exists():
            say("· 没有 Node.js，网页没有生成 the widget needs npm to be built")
        return
    log = log_file("widget")
    with (
        step("生成网页 building the widget"),
        log.open("wb") as output,
    ):
        done = all(
            subprocess.run(
                [npm, *arguments],
                cwd=WEB,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
            == 0
            for arguments in (
                ("ci", "--no-audit", "--no-fund"),
                ("run", "build"),
            )
        )
    if done:
        STAMP.write_text(wanted, encoding="ascii")
    else:
        say(f"✗ 网页没有生成 the widget was not built; see {log}")
