"""Groups of written patterns, compiled, and skipped where they cannot match.

A pattern may hold ``<name>`` for a fragment of its file and ``<6>`` for "up to six
characters of the same clause". Each pattern knows a set of characters of which
every match contains one; a text without any of them is not searched at all. That
keeps several hundred patterns at a fraction of a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

try:
    from re import _constants as _sre  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover - then every pattern is always searched
    _parser = None  # type: ignore[assignment]

BLANK = "□"
"""Stands for a masked character; no gap of a pattern runs over it."""

_REFERENCE = re.compile(r"<([a-z_]+|\d+)>")
_COMMON = frozenset("我你他她的了不在是有就都也还要说一,.")
_COMMON_COST = 40


class RulesRefused(ValueError):
    """A rules file is wrong; says which file, which record and why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled pattern and the characters of which a match needs one."""

    expression: re.Pattern[str]
    needs: frozenset[str] | None

    def possible(self, characters: frozenset[str]) -> bool:
        """Whether a text of these characters can hold a match."""
        return self.needs is None or not self.needs.isdisjoint(characters)


def expand(pattern: str, fragments: Mapping[str, str], where: str) -> str:
    """Write out the fragments and gaps of a pattern.

    Raises:
        RulesRefused: a fragment is not defined.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name.isdigit():
            return rf"[^,.!?;:。\n{BLANK}]{{0,{name}}}"
        if name not in fragments:
            raise RulesRefused(f"{where}: no fragment <{name}>")
        return expand(fragments[name], fragments, where)

    return _REFERENCE.sub(replace, pattern)


def compile_patterns(
    patterns: Iterable[str], fragments: Mapping[str, str], where: str
) -> tuple[Pattern, ...]:
    """Compile the patterns of one record.

    Raises:
        RulesRefused: a pattern is not a regular expression.
    """
    compiled = []
    for pattern in patterns:
        written = expand(pattern, fragments, where)
        try:
            expression = re.compile(written)
        except re.error as error:
            raise RulesRefused(f"{where}: {pattern!r}: {error}") from error
        if expression.match(""):
            raise RulesRefused(f"{where}: {pattern!r} matches nothing at all")
        compiled.append(Pattern(expression, _needed(written)))
    return tuple(compiled)


def _needed(written: str) -> frozenset[str] | None:
    if _parser is None:  # pragma: no cover
        return None
    return _of_sequence(_parser.parse(written))


def _of_sequence(sequence: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    best: frozenset[str] | None = None
    for item in sequence:
        needs = _of_item(*item)
        if needs is not None and (best is None or _cost(needs) < _cost(best)):
            best = needs
    return best


def _of_item(kind: Any, value: Any) -> frozenset[str] | None:
    if kind is _sre.LITERAL:
        return frozenset(chr(value))
    if kind is _sre.IN:
        return _of_set(value)
    if kind is _sre.SUBPATTERN:
        return _of_sequence(value[3])
    if kind in (_sre.MAX_REPEAT, _sre.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    if kind is _sre.BRANCH:
        every = [_of_sequence(branch) for branch in value[1]]
        known = [needs for needs in every if needs is not None]
        return frozenset().union(*known) if len(known) == len(every) else None
    return None


def _of_set(members: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    characters = set()
    for kind, value in members:
        if kind is not _sre.LITERAL:
            return None
        characters.add(chr(value))
    return frozenset(characters)


def _cost(needs: frozenset[str]) -> int:
    return len(needs) + _COMMON_COST * len(needs & _COMMON)
