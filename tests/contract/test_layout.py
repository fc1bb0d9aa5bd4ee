"""The tree is as docs/architecture.md says, and nothing grows beyond reading."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from wenzhu.settings import ROOT

LONGEST = 340
"""Lines of a module that somebody still reads in one go."""


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would know, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [Path(name) for name in listed if (ROOT / name).is_file()]


@pytest.mark.parametrize("folder", ["wenzhu", "rasa_ext", "actions", "launcher"])
def test_no_module_is_too_long(folder: str) -> None:
    long = {
        str(path): lines
        for path in tracked(f"{folder}/*.py")
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines()))
        > LONGEST
    }
    assert not long


def test_no_module_is_a_drawer() -> None:
    assert not [path for path in tracked("*.py") if path.stem in {"utils", "helpers"}]


def test_every_folder_is_explained() -> None:
    explained = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    top = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    silent = {
        folder
        for folder in top
        if not folder.startswith(".") and f"`{folder}/" not in explained
    }
    assert not silent


def test_nothing_names_where_it_was_made() -> None:
    places = re.compile(r"/(?:work|root|home|tmp)/\w|\.librar(?:y|ies)/")
    told = [
        str(path)
        for path in tracked("*.py", "*.md", "*.yml", "*.sh", "*.toml", "Makefile")
        if path.name != Path(__file__).name
        and places.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not told


def test_no_database_model_or_result_is_kept() -> None:
    kept = tracked("*.db", "*.sqlite*", "*.tar.gz", "*.npz", "models/*", "results/*")
    assert not kept


def test_make_runs_only_scripts_that_exist() -> None:
    told = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"scripts/[\w.-]+\.(?:sh|py)", told))
    assert named, "the pattern finds them"
    assert not [name for name in named if not (ROOT / name).is_file()]
