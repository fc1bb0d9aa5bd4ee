"""The documents and the project name the same things.

Every make target, setting and top-level folder stands in a document; every path,
module, response and make target that a document names exists; the conversation of the
README is what the bot says, and the picture is drawn from it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from wenzhu.crisis import gate
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.understanding.decisions import decisions
from wenzhu.understanding.features import BLOCKS, Vectorizer
from wenzhu.understanding.model import NETWORK_SHARE
from wenzhu.understanding.reader import Thresholds

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    if path.name != "guidance-table.md"  # generated, with a test of its own
)
TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
ALL = "\n".join(TEXTS.values())

TARGET = re.compile(r"^([a-z][a-z-]*):.*##", re.MULTILINE)
CALLED = re.compile(r"(?:`|^|\s)make ([a-z][a-z-]+)(?=[`\s:]|$)", re.MULTILINE)
SETTING = re.compile(r"\bWENZHU_[A-Z_]+\b")
ASKED_FOR = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["']([A-Z_]+)["']""")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
PATH = re.compile(r"\.?[\w-][\w.-]*(?:/[\w.-]+)*/?")
SUFFIX = re.compile(r"\.(?:py|yml|yaml|md|json|txt|in|sh|svg|toml)$")
DOTTED = re.compile(r"(?:wenzhu|rasa_ext|actions|launcher)(?:\.\w+)+")
RESPONSE = re.compile(r"\butter_[a-z0-9_]+[a-z0-9]\b")
MADE = (".venv", ".wenzhu", ".env", "models", "results", "web/dist")
"""Made by running the project; not in a clean clone."""

PRIVATE = re.compile(
    r"/(?:work|root|tmp|home)/|pypi\.|simple/|registry\.", re.IGNORECASE
)
PLACEHOLDER = re.compile(r"\\\{[^{}]*\\\}")
FEWEST_LITERALS = 6  # fewer would match any sentence
SPOKEN = re.compile(r"^稳住　+(.+)$", re.MULTILINE)


def code_files() -> Iterator[Path]:
    """Yield what reads settings."""
    for folder in ("wenzhu", "launcher", "runtime", "rasa_ext", "scripts"):
        yield from (ROOT / folder).rglob("*.py")
        yield from (ROOT / folder).rglob("*.sh")


def settings_read() -> set[str]:
    """Names of the environment variables that a person may set."""
    found: set[str] = set()
    for path in code_files():
        text = path.read_text(encoding="utf-8")
        found |= set(SETTING.findall(text))
        if path.parent.name in ("wenzhu", "launcher"):
            found |= set(ASKED_FOR.findall(text))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    return found | set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def make_targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def named_paths(document: Path) -> set[str]:
    """Paths that a document names: links, and code that looks like a path."""
    text = TEXTS[document]
    found = {link for link in LINK.findall(text) if "://" not in link}
    for code in CODE.findall(text):
        for word in code.split():
            if PATH.fullmatch(word) and ("/" in word or SUFFIX.search(word)):
                found.add(word)
    return {path for path in found if not path.startswith(MADE)}


def drawing() -> ModuleType:
    spec = spec_from_file_location("drawing", ROOT / "scripts/draw_conversation.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["drawing"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def copy_deck() -> dict[str, list[str]]:
    """Texts of every response, by its name."""
    deck: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, texts in read_yaml(path)["responses"].items():
            deck[name] = [text["text"] for text in texts if "text" in text]
    return deck


@pytest.mark.parametrize("target", sorted(make_targets() - {"help"}))
def test_a_make_target_is_explained(target: str) -> None:
    assert f"make {target}" in ALL, f"no document says what `make {target}` is for"


def test_documents_call_only_targets_that_exist() -> None:
    assert set(CALLED.findall(ALL)) - make_targets() == set()


@pytest.mark.parametrize("setting", sorted(settings_read()))
def test_a_setting_is_explained(setting: str) -> None:
    deploy = TEXTS[ROOT / "docs" / "deploy.md"]
    assert f"`{setting}`" in deploy, f"docs/deploy.md does not explain {setting}"


def test_documents_name_only_settings_that_exist() -> None:
    assert set(SETTING.findall(ALL)) - settings_read() == set()


def test_a_top_level_folder_is_explained() -> None:
    ignored = {"models", "results", "node_modules"}
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and any(path.iterdir())
    }
    architecture = TEXTS[ROOT / "docs" / "architecture.md"]
    missing = [name for name in folders - ignored if f"`{name}/`" not in architecture]
    assert not missing, f"docs/architecture.md does not name {missing}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_path_in_a_document_exists(document: Path) -> None:
    """Links start at the document; what is in ``knowledge`` may be named alone."""
    missing = [
        name
        for name in sorted(named_paths(document))
        if not (ROOT / name).exists()
        and not (document.parent / name).exists()
        and not any((ROOT / "knowledge").rglob(name.rstrip("/")))
    ]
    assert not missing, f"{document.name} names {missing}"


def test_a_module_or_name_in_a_document_exists() -> None:
    missing = []
    for code in CODE.findall(ALL):
        for dotted in DOTTED.findall(code):
            if (ROOT / dotted).exists():  # a file such as actions.py
                continue
            parts = dotted.split(".")
            for end in range(len(parts), 0, -1):
                base = ROOT.joinpath(*parts[:end])
                file = base.with_suffix(".py")
                file = file if file.exists() else base / "__init__.py"
                if file.exists():
                    text = file.read_text(encoding="utf-8")
                    rest = parts[end:]
                    if any(not re.search(rf"\b{name}\b", text) for name in rest):
                        missing.append(dotted)
                    break
    assert not missing


def test_a_response_in_a_document_exists() -> None:
    named = {name for code in CODE.findall(ALL) for name in RESPONSE.findall(code)}
    assert named - copy_deck().keys() == set()


def test_no_document_knows_where_it_was_written() -> None:
    found = {
        path.name: match.group()
        for path, text in TEXTS.items()
        if (match := PRIVATE.search(text))
    }
    assert not found


def test_the_readme_quotes_what_the_bot_says() -> None:
    """Each bubble of the conversation is a response with its placeholders filled."""
    patterns = []
    for texts in copy_deck().values():
        for text in texts:
            for bubble in text.split("\n\n"):
                escaped = PLACEHOLDER.sub(".+", re.escape(bubble.strip()))
                if len(PLACEHOLDER.sub("", re.escape(bubble))) > FEWEST_LITERALS:
                    patterns.append(re.compile(escaped, re.DOTALL))
    spoken = SPOKEN.findall(TEXTS[ROOT / "README.md"])
    assert len(spoken) > 10
    invented = [
        line for line in spoken if not any(each.fullmatch(line) for each in patterns)
    ]
    assert not invented, "the README quotes what the bot no longer says"


def test_the_picture_is_drawn_from_the_readme() -> None:
    """Run ``python scripts/draw_conversation.py`` when this fails."""
    module = drawing()
    assert len(module.conversation()) > 10
    assert module.PICTURE.read_text(encoding="utf-8") == module.picture()


def test_the_thresholds_are_those_of_the_code() -> None:
    text = TEXTS[ROOT / "docs" / "nlu.md"]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", text, re.MULTILINE))
    assert {name: float(value) for name, value in rows.items()} == asdict(Thresholds())
    assert f"`CRISIS_FROM` {gate.CRISIS_FROM}," in text
    assert f"`MIDDLE_FROM` {gate.MIDDLE_FROM} " in text


def test_the_features_are_those_of_the_code() -> None:
    text = TEXTS[ROOT / "docs" / "nlu.md"]
    blocks = dict(zip(BLOCKS, Vectorizer({}, np.zeros(0)).scales, strict=True))
    for name, scale in blocks.items():
        assert re.search(rf"^\| {name} \| .+ \| {scale} \|$", text, re.MULTILINE), name
    assert f"the network's share {NETWORK_SHARE}" in text
    for decision in decisions([]):
        row = rf"^\| .*\b{decision.name}\b.* \| {decision.strength:.0f} \|$"
        assert re.search(row, text, re.MULTILINE), decision.name


def test_the_workflow_calls_make_only() -> None:
    workflow = read_yaml(ROOT / ".github" / "workflows" / "check.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    runs = [step["run"] for step in steps if "run" in step]
    assert runs
    assert {run.removeprefix("make ") for run in runs} <= make_targets()
    assert all(
        re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
        for step in steps
        if "uses" in step
    )
