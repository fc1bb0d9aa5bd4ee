"""Append a sentence to the training file of its topic, keeping the file's form."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.review.labels import Refused

LABEL_ORDER = (
    "context",
    "has_loan",
    "other_has_loan",
    "role",
    "fears",
    "fears_denied",
)
_READ_AS_OTHER = frozenset({"yes", "no"})
"""YAML would read these words as truth values."""
_INDENT = " " * 4


def append(folder: Path, text: str, intent: str, labels: Mapping[str, Any]) -> Path:
    """Append a sentence to the block of its intent and labels; the file it is in.

    A block that is not there yet is added after the last one of that intent. The
    file is read again before it takes the place of the old one.

    Raises:
        Refused: no file holds the intent, or the sentence cannot stand in one.
    """
    path, places = _blocks(folder, intent)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    wanted = _comparable(labels)
    same = [
        end
        for block, end in places
        if block["intent"] == intent
        and _comparable(block.get("metadata") or {}) == wanted
        and isinstance(block["examples"], str)
    ]
    row = f"{_INDENT}- {text}\n"
    if same:
        at, added = same[-1], [row]
    else:
        at = [end for block, end in places if block["intent"] == intent][-1]
        head = [f"- intent: {intent}\n"]
        metadata = [f"  metadata: {written(labels)}\n"] if labels else []
        added = [*head, *metadata, "  examples: |\n", row]
    _replace(path, "".join([*lines[:at], *added, *lines[at:]]), text, intent)
    return path


def written(labels: Mapping[str, Any]) -> str:
    """Labels as the files write them: ``{context: fears, has_loan: "yes"}``."""
    parts = []
    for name in LABEL_ORDER:
        value = labels.get(name)
        if not value:
            continue
        word = f"[{', '.join(sorted(value))}]" if isinstance(value, list) else value
        parts.append(f"{name}: {json.dumps(word) if word in _READ_AS_OTHER else word}")
    return f"{{{', '.join(parts)}}}"


def _blocks(folder: Path, intent: str) -> tuple[Path, list[tuple[Any, int]]]:
    """The file that holds an intent; its blocks and the line that each ends before."""
    for path in sorted(folder.glob("*.yml")):
        content = YAML().load(path.read_text(encoding="utf-8"))["nlu"]
        if all(block["intent"] != intent for block in content):
            continue
        starts = [content.lc.item(place)[0] for place in range(len(content))]
        lines = path.read_text(encoding="utf-8").splitlines()
        ends = [*starts[1:], len(lines)]
        return path, [
            (block, _without_what_follows(lines, start, end))
            for block, start, end in zip(content, starts, ends, strict=True)
        ]
    raise Refused(f"no file of {folder.name} holds sentences of “{intent}”")


def _without_what_follows(lines: list[str], start: int, end: int) -> int:
    """Where a block ends, before blank lines and comments of the next one."""
    while end > start and (not lines[end - 1].strip() or lines[end - 1][0] == "#"):
        end -= 1
    return end


def _comparable(labels: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(value) if isinstance(value, list) else value
        for name, value in labels.items()
    }


def _replace(path: Path, content: str, text: str, intent: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        draft.chmod(path.stat().st_mode)
        rows = [
            line.strip()[2:]
            for block in read_yaml(draft)["nlu"]
            if block["intent"] == intent and isinstance(block["examples"], str)
            for line in block["examples"].splitlines()
        ]
        if text not in rows:
            raise Refused(f"«{text}» cannot stand in {path.name} as it is")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
