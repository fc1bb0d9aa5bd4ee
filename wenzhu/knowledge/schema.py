"""A small, fast reader of the JSON Schemas in ``knowledge/schema``.

The full validator takes a quarter of a second to load and run, too long for the
first answer to a person. This one knows only the words our schemas use, refuses
to work with any other, and is held against the full validator by the tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
Trouble = tuple[tuple[str | int, ...], str]
"""Where in the document, and what is wrong there."""

_SILENT = {"$schema", "$id", "$defs", "title", "description", "then"}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
}
_pattern = cache(re.compile)


class Checker:
    """Checks documents against one schema file."""

    def __init__(self, path: Path) -> None:
        """Read the schema."""
        self._root: Schema = json.loads(path.read_text(encoding="utf-8"))

    def troubles(self, document: object) -> Iterator[Trouble]:
        """Everything in the document that the schema does not allow."""
        return self._check(document, self._root, ())

    def _check(
        self, value: Any, schema: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        for word, wanted in schema.items():
            if word in _SILENT:
                continue
            rule = getattr(self, f"_word_{word.lstrip('$').lower()}", None)
            if rule is None:
                raise NotImplementedError(f"schema keyword {word!r}")
            yield from rule(value, wanted, schema, at)

    def _word_ref(
        self, value: Any, wanted: str, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        name = wanted.removeprefix("#/$defs/")
        yield from self._check(value, self._root["$defs"][name], at)

    def _word_type(
        self, value: Any, wanted: str, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if not isinstance(value, _TYPES[wanted]):
            yield at, f"must be a {wanted}, not {value!r}"

    def _word_enum(
        self, value: Any, wanted: list[Any], _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if value not in wanted:
            yield at, f"must be one of {', '.join(map(str, wanted))}, not {value!r}"

    def _word_const(
        self, value: Any, wanted: Any, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if value is not wanted:
            yield at, f"must be {wanted!r}, not {value!r}"

    def _word_pattern(
        self, value: Any, wanted: str, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, str) and not _pattern(wanted).search(value):
            yield at, f"does not look right: {value!r} (must match {wanted})"

    def _word_minlength(
        self, value: Any, wanted: int, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, str) and len(value) < wanted:
            yield at, "is empty"

    def _word_minitems(
        self, value: Any, wanted: int, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, list) and len(value) < wanted:
            yield at, f"needs at least {wanted} entry"

    def _word_minproperties(
        self, value: Any, wanted: int, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, dict) and len(value) < wanted:
            yield at, f"needs at least {wanted} entry"

    def _word_uniqueitems(
        self, value: Any, _wanted: bool, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, list) and len({repr(each) for each in value}) < len(value):
            yield at, "says something twice"

    def _word_items(
        self, value: Any, wanted: Schema, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, list):
            for number, each in enumerate(value):
                yield from self._check(each, wanted, (*at, number))

    def _word_required(
        self, value: Any, wanted: list[str], _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, dict):
            for name in wanted:
                if name not in value:
                    yield (*at, name), "is missing"

    def _word_properties(
        self, value: Any, wanted: Schema, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, dict):
            for name, schema in wanted.items():
                if name in value:
                    yield from self._check(value[name], schema, (*at, name))

    def _word_additionalproperties(
        self, value: Any, wanted: Any, schema: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if not isinstance(value, dict):
            return
        for name in value:
            if name in schema.get("properties", {}):
                continue
            if wanted is False:
                yield (*at, str(name)), "is not a known field"
            else:
                yield from self._check(value[name], wanted, (*at, str(name)))

    def _word_propertynames(
        self, value: Any, wanted: Schema, _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if isinstance(value, dict):
            for name in value:
                yield from self._check(name, wanted, (*at, str(name)))

    def _word_anyof(
        self, value: Any, wanted: list[Schema], _: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        first: list[Trouble] = []
        for schema in wanted:
            found = list(self._check(value, schema, at))
            if not found:
                return
            first = first or found
        yield from first

    def _word_if(
        self, value: Any, wanted: Schema, schema: Schema, at: tuple[str | int, ...]
    ) -> Iterator[Trouble]:
        if next(self._check(value, wanted, at), None) is None:
            yield from self._check(value, schema["then"], at)
