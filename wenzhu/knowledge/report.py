"""What a reviewer has to look at: ``python -m wenzhu.knowledge.report --on DATE``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from wenzhu.knowledge import Fact, Knowledge, load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.placeholders import PLACEHOLDER
from wenzhu.knowledge.yaml_files import read_yaml

_SOON = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when copy leans on a fact whose time is over."""
    parser = argparse.ArgumentParser(prog="python -m wenzhu.knowledge.report")
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="DATE",
        help="the day to report for, as 2026-11-23; without it, the next ones due",
    )
    wanted = parser.parse_args(arguments)
    knowledge = load()
    used = used_in_copy(DATA / "responses")
    sys.stdout.write("\n".join(report(knowledge, used, wanted.on)) + "\n")
    return 1 if wanted.on and over(knowledge, used, wanted.on) else 0


def report(
    knowledge: Knowledge, used: Mapping[str, Sequence[str]], on: date | None
) -> Iterator[str]:
    """The report, line by line.

    Args:
        knowledge: the knowledge base.
        used: the responses that use a fact, by its id.
        on: the day to report for, or None for the next facts that fall due.
    """
    facts = knowledge.facts.values()
    yield from _counts(facts)
    yield ""
    yield from _due(facts, on)
    yield from _section(
        "已失效，不能再说",
        [
            _line(fact, f"{fact.ended_on()} 结束", used)
            for fact in facts
            if on and (fact.ended_on() or "9") < on.isoformat()
        ],
    )
    yield from _section(
        "上线前须与原文核对",
        [_line(fact, fact.before_launch, used) for fact in facts if fact.before_launch],
    )
    yield from _section(
        "话术里用到的 B 级事实",
        [
            _line(fact, "、".join(used[fact.id]), {})
            for fact in facts
            if fact.confidence == "B" and fact.id in used
        ],
    )


def over(
    knowledge: Knowledge, used: Mapping[str, Sequence[str]], on: date
) -> list[str]:
    """Ids that copy uses although their time is over."""
    return [
        fact.id
        for fact in knowledge.facts.values()
        if fact.id in used and (fact.ended_on() or "9") < on.isoformat()
    ]


def used_in_copy(folder: Path) -> Mapping[str, Sequence[str]]:
    """The names of the responses that use a fact, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.yml")):
        responses: Mapping[str, Any] = (read_yaml(path) or {}).get("responses") or {}
        for name, variations in responses.items():
            text = " ".join(each.get("text") or "" for each in variations)
            for key in PLACEHOLDER.findall(text):
                identifier = key.partition(".")[0]
                if name not in found[identifier]:
                    found[identifier].append(name)
    return found


def _counts(facts: Iterable[Fact]) -> Iterator[str]:
    by_topic: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        by_topic[fact.topic, fact.confidence] += 1
        by_topic["合计", fact.confidence] += 1
    yield f"{'主题':<22}  A    B"
    for topic in dict.fromkeys(topic for topic, _ in by_topic if topic != "合计"):
        yield _count(topic, by_topic)
    yield _count("合计", by_topic)


def _count(topic: str, by_topic: Counter[tuple[str, str]]) -> str:
    return f"{topic:<24}{by_topic[topic, 'A']:>4} {by_topic[topic, 'B']:>4}"


def _due(facts: Iterable[Fact], on: date | None) -> Iterator[str]:
    in_order = sorted(facts, key=lambda fact: (fact.review_by, fact.id))
    if on is None:
        title, due = f"最早到期的 {_SOON} 条", in_order[:_SOON]
    else:
        title = f"到 {on.isoformat()} 应复核"
        due = [fact for fact in in_order if fact.review_by <= on.isoformat()]
    yield from _section(title, [_line(fact, fact.review_by, {}) for fact in due])


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{title}：{len(lines)} 条"
    yield from lines
    yield ""


def _line(fact: Fact, what: str | None, used: Mapping[str, Sequence[str]]) -> str:
    mark = "（话术在用）" if fact.id in used else ""
    return f"  {fact.id} [{fact.confidence}] {what}{mark}"


if __name__ == "__main__":
    raise SystemExit(main())
