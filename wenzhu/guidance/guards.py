"""Checks on what the model read, where a mistake would harm: words it must have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from wenzhu.guidance import data
from wenzhu.guidance.heard import asks_something
from wenzhu.guidance.questions import questions
from wenzhu.text.folding import fold

INFORMS = ("inform_fear", "inform_loan", "describe_sms")
ANSWERS = "ask_rights"
"""The intent of a question whose topic says no other."""

_BLANK = re.compile(r"\s+")
_WISH = re.compile(
    r"想|(?<!不)要|帮|请|求|告诉|需要|麻烦|给我|说说|讲讲|看看|介绍|解释"
)
_NO_QUESTION = frozenset(
    {"goodbye", "start_over", "ask_delete_data", "thanks", "greet", "affirm", "deny"}
    | {"dont_know", "abuse_at_bot"}
)
"""Intents that a question has not, once words decide what it is about."""

_NO_FOLLOWUP = _NO_QUESTION | {"inform_loan", "describe_sms", "out_of_scope"}
"""Intents that a question has not that leans on the answer before it."""


def rerouted(
    text: str,
    ranking: Sequence[tuple[str, float]],
    topic: str | None = None,
    follows: bool = False,
    modelled: bool = False,
) -> str | None:
    """The intent that a sentence has where the model's must not stand.

    Args:
        text: what the person wrote.
        ranking: intents with their probabilities, the likeliest first.
        topic: the topic that its words decide, or the answer it follows.
        follows: whether the answer before decides the topic, so that the sentence is
            a question whatever it looks like.
        modelled: whether the model knows a topic of its own.

    Returns:
        Another intent, or None where the model's stands.
    """
    folded = _BLANK.sub("", fold(text))
    best = ranking[0][0]
    for row in data.read("guards")["statements"]:
        if re.search(row["words"], folded) and not asks_something(text):
            return None if best == row["intent"] else str(row["intent"])
    if follows and topic is not None and topic in data.read("guards")["topics"]:
        return intent_of(topic)
    asks = follows or asks_something(text)
    unasked = _NO_FOLLOWUP if follows else _NO_QUESTION
    if topic is not None and best in unasked and asks:
        return intent_of(topic)
    allowed = [name for name, _ in ranking if _stands(name, folded)]
    if best not in allowed:
        return _otherwise(best) or (allowed[0] if allowed else None)
    idle = topic is None and not modelled and not asks and not _WISH.search(folded)
    if best == ANSWERS and idle:
        return next((name for name, _ in ranking if name in INFORMS), None)
    return None


def is_in_scope(text: str) -> bool:
    """Whether a sentence that seems to be about something else has words of ours."""
    return bool(re.search(data.read("guards")["scope"], _BLANK.sub("", fold(text))))


def intent_of(topic: str) -> str:
    """The intent of a question of this topic."""
    if topic in questions():
        return str(questions()[topic]["intent"])
    return str(data.read("guards")["topics"].get(topic, ANSWERS))


def added(text: str) -> list[tuple[str, str]]:
    """What the words of a sentence say beside what the model read: name and value."""
    folded = _BLANK.sub("", fold(text))
    return [
        (row["entity"], row["value"])
        for row in data.read("guards")["adds"]
        if re.search(row["words"], folded)
        and not ("unless" in row and re.search(row["unless"], folded))
    ]


def is_stated(text: str, entity: Mapping[str, Any]) -> bool:
    """Whether a sentence says what an entity has it say."""
    folded = _BLANK.sub("", fold(text))
    return not any(
        row["entity"] == entity["entity"]
        and row.get("value", entity["value"]) == entity["value"]
        and re.search(row["words"], folded)
        and not ("unless" in row and re.search(row["unless"], folded))
        for row in data.read("guards")["drops"]
    )


def _stands(intent: str, folded: str) -> bool:
    row = _rows().get(intent)
    if row is None:
        return True
    if "needs" in row and not re.search(row["needs"], folded):
        return False
    return not ("unless" in row and re.search(row["unless"], folded))


def _otherwise(intent: str) -> str | None:
    found = _rows()[intent].get("otherwise")
    return str(found) if found else None


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return {row["intent"]: row for row in data.read("guards")["intents"]}
