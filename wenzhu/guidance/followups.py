"""A short question that the last answer gives a meaning: «那要多久», «打不通呢»."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wenzhu.guidance import data
from wenzhu.text.folding import fold

LONGEST = 26
"""Characters up to which a question may lean on the answer before it."""

_BLANK = re.compile(r"[\s,，。.!！~～、…]+")


@dataclass(frozen=True)
class _Subject:
    after: tuple[str, ...]
    about: re.Pattern[str] | None
    answers: tuple[tuple[re.Pattern[str], str, bool], ...]
    """Words, the topic, and whether the words belong to no subject («how long»)."""


def followup(text: str, said: Sequence[str]) -> str | None:
    """The topic that a short question asks of what was just said.

    Args:
        text: what the person wrote.
        said: responses of the bot's last turns, the newest first.

    Returns:
        A topic, or None: the question stands for itself, or nothing that was said
        has an answer to it. A question that names another subject is its own.
    """
    folded = _BLANK.sub("", fold(text))
    if not folded or len(folded) > LONGEST:
        return None
    named = [each for each in _subjects() if each.about and each.about.search(folded)]
    for response in said:
        for subject in _subjects():
            if not response.startswith(subject.after):
                continue
            other = bool(named) and subject not in named
            for words, topic, general in subject.answers:
                if words.search(folded) and not (general and other):
                    return topic
    if not said:
        return None
    return next((topic for words, topic in _otherwise() if words.search(folded)), None)


@cache
def _otherwise() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows: Mapping[str, str] = data.read("followups")["otherwise"]
    return tuple((re.compile(words), topic) for words, topic in rows.items())


@cache
def _subjects() -> tuple[_Subject, ...]:
    content = data.read("followups")
    aspects: Mapping[str, str] = content["aspects"]
    return tuple(
        _Subject(
            tuple(row["after"]),
            re.compile(row["about"]) if "about" in row else None,
            tuple(
                (re.compile(aspects.get(name, name)), topic, name in aspects)
                for name, topic in row["answers"].items()
            ),
        )
        for row in content["subjects"]
    )
