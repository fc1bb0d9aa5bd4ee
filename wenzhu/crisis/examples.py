"""The written sentences of ``data/crisis`` that the gate learns from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

LABELS = ("crisis", "lookalike", "middle")
KINDS = ("self", "other_person", "harm_others", "act_under_way")


class ExamplesRefused(ValueError):
    """A file of sentences is wrong; says which file, which row and why."""


@dataclass(frozen=True)
class CrisisExample:
    """One labelled sentence.

    Attributes:
        text: the sentence.
        label: ``crisis``, ``lookalike`` or ``middle``.
        kind: what kind of crisis; empty for the other labels.
        subject: ``other`` where an act under way is somebody else's.
    """

    text: str
    label: str
    kind: str = ""
    subject: str = ""


def read_examples(files: Iterable[Path] | None = None) -> list[CrisisExample]:
    """Read the sentences; by default all of ``data/crisis``.

    Raises:
        ExamplesRefused: a label is unknown, or a sentence has two labels.
    """
    paths = sorted((DATA / "crisis").glob("*.yml")) if files is None else files
    examples: list[CrisisExample] = []
    seen: dict[str, tuple[str, Path]] = {}
    for path in paths:
        for number, row in enumerate(read_yaml(path), start=1):
            example = CrisisExample(**row)
            where = f"{path.name}, sentence {number}"
            if example.label not in LABELS:
                raise ExamplesRefused(f"{where}: unknown label {example.label!r}")
            if (example.label == "crisis") != (example.kind in KINDS):
                raise ExamplesRefused(f"{where}: kind {example.kind!r} does not fit")
            label, first = seen.setdefault(example.text, (example.label, path))
            if label != example.label:
                raise ExamplesRefused(
                    f"{where}: the same sentence is {label} in {first.name}"
                )
            examples.append(example)
    return examples
