"""Measuring the analyser: ``python -m wenzhu.message.evaluate [FILE.jsonl]``.

Without a file the kinds of the own messages are measured by cross-validation; with
one, every field that its rows carry is measured as well. The worst messages are
written to the results folder, which is never committed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wenzhu.message.analysis import KINDS, Analysis
from wenzhu.message.reader import analyse
from wenzhu.message.train import data_pipeline, fit, read_examples, read_features
from wenzhu.settings import ROOT

RESULTS = ROOT / "results"
FOLDS = 5


def scores(wanted: Sequence[str], got: Sequence[str]) -> dict[str, float]:
    """Return F1 by kind, and ``macro`` over the kinds that occur."""
    result: dict[str, float] = {}
    for kind in sorted(set(wanted)):
        hit = sum(1 for a, b in zip(wanted, got, strict=True) if a == b == kind)
        result[kind] = 2 * hit / (wanted.count(kind) + list(got).count(kind))
    result["macro"] = statistics.fmean(result.values()) if result else 0.0
    return result


def cross_validate() -> dict[str, Any]:
    """Measure the kinds of the own messages, each by a model that never saw it."""
    examples = read_examples()
    rows = read_features(data_pipeline(), examples)
    kinds = [example.kind for example in examples]
    wanted, got, worst = [], [], []
    for fold in range(FOLDS):
        held = [index for index in range(len(rows)) if index % FOLDS == fold]
        kept = [index for index in range(len(rows)) if index % FOLDS != fold]
        model = fit([rows[i] for i in kept], [kinds[i] for i in kept])
        for index in held:
            shares = model.probabilities(*rows[index])
            best = max(shares, key=lambda kind: shares[kind])
            wanted.append(kinds[index])
            got.append(best)
            if best != kinds[index]:
                sure = round(shares[best] - shares[kinds[index]], 3)
                worst.append((sure, kinds[index], best, examples[index].text))
    worst.sort(reverse=True)
    return {"f1": scores(wanted, got), "confusion": confusion(wanted, got),
            "messages": len(rows), "worst": worst[:40]}  # fmt: skip


def confusion(wanted: Sequence[str], got: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count, for each true kind, what the model said."""
    pairs = Counter(zip(wanted, got, strict=True))
    return {
        true: {said: pairs[true, said] for said in KINDS if pairs[true, said]}
        for true in KINDS
        if any(pairs[true, said] for said in KINDS)
    }


class _Counts:
    """True and false hits of one field."""

    def __init__(self) -> None:
        self.hit = self.extra = self.missed = 0

    def add(self, wanted: Sequence[Any], got: Sequence[Any]) -> bool:
        left, right = Counter(wanted), Counter(got)
        both = sum((left & right).values())
        self.hit += both
        self.extra += sum(right.values()) - both
        self.missed += sum(left.values()) - both
        return left == right

    @property
    def f1(self) -> float:
        total = 2 * self.hit + self.extra + self.missed
        return 2 * self.hit / total if total else 1.0


def external(path: Path) -> dict[str, Any]:
    """Measure on rows of a JSON lines file; absent fields are not measured."""
    fields = {name: _Counts() for name in ("amount_yuan", "links", "phones", "flags")}
    exact = {"lender": [0, 0], "overdue_days": [0, 0], "verdict": [0, 0]}
    wanted, got, worst, times = [], [], [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        started = time.perf_counter()
        analysis = analyse(row["text"], row.get("sender"))
        times.append(time.perf_counter() - started)
        truth = row.get("fields") or {}
        problems = _fields(truth, analysis, fields, exact)
        if row.get("verdict"):
            problems += _exact("verdict", row["verdict"], analysis.verdict, exact)
        if "red_flags" in row:
            flags = [
                f["flag"] if isinstance(f, Mapping) else f for f in row["red_flags"]
            ]
            if not fields["flags"].add(flags, analysis.red_flags):
                problems.append(f"flags {sorted(set(flags) ^ set(analysis.red_flags))}")
        kind = row.get("kind") or row.get("label")
        if kind:
            said = analysis.kind
            if said in (row.get("alt_labels") or ()):
                said = kind
            wanted.append(kind)
            got.append(said)
            if said != kind:
                problems.append(f"kind {kind} read as {said}")
        if problems:
            worst.append((row.get("id"), problems))
    return {
        "f1": scores(wanted, got),
        "confusion": confusion(wanted, got),
        "fields": {name: round(counts.f1, 4) for name, counts in fields.items()},
        "exact": {name: right / of for name, (right, of) in exact.items() if of},
        "p50_ms": statistics.median(times) * 1000 if times else 0.0,
        "worst": worst,
    }


def _fields(
    truth: Mapping[str, Any],
    analysis: Analysis,
    fields: Mapping[str, _Counts],
    exact: dict[str, list[int]],
) -> list[str]:
    problems: list[str] = []
    for name in ("amount_yuan", "links", "phones"):
        if name in truth:
            said = getattr(analysis.fields, name)
            if not fields[name].add(truth[name], said):
                problems.append(f"{name} {truth[name]} read as {list(said)}")
    for name in ("lender", "overdue_days"):
        if name in truth:
            problems += _exact(name, truth[name], getattr(analysis.fields, name), exact)
    return problems


def _exact(name: str, want: Any, said: Any, exact: dict[str, list[int]]) -> list[str]:
    exact[name][1] += 1
    if want == said:
        exact[name][0] += 1
        return []
    return [f"{name} {want!r} read as {said!r}"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures and write the rest to the results folder."""
    parser = argparse.ArgumentParser(prog="python -m wenzhu.message.evaluate")
    parser.add_argument("file", nargs="?", type=Path, help="labelled JSON lines")
    options = parser.parse_args(arguments)
    report = external(options.file) if options.file else cross_validate()
    worst = report.pop("worst")
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    RESULTS.mkdir(exist_ok=True)
    name = options.file.stem if options.file else "own"
    target = RESULTS / f"message-{name}.json"
    target.write_text(
        json.dumps({**report, "worst": worst}, ensure_ascii=False, indent=1),
        encoding="utf-8",
    )
    sys.stdout.write(f"worst messages: {target.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
