"""Write requirements.txt and requirements-dev.txt: exact versions with hashes.

Input are requirements.in and requirements-dev.in. Versions are resolved once, with the
Python that runs this script (use the oldest that the project supports), and a line
marked "alone" is taken without its dependencies. Then the hash of each wheel that
Linux on x86_64 needs is asked for, for every supported Python. The files name no
registry: whoever installs uses the one of their own pip settings.

    python3.11 scripts/lock.py              # keep what is locked, add what is new
    python3.11 scripts/lock.py --upgrade    # take the newest versions allowed
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
ARCHITECTURES = ("x86_64",)
GLIBC = range(17, 40)
ALONE = ("--no-deps", "--ignore-requires-python")
HEADER = """\
# Written by scripts/lock.py from {source}: edit that file, not this one.
# Install: pip install --no-deps --require-hashes --ignore-requires-python -r {name}
"""


def canonical(name: str) -> str:
    """Return a distribution's name in the one spelling that PEP 503 gives it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_input(path: Path) -> tuple[list[str], list[str]]:
    """Split an input file into requirements to resolve and those taken alone."""
    resolved, alone = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        requirement, _, remark = line.partition("#")
        if requirement := requirement.strip():
            kind = alone if remark.strip().startswith("alone") else resolved
            kind.append(requirement)
    return resolved, alone


def locked_versions(path: Path) -> list[str]:
    """Return the pins of a lock file as constraints."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+==[^\s\\;]+)", text, flags=re.MULTILINE)


def pip_report(arguments: list[str]) -> list[dict[str, Any]]:
    """Ask pip what it would install, and return one entry per distribution."""
    environment = {**os.environ, "PIP_FIND_LINKS": ""}  # the registry's files only
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        command += ["--ignore-installed"]
        command += ["--report", str(report), "--target", folder, *arguments]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        entries: list[dict[str, Any]] = json.loads(report.read_text())["install"]
    return entries


def digest(entry: dict[str, Any]) -> str:
    """Return the sha256 of the file that pip would take."""
    return str(entry["download_info"]["archive_info"]["hashes"]["sha256"])


def resolve(
    requirements: list[str], alone: list[str], keep: list[str]
) -> dict[str, str]:
    """Return name -> version for everything that the requirements lead to."""
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        # a version that the input names outranks the one that was locked
        exact = {canonical(r.split("==")[0]) for r in requirements if "==" in r}
        kept = [pin for pin in keep if canonical(pin.split("==")[0]) not in exact]
        constraints.write_text("\n".join(kept), encoding="utf-8")
        entries = pip_report([*requirements, "--constraint", str(constraints)])
    if alone:
        entries += pip_report([*ALONE, *alone])
    versions = {}
    for entry in entries:
        metadata = entry["metadata"]
        versions[canonical(metadata["name"])] = metadata["version"]
    return dict(sorted(versions.items()))


def hashes(versions: dict[str, str]) -> dict[str, set[str]]:
    """Return the digests of each file that a supported machine would take."""
    pins = [f"{name}=={version}" for name, version in versions.items()]
    found: dict[str, set[str]] = {name: set() for name in versions}
    native = pip_report([*ALONE, *pins])
    source_only = []
    for entry in native:
        name = canonical(entry["metadata"]["name"])
        found[name].add(digest(entry))
        if not entry["download_info"]["url"].endswith(".whl"):
            source_only.append(name)
    wheels = [pin for pin in pins if pin.split("==")[0] not in source_only]
    for python in PYTHONS:
        for architecture in ARCHITECTURES:
            target = ["--only-binary", ":all:", "--python-version", python]
            for minor in GLIBC:
                target += ["--platform", f"manylinux_2_{minor}_{architecture}"]
            target += ["--platform", f"manylinux2014_{architecture}"]
            target += ["--platform", f"linux_{architecture}"]
            for entry in pip_report([*ALONE, *target, *wheels]):
                found[canonical(entry["metadata"]["name"])].add(digest(entry))
    return found


def write(path: Path, source: str, versions: dict[str, str], skip: set[str]) -> None:
    """Write one lock file."""
    versions = {name: v for name, v in versions.items() if name not in skip}
    found = hashes(versions)
    lines = [HEADER.format(source=source, name=path.name)]
    for name, version in versions.items():
        digests = [f"--hash=sha256:{one}" for one in sorted(found[name])]
        lines.append(" \\\n    ".join([f"{name}=={version}", *digests]) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(versions)} distributions")


def main() -> None:
    """Resolve both inputs together, so that they agree, and write two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="newest versions")
    upgrade = parser.parse_args().upgrade

    run_lock, dev_lock = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    run_input, alone = read_input(ROOT / "requirements.in")
    dev_input, _ = read_input(ROOT / "requirements-dev.in")
    keep = [] if upgrade else locked_versions(run_lock) + locked_versions(dev_lock)

    run_time = resolve(run_input, alone, keep)
    pins = [f"{n}=={v}" for n, v in run_time.items() if n not in alone_names(alone)]
    both = resolve([*pins, *dev_input], [], keep)
    write(run_lock, "requirements.in", run_time, set())
    write(dev_lock, "requirements-dev.in", both, set(run_time))


def alone_names(alone: list[str]) -> set[str]:
    """Return the names of the distributions that are taken alone."""
    return {canonical(requirement.split("==")[0]) for requirement in alone}


if __name__ == "__main__":
    main()
