"""The letters, read from ``knowledge/letters``: a YAML head and a body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

FOLDER = KNOWLEDGE / "letters"
FENCE = "---"

Conditions = Mapping[str, tuple[str, ...]]


class LetterRefused(ValueError):
    """A letter file is not in the form that a letter has."""


@dataclass(frozen=True)
class Letter:
    """One letter as it stands in its file.

    Attributes:
        id: stable; buttons and slots refer to it.
        title: what stands above it.
        about: what it is for, in a few words.
        send_to: the kind of reader.
        address: where the person finds the address; never out of the message.
        when: when to send it.
        when_not: when not to.
        fits: every condition must hold.
        never: none of these may hold.
        only: one of these must hold, if there are any.
        gate: whether whose debt and how old must be answered first.
        facts: what it rests on.
        blanks: what the person fills in, on their own device.
        reviewed_by: the lawyer who read it, or None.
        body: the text, with placeholders, blanks and ``:::if`` blocks.
    """

    id: str
    title: str
    about: str
    send_to: str
    address: str
    when: str
    when_not: str
    fits: Conditions
    never: Conditions
    only: Conditions
    gate: bool
    facts: tuple[str, ...]
    blanks: tuple[str, ...]
    reviewed_by: str | None
    body: str


@cache
def letters() -> Mapping[str, Letter]:
    """Every letter by its id.

    Raises:
        LetterRefused: a file has no head, or its name is not its id.
    """
    found = {}
    for path in sorted(FOLDER.glob("*.md")):
        letter = _read(path)
        if letter.id != path.stem:
            raise LetterRefused(f"{path.name} calls itself {letter.id}")
        found[letter.id] = letter
    return found


@cache
def order() -> Mapping[str, Any]:
    """In which order letters are offered, and what opens the gate."""
    found: Mapping[str, Any] = read_yaml(FOLDER / "order.yml")
    return found


def file_name(form: str) -> str:
    """What a finished file of a form (``docx``, ``pdf``, ``ics``) is called."""
    name: str = read_yaml(FOLDER / "words.yml")["files"][form]
    return name


def head_of(path: Path) -> tuple[Mapping[str, Any], str]:
    """The head and the body of a letter file.

    Raises:
        LetterRefused: there is no head between two fences.
    """
    text = path.read_text(encoding="utf-8")
    parts = text.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise LetterRefused(f"{path.name} has no head")
    head = yaml.safe_load(parts[1])
    if not isinstance(head, dict):
        raise LetterRefused(f"{path.name}: the head is no mapping")
    return head, parts[2].strip()


def _read(path: Path) -> Letter:
    head, body = head_of(path)
    return Letter(
        id=head["id"],
        title=head["title"],
        about=head["about"],
        send_to=head["send_to"],
        address=head["address"],
        when=head["when"],
        when_not=head["when_not"],
        fits=_conditions(head["for"]),
        never=_conditions(head["never"]),
        only=_conditions(head.get("only")),
        gate=head["gate"],
        facts=tuple(head["facts"]),
        blanks=tuple(head["blanks"]),
        reviewed_by=head["reviewed_by"],
        body=body,
    )


def _conditions(given: Mapping[str, list[str]] | None) -> Conditions:
    return {name: tuple(values) for name, values in (given or {}).items()}
