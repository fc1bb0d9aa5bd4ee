"""What is happening this minute, and so comes before every question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wenzhu.crisis.gate import assess
from wenzhu.crisis.patterns import (
    BLANK,
    Pattern,
    RulesRefused,
    compile_patterns,
    expand,
)
from wenzhu.crisis.rules import sentence_around
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.normalise import normalise

FILE = "now_rules.yml"
SITUATIONS = ("danger", "at_the_door", "on_the_line", "money_just_left")
ACT_UNDER_WAY = "act_under_way"
READ_CHARACTERS = 600
"""Of a longer text the first and last so many: it is said first or last."""


@dataclass(frozen=True, slots=True)
class LiveSituation:
    """One of the four situations that cannot wait.

    Attributes:
        name: ``danger``, ``at_the_door``, ``on_the_line`` or ``money_just_left``.
        rule: id of the rule that found it.
        start: first character of what was found, in the text as given.
        end: one past its last character.
    """

    name: str
    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NowRule:
    """How one situation is said, with sentences both ways for the tests."""

    id: str
    situation: str
    patterns: tuple[Pattern, ...]
    unless: re.Pattern[str] | None
    matches: tuple[str, ...]
    must_not_match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NowRules:
    """All rules, in the order in which they count, and what is masked first."""

    masks: tuple[Pattern, ...]
    rules: tuple[NowRule, ...]


@lru_cache(maxsize=1)
def now_rules() -> NowRules:
    """The rules of ``knowledge/now_rules.yml``, read once.

    Raises:
        RulesRefused: the file does not hold what it should.
    """
    return build(read_yaml(KNOWLEDGE / FILE))


def build(data: Mapping[str, Any]) -> NowRules:
    """Compile a rules file.

    Raises:
        RulesRefused: names the record and what is wrong with it.
    """
    fragments = data.get("fragments", {})
    masks = [
        pattern
        for record in data["masks"]
        for pattern in compile_patterns(
            record["patterns"], fragments, f"{FILE}: {record['id']}"
        )
    ]
    rules = []
    for record in data["rules"]:
        where = f"{FILE}: {record['id']}"
        if record["situation"] not in SITUATIONS:
            raise RulesRefused(f"{where}: no situation {record['situation']!r}")
        if not record.get("matches") or not record.get("must_not_match"):
            raise RulesRefused(f"{where}: needs sentences both ways")
        unless = record.get("unless")
        rules.append(
            NowRule(
                id=record["id"],
                situation=record["situation"],
                patterns=compile_patterns(record["patterns"], fragments, where),
                unless=re.compile(expand(unless, fragments, where)) if unless else None,
                matches=tuple(record["matches"]),
                must_not_match=tuple(record["must_not_match"]),
            )
        )
    return NowRules(tuple(masks), tuple(rules))


def live_situation(text: str) -> LiveSituation | None:
    """Find what is happening this minute. Never raises on any text.

    Fear of what may come, and what is over, are not found.

    Args:
        text: what the person wrote; not a pasted message.
    """
    if len(text) > 2 * READ_CHARACTERS:
        head = live_situation(text[:READ_CHARACTERS])
        if head is not None:
            return head
        offset = len(text) - READ_CHARACTERS
        tail = live_situation(text[offset:])
        if tail is None:
            return None
        return LiveSituation(
            tail.name, tail.rule, tail.start + offset, tail.end + offset
        )
    signal = assess(text)
    if signal.act_under_way:
        return LiveSituation("danger", signal.rule, signal.start, signal.end)
    normalised = normalise(text)
    plain = normalised.text
    rules = now_rules()
    masked = _mask(plain, rules.masks)
    characters = frozenset(masked)
    for rule in rules.rules:
        for pattern in rule.patterns:
            if not pattern.possible(characters):
                continue
            for match in pattern.expression.finditer(masked):
                start, end = match.span()
                if rule.unless is not None and rule.unless.search(
                    sentence_around(plain, start, end)
                ):
                    continue
                return LiveSituation(
                    rule.situation, rule.id, *normalised.span(start, end)
                )
    return None


def _mask(text: str, masks: tuple[Pattern, ...]) -> str:
    characters = frozenset(text)
    letters = list(text)
    for pattern in masks:
        if pattern.possible(characters):
            for match in pattern.expression.finditer(text):
                start, end = match.span()
                letters[start:end] = BLANK * (end - start)
    return "".join(letters)
