"""A question that names an article by its number finds the answer citing it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from wenzhu.guidance import data
from wenzhu.guidance.questions import questions
from wenzhu.knowledge import load
from wenzhu.text.folding import fold
from wenzhu.text.numerals import NUMERAL_CHARS, parse

_ARTICLE = re.compile(
    rf"(?<![哪那这几每])第?\s*(?P<number>\d{{1,4}}|[{NUMERAL_CHARS}]{{1,8}})\s*条(?!短信|消息|信息|微信)"
)
_LAWS = re.compile(
    r"法|条例|规定|解释|办法|民法典|刑法|第\s*[\d零一二三四五六七八九十百千]+\s*条"
)
UNKNOWN = "q-unknown-article"


def by_article(text: str) -> str | None:
    """The question whose facts cite the article that a text names.

    Returns:
        A topic id; ``q-unknown-article`` for a number that is not held, since an
        article is never invented; None when no article is named.
    """
    folded = fold(text)
    for short, full in data.read("heard")["short_laws"].items():
        if full not in folded:
            folded = folded.replace(short, full)
    if not _LAWS.search(folded):
        return None
    for match in _ARTICLE.finditer(folded):
        number = parse(match["number"])
        if number is None:
            continue
        found = [
            (instrument, topic)
            for article, instrument, topic in _cited()
            if article == int(number)
        ]
        named = [topic for instrument, topic in found if _short(instrument) in folded]
        if named:
            return named[0]
        if found and not re.search(r"[\u4e00-\u9fff]{2,}(?:法|条例|规定|办法)", folded):
            return found[0][1]
        if UNKNOWN in questions():
            return UNKNOWN
    return None


def _short(instrument: str) -> str:
    return instrument.strip("《》").removeprefix("中华人民共和国").split("(")[0]


@lru_cache(maxsize=1)
def _cited() -> tuple[tuple[int, str, str], ...]:
    """Every citation; a topic that rests on few articles before one on many."""
    found = list(_citations())
    many = Counter(topic for _, _, topic in found)
    return tuple(sorted(found, key=lambda cited: many[cited[2]]))


def _citations() -> Iterator[tuple[int, str, str]]:
    facts = load().facts
    for topic, question in questions().items():
        for fact_id in question.get("facts", ()):
            fact = facts.get(fact_id)
            for citation in fact.citations if fact else ():
                for article in citation.articles:
                    number = parse(article.removeprefix("第").split("条")[0])
                    if number is not None:
                        yield int(number), citation.instrument, topic
