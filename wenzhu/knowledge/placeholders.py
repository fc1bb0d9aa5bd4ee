"""Fills a placeholder of the copy deck from a fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from wenzhu.knowledge.records import KIND_WORDS, Citation, Fact, Source, Value

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+(?:\.[a-z0-9_.]+)?)\}")
"""``{LAW-CC-188}`` or ``{HOT-12356.number}`` in a text; group 1 is the key."""

_IN_FORCE = {
    "law",
    "regulation",
    "local_regulation",
    "judicial_interpretation",
    "department_rule",
}
_SAY_KIND = {"standard", "industry_rule"}
_MOMENT = {"report", "official", "police_advice", "practice"}
_SURE_ONLY = ("number", "name", "short_name", "website", "hours")


class NotSayable(LookupError):
    """A placeholder cannot be filled. Not a ``KeyError``: Rasa swallows those."""


class UnknownFact(NotSayable):
    """No fact has this id; a withheld fact is unknown too."""


class FactNotSayable(NotSayable):
    """The fact is there, but this part of it must not be said."""


def render(
    key: str,
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
    today: date | None = None,
) -> str:
    """The words for a placeholder such as ``LAW-CC-188`` or ``HOT-12356.number``.

    Raises:
        UnknownFact: there is no such fact.
        FactNotSayable: it has no such field, rests on ``B`` alone, or has expired.
    """
    identifier, _, field = key.partition(".")
    fact = facts.get(identifier)
    if fact is None:
        raise UnknownFact(f"no fact {identifier}")
    ended = fact.ended_on()
    if today and ended and _last_day(ended) < today.isoformat():
        raise FactNotSayable(f"{identifier} ended on {ended}")
    field, _, name = (field or "cite").partition(".")
    if field == "value":
        return _value(fact, name).text
    if field == "figure":
        return _figure(_value(fact, name), key)
    if name:
        raise FactNotSayable(f"{key}: no such field")
    if field == "plain":
        return fact.plain
    if field == "source":
        return sources[fact.source[0]].name.replace("（镜像）", "")
    if field in _SURE_ONLY:
        return _sure(fact, field)
    if field in _OF_CITATION:
        return _OF_CITATION[field](_citations(fact))
    raise FactNotSayable(f"{key}: no such field")


def chinese_date(text: str) -> str:
    """An ISO date, month or year as it is said: 2021年1月1日.

    Numbers lose their leading zeros.
    """
    parts = [str(int(part)) for part in text.split("-")]
    return "".join(part + unit for part, unit in zip(parts, "年月日", strict=False))


def cite(citation: Citation, articles: int | None = 1) -> str:
    """A citation for a reader: name, article and date.

    Args:
        citation: what is cited.
        articles: how many of its articles, or None for all.
    """
    return (
        citation.instrument
        + "、".join(citation.articles[:articles])
        + _validity(citation)
    )


def _validity(citation: Citation) -> str:
    said = [KIND_WORDS[citation.kind]] if citation.kind in _SAY_KIND else []
    if citation.since:
        since = chinese_date(citation.since)
        if citation.until:
            said.append(f"{since}至{chinese_date(citation.until)}")
        elif citation.kind in _IN_FORCE:
            said.append(f"{since}起施行")
        elif citation.kind == "register":
            said.append(f"截至{since}")
        elif citation.kind in _MOMENT:
            said.append(since)
        else:
            said.append(f"{since}起")
    return f"（{'，'.join(said)}）" if said else ""


def _citations(fact: Fact) -> tuple[Citation, ...]:
    found = fact.sayable_citations()
    if not found:
        raise FactNotSayable(f"{fact.id}: no citation is confirmed")
    return found


def _instrument(citations: tuple[Citation, ...]) -> str:
    return citations[0].instrument


def _article(citations: tuple[Citation, ...]) -> str:
    if not citations[0].articles:
        raise FactNotSayable(f"{citations[0].instrument}: no article is known")
    return citations[0].articles[0]


def _articles(citations: tuple[Citation, ...]) -> str:
    _article(citations)
    return "、".join(citations[0].articles)


def _since(citations: tuple[Citation, ...]) -> str:
    if not citations[0].since:
        raise FactNotSayable(f"{citations[0].instrument}: no date is known")
    return chinese_date(citations[0].since)


_OF_CITATION: Mapping[str, Callable[[tuple[Citation, ...]], str]] = {
    "cite": lambda found: cite(found[0]),
    "cites": lambda found: "；".join(cite(each, None) for each in found),
    "instrument": _instrument,
    "article": _article,
    "articles": _articles,
    "since": _since,
    "kind_word": lambda found: KIND_WORDS[found[0].kind],
}

FIELDS = ("plain", "value", "figure", "source", *_SURE_ONLY, *_OF_CITATION)
"""What may follow the dot in a placeholder."""


def _sure(fact: Fact, field: str) -> str:
    found: str | None = getattr(fact, field)
    if found is None:
        raise FactNotSayable(f"{fact.id} has no {field}")
    if fact.confidence != "A" and field not in fact.confirmed_fields:
        raise FactNotSayable(f"{fact.id}.{field} rests on B alone")
    return found


def _value(fact: Fact, name: str) -> Value:
    found: Value | None
    found = fact.values.get(name) if name else next(iter(fact.values.values()), None)
    if found is None:
        raise FactNotSayable(f"{fact.id} has no value {name}".rstrip())
    if fact.confidence != "A" and not found.confirmed:
        raise FactNotSayable(f"{fact.id}.value.{name} rests on B alone")
    return found


def _figure(value: Value, key: str) -> str:
    """The number alone, for a text that has its own word for the unit."""
    if value.number is None:
        raise FactNotSayable(f"{key}: no number is known")
    return value.number


def _last_day(text: str) -> str:
    """The last day that a date, month or year includes, for comparing."""
    return text + "-12-31"[len(text) - 4 :] if len(text) < len("2021-01-01") else text
