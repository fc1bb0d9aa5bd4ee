"""The written rules of the crisis gate: what is masked, what counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wenzhu.crisis.patterns import (
    BLANK,
    Pattern,
    RulesRefused,
    compile_patterns,
    expand,
)
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

FILE = "crisis_rules.yml"
SUBJECTS = ("self", "other", "harm_others")
_SENTENCE_END = "。!?\n"


@dataclass(frozen=True, slots=True)
class Mask:
    """Words that are covered before the rules read: figures, denials, quotes.

    ``middle`` masks cover too, but leave the middle band behind.
    """

    id: str
    middle: bool
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying it.

    ``unless`` is looked for in the sentence around a match.
    """

    id: str
    subject: str
    act_under_way: bool
    patterns: tuple[Pattern, ...]
    unless: re.Pattern[str] | None
    matches: tuple[str, ...]
    must_not_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with the span in the text that was searched."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All masks and rules."""

    masks: tuple[Mask, ...]
    rules: tuple[Rule, ...]
    care: tuple[Pattern, ...] = ()

    def needs_care(self, masked: str) -> bool:
        """Whether the text holds words of the middle band."""
        characters = frozenset(masked)
        return any(
            pattern.expression.search(masked)
            for pattern in self.care
            if pattern.possible(characters)
        )

    def mask(self, text: str) -> tuple[str, bool]:
        """Cover what does not count.

        Returns:
            The text, as long as before, and whether a ``middle`` mask was used.
        """
        characters = frozenset(text)
        covered: list[tuple[int, int]] = []
        middle = False
        for mask in self.masks:
            for pattern in mask.patterns:
                if not pattern.possible(characters):
                    continue
                for match in pattern.expression.finditer(text):
                    covered.append(match.span())
                    middle = middle or mask.middle
        if not covered:
            return text, False
        letters = list(text)
        for start, end in covered:
            letters[start:end] = BLANK * (end - start)
        return "".join(letters), middle

    def find(self, masked: str, plain: str) -> Hit | None:
        """The first rule that matches; acts under way before all others.

        Args:
            masked: the text with the masks applied.
            plain: the same text without them; ``unless`` is looked for there.
        """
        characters = frozenset(masked)
        for rule in self.rules:
            for pattern in rule.patterns:
                if not pattern.possible(characters):
                    continue
                for match in pattern.expression.finditer(masked):
                    start, end = match.span()
                    if rule.unless is None or not rule.unless.search(
                        sentence_around(plain, start, end)
                    ):
                        return Hit(rule, start, end)
        return None


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence or sentences that a span lies in."""
    first = max(text.rfind(mark, 0, start) for mark in _SENTENCE_END) + 1
    ends = [place for mark in _SENTENCE_END if (place := text.find(mark, end)) >= 0]
    return text[first : min(ends, default=len(text))]


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """The rules of ``knowledge/crisis_rules.yml``, read once.

    Raises:
        RulesRefused: the file does not hold what it should.
    """
    return build(read_yaml(KNOWLEDGE / FILE))


def build(data: Mapping[str, Any]) -> RuleBook:
    """Compile a rules file.

    Raises:
        RulesRefused: names the record and what is wrong with it.
    """
    fragments = data.get("fragments", {})
    masks = tuple(_mask(record, fragments) for record in data["masks"])
    rules = [_rule(record, fragments) for record in data["rules"]]
    ids = [mask.id for mask in masks] + [rule.id for rule in rules]
    for name in ids:
        if ids.count(name) > 1:
            raise RulesRefused(f"{FILE}: {name}: the id is used twice")
    # An act under way says more than a thought: it is looked for first.
    rules.sort(key=lambda rule: not rule.act_under_way)
    care = compile_patterns(data.get("care", ()), fragments, f"{FILE}: care")
    return RuleBook(masks, tuple(rules), care)


def _mask(record: Mapping[str, Any], fragments: Mapping[str, str]) -> Mask:
    where = f"{FILE}: {record.get('id', 'mask without id')}"
    level = record.get("level", "none")
    if level not in ("none", "middle"):
        raise RulesRefused(f"{where}: level is none or middle, not {level!r}")
    return Mask(
        record["id"],
        level == "middle",
        compile_patterns(record["patterns"], fragments, where),
    )


def _rule(record: Mapping[str, Any], fragments: Mapping[str, str]) -> Rule:
    where = f"{FILE}: {record.get('id', 'rule without id')}"
    subject = record.get("subject", "self")
    if subject not in SUBJECTS:
        raise RulesRefused(f"{where}: subject is one of {SUBJECTS}, not {subject!r}")
    for name in ("matches", "must_not_match"):
        if not record.get(name):
            raise RulesRefused(f"{where}: {name} needs at least one sentence")
    unless = record.get("unless")
    return Rule(
        id=record["id"],
        subject=subject,
        act_under_way=record.get("act_under_way") is True,
        patterns=compile_patterns(record["patterns"], fragments, where),
        unless=re.compile(expand(unless, fragments, where)) if unless else None,
        matches=tuple(record["matches"]),
        must_not_match=tuple(record["must_not_match"]),
    )
