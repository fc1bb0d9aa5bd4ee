"""Reads the knowledge base and refuses it by file, record and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wenzhu.knowledge.records import Checked, Citation, Fact, Source, Value
from wenzhu.knowledge.schema import Checker, Trouble
from wenzhu.knowledge.yaml_files import read_yaml

_NONE: Mapping[str, Value] = MappingProxyType({})
_TUPLES = ("source", "refs", "limits", "confirmed_fields")


class KnowledgeRefused(ValueError):
    """A file of the knowledge base is wrong; the message lists where and how."""


def read_facts(root: Path) -> Mapping[str, Fact]:
    """Every fact by its id.

    Raises:
        KnowledgeRefused: a file, record or field is wrong.
    """
    checker = Checker(root / "schema" / "facts.schema.json")
    facts: dict[str, Fact] = {}
    for path in sorted((root / "facts").glob("*.yml")):
        for raw in _records(path, "facts", checker):
            fact = _fact(raw, path.stem)
            if fact.id in facts:
                raise KnowledgeRefused(
                    f"{_short(path)}: {fact.id}: id: is already in "
                    f"facts/{facts[fact.id].topic}.yml"
                )
            facts[fact.id] = fact
    if not facts:
        raise KnowledgeRefused(f"{root / 'facts'}: no facts found")
    return MappingProxyType(facts)


def read_sources(root: Path) -> Mapping[str, Source]:
    """Every source by its id.

    Raises:
        KnowledgeRefused: the file is wrong, or says one source twice.
    """
    path = root / "sources.yml"
    sources: dict[str, Source] = {}
    checker = Checker(root / "schema" / "sources.schema.json")
    for raw in _records(path, "sources", checker):
        if raw["id"] in sources:
            raise KnowledgeRefused(f"{_short(path)}: {raw['id']}: id: is there twice")
        sources[raw["id"]] = Source(**raw)
    return MappingProxyType(sources)


def read_withheld(root: Path) -> Mapping[str, str]:
    """Why a record must never be shipped, by its id."""
    path = root / "withheld.yml"
    checker = Checker(root / "schema" / "withheld.schema.json")
    return MappingProxyType(
        {raw["id"]: raw["reason"] for raw in _records(path, "withheld", checker)}
    )


def check_links(
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
    withheld: Mapping[str, str],
) -> None:
    """Check that everything a fact points at is there.

    Raises:
        KnowledgeRefused: a source or fact is missing, or a withheld id ships.
    """
    wrong = list(_broken_links(facts, sources, withheld))
    if wrong:
        raise KnowledgeRefused("\n".join(wrong))


def _broken_links(
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
    withheld: Mapping[str, str],
) -> Iterator[str]:
    for fact in facts.values():
        where = f"facts/{fact.topic}.yml: {fact.id}"
        if fact.id in withheld:
            yield f"{where}: id: is withheld ({withheld[fact.id]})"
        for each in fact.source:
            if each not in sources:
                yield f"{where}: source: {each} is not in sources.yml"
        for each in fact.refs:
            if each not in facts:
                yield f"{where}: refs: {each} is not a fact"
        for each in fact.confirmed_fields:
            if getattr(fact, each) is None:
                yield f"{where}: confirmed_fields: {each} is not given"


def _records(path: Path, key: str, checker: Checker) -> list[dict[str, Any]]:
    try:
        document = read_yaml(path)
    except (OSError, ValueError) as error:
        raise KnowledgeRefused(f"{_short(path)}: {error}") from error
    troubles = [
        f"{_short(path)}: {_place(trouble, document, key)}"
        for trouble in checker.troubles(document)
    ]
    if troubles:
        raise KnowledgeRefused("\n".join(troubles))
    records: list[dict[str, Any]] = document[key]
    return records


def _place(trouble: Trouble, document: Any, key: str) -> str:
    """The trouble as a person reads it: record id, field, what is wrong."""
    at, what = trouble
    parts = list(at)
    record = ""
    if parts[:1] == [key] and len(parts) > 1:
        number = parts[1]
        raw = document[key][number]
        name = raw.get("id") if isinstance(raw, dict) else None
        record = f"{name or f'record {int(number) + 1}'}: "
        parts = parts[2:]
    field = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts
    )
    return f"{record}{field.lstrip('.') or 'record'}: {what}"


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _fact(raw: Mapping[str, Any], topic: str) -> Fact:
    plain = {name: value for name, value in raw.items() if name not in _TUPLES}
    plain.update((name, tuple(raw[name])) for name in _TUPLES if name in raw)
    plain["citations"] = tuple(_citation(each) for each in raw["citations"])
    plain["checked"] = Checked(**raw["checked"])
    plain["values"] = (
        MappingProxyType({name: Value(**each) for name, each in raw["values"].items()})
        if "values" in raw
        else _NONE
    )
    return Fact(topic=topic, **plain)


def _citation(raw: Mapping[str, Any]) -> Citation:
    return Citation(
        instrument=raw["instrument"],
        kind=raw["kind"],
        articles=tuple(raw.get("articles", ())),
        since=raw["since"],
        until=raw["until"],
        confirmed=raw["confirmed"],
    )
