"""Labelled sentences as they stand in the files, in Rasa's own format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.understanding.examples import Example


def training_sentences() -> list[Example]:
    """All sentences that the model learns from, the written questions too."""
    return [*sentences_in(DATA / "nlu"), *question_sentences()]


def sentences_in(folder: Path) -> list[Example]:
    """The labelled sentences of every YAML file in a folder."""
    return [
        example
        for path in sorted(folder.glob("*.yml"))
        for example in _sentences_of(path)
    ]


def _sentences_of(path: Path) -> Iterator[Example]:
    for block in read_yaml(path).get("nlu") or []:
        shared = block.get("metadata") or {}
        examples = block["examples"]
        rows: list[dict[str, Any]] = examples
        if isinstance(examples, str):
            rows = [
                {"text": line.strip()[2:]}
                for line in examples.splitlines()
                if line.strip()
            ]
        for row in rows:
            labels = {**shared, **(row.get("metadata") or {})}
            yield labelled(row["text"], block["intent"], labels, place=path.name)


def labelled(
    text: str, intent: str, labels: Mapping[str, Any], place: str = ""
) -> Example:
    """An example from its text, its intent and its metadata."""
    return Example(
        text=text,
        intent=intent,
        context=labels.get("context"),
        has_loan=labels.get("has_loan"),
        other_has_loan=labels.get("other_has_loan"),
        fears=frozenset(labels.get("fears", ())),
        fears_denied=frozenset(labels.get("fears_denied", ())),
        role=labels.get("role", "self"),
        place=place,
    )


def question_sentences() -> list[Example]:
    """The ways of asking each question of ``knowledge/questions``."""
    return [
        Example(
            text=text,
            intent=question["intent"],
            fears=frozenset(question.get("fears", ())),
            topic=question["id"],
            place=path.name,
        )
        for path in sorted((KNOWLEDGE / "questions").glob("*.yml"))
        for question in read_yaml(path)["questions"]
        for text in question["asks"]
    ]
