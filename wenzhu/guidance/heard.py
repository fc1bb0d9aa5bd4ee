"""What a sentence plainly asks: by its words first, then as the model has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from wenzhu.guidance import data
from wenzhu.guidance.articles import by_article
from wenzhu.guidance.followups import followup
from wenzhu.guidance.questions import questions
from wenzhu.text.folding import fold

MINOR = "minor"
"""The topic, and the fact of the case, of a person under eighteen."""

SAID_BACK = ("which_law", "q-collect-law")
"""Topics that ask for an article without naming one."""

_BLANK = re.compile(r"[\s,，。.!！~～、]+")
_ASKS = re.compile(
    r"[?？]|吗|嘛|么$|呢|怎么|怎样|咋|如何|会不会|能不能|可不可以|可以不|要不要|是不是|有没有"
    r"|该不该|算不算|行不行|用不用|敢不敢|多久|多少|几[天年次个月]|什么|啥|凭|为什么|为啥|哪|谁"
    r"|有用不|合法不|怎[么样]办|有影响不|对不对|真的假的|不(?:啊|呀)$"
)
_LONGEST = 80
"""Characters up to which words decide; a long story is left to the model."""


def asks_something(text: str) -> bool:
    """Whether a sentence is put as a question."""
    return bool(_ASKS.search(fold(text)))


def by_words(text: str) -> str | None:
    """The topic whose own words a sentence contains, the first in ``heard.yml``."""
    folded = _BLANK.sub("", fold(text))
    if len(folded) > _LONGEST:
        return None
    for topic, words, unless, asked in _rows():
        if (
            words.search(folded)
            and not (unless and unless.search(folded))
            and (not asked or asks_something(text))
        ):
            return topic
    return None


def plain_topic(
    text: str, said: Sequence[str] = (), sure: str | None = None
) -> str | None:
    """The topic that words decide: its own, or those of the answer it follows.

    Args:
        text: what the person wrote.
        said: responses of the bot's last turns, the newest first.
        sure: the topic that the model is sure of. It has read the question whole, so
            it comes before words that stand for one of the questions it knows.
    """
    topic, _ = decided(text, said, sure)
    return topic


def decided(
    text: str, said: Sequence[str] = (), sure: str | None = None
) -> tuple[str | None, bool]:
    """A plain topic, and whether it is plain only from the answer before it.

    Takes what ``plain_topic`` takes.
    """
    plain = by_words(text)
    if plain is None or plain in data.read("heard")["yields"]:
        follows = followup(text, said)
        if follows is not None:
            return follows, True
    beaten = sure is not None and plain in questions() and plain != MINOR
    return (sure if beaten else plain), False


def topic_of(
    text: str,
    modelled: str | None = None,
    said: Sequence[str] = (),
    sure: bool = False,
) -> str | None:
    """The topic of a question: an article's number, plain words, then the model."""
    plain = plain_topic(text, said, modelled if sure else None)
    return plain if plain in SAID_BACK else by_article(text) or plain or modelled


def letter_age(text: str) -> str | None:
    """``recent`` where a sentence says that a debt is of the last years."""
    words: str = data.read("heard")["letter_age"]
    return "recent" if re.search(words, _BLANK.sub("", fold(text))) else None


def refuses(text: str) -> str | None:
    """``this`` or ``all``: which questions a sentence refuses to answer."""
    folded = _BLANK.sub("", fold(text))
    for wanted, name in (("all", "stop_asking"), ("this", "refuses")):
        if re.search(data.read("heard")[name], folded):
            return wanted
    return None


def threats_in(text: str) -> list[str]:
    """The fears that a retold threat aims at, in the order of ``heard.yml``."""
    folded = _BLANK.sub("", fold(text))
    rows = data.read("heard")["threats"]
    return [row["fear"] for row in rows if re.search(row["words"], folded)]


def is_general(text: str) -> bool:
    """Whether a question about rights is about rights in general."""
    pattern: str = data.read("heard")["general_rights"]
    return bool(re.search(pattern, _BLANK.sub("", fold(text))))


def letter_named(text: str) -> str | None:
    """The letter that a sentence asks for by its name."""
    folded = _BLANK.sub("", fold(text))
    for row in data.read("heard")["letters"]:
        if re.search(row["words"], folded):
            return str(row["letter"])
    return None


@cache
def _rows() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None, bool], ...]:
    rows: list[Mapping[str, Any]] = list(data.read("heard")["heard"])
    return tuple(
        (
            row["topic"],
            re.compile(row["words"]),
            re.compile(row["unless"]) if "unless" in row else None,
            bool(row.get("asked")),
        )
        for row in rows
    )
