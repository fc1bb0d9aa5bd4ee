"""Answers of a word or two, which only the open question gives a meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.folding import fold

_FILLER = re.compile(r"[\W_]+|(?<=.)[啊呀哦噢呢吧嘛啦哈哎嗯的了额呃]+$")


@dataclass(frozen=True)
class ShortAnswer:
    """What a short answer means.

    ``skips`` is true when it declines the open question.
    """

    intent: str
    loan_state: str | None = None
    skips: bool = False


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str | None, str], ShortAnswer]:
    table: dict[tuple[str | None, str], ShortAnswer] = {}
    for row in read_yaml(KNOWLEDGE / "short_answers.yml")["answers"]:
        meaning = ShortAnswer(
            row["intent"], row.get("loan_state"), bool(row.get("skips"))
        )
        for asked in row["asked"]:
            question = None if asked == "none" else asked
            for words in row["words"]:
                table[(question, bare(str(words)))] = meaning
    return table


def bare(text: str) -> str:
    """The words of a text without punctuation and trailing particles."""
    folded = fold(text).strip()
    stripped = _FILLER.sub("", folded)
    return stripped or folded


def short_answer(text: str, open_question: str | None) -> ShortAnswer | None:
    """The meaning of a short answer to the open question, or None."""
    if len(text) > 12:
        return None
    table = _table()
    return table.get((open_question, bare(text)))
