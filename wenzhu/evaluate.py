"""How well sentences are understood: ``python -m wenzhu.evaluate``.

Cross-validation on the training sentences and the held-out dev set, per label, with
the wrong sentences written out. Results go to an ignored folder; the committed floors
of ``tests/nlu/floors.yml`` make a drop fail.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wenzhu.settings import ROOT
from wenzhu.understanding.examples import FEARS, Example
from wenzhu.understanding.reader import Conversation, Reader, Understanding
from wenzhu.understanding.sentences import sentences_in, training_sentences

RESULTS = ROOT / "results" / "nlu"
HELD_OUT = ROOT / "tests" / "nlu"
DEV = HELD_OUT / "dev"
SETS = ("dev", "judge")
"""Two sets by writers who did not see the training sentences: hard, and everyday."""

TOPICS = HELD_OUT / "topics.yml"
OUT = "out_of_scope"
BARE = {"affirm", "deny", "dont_know"}
INFORM = {"inform_loan", "inform_fear"}


@dataclass(frozen=True)
class Judged:
    """One held-out sentence and what was understood."""

    example: Example
    understanding: Understanding

    @property
    def intent_right(self) -> bool:
        """Whether the intent is the labelled one."""
        return self.understanding.intent == self.example.intent

    @property
    def neutral(self) -> bool:
        """A bare yes or no that carries a fact: neither intent is right or wrong."""
        facts = self.example.has_loan is not None or bool(self.example.fears)
        intents = {self.example.intent, self.understanding.intent}
        return facts and intents <= BARE | INFORM and bool(intents & BARE)

    def value(self, name: str) -> str | None:
        """The value of the single entity of this name, or None."""
        for entity in self.understanding.entities:
            if entity["entity"] == name:
                return str(entity["value"])
        return None

    @property
    def fears(self) -> frozenset[str]:
        """The fears understood in this sentence alone."""
        return frozenset(
            entity["value"]
            for entity in self.understanding.entities
            if entity["entity"] == "fear" and entity["value"] in FEARS
        )


def judge(reader: Reader, examples: Sequence[Example]) -> list[Judged]:
    """Read every sentence in the light of its own open question."""
    return [
        Judged(example, reader.read(example.text, Conversation(example.context)))
        for example in examples
    ]


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """The headline figures of issue 02, each between 0 and 1."""
    inside = [row for row in judged if row.example.intent != OUT and not row.neutral]
    outside = [row for row in judged if row.example.intent == OUT]
    loans = [(row.example.has_loan, row.value("loan_state")) for row in judged]
    return {
        "intent": _share(inside, lambda row: row.intent_right),
        "has_loan": sum(gold == said for gold, said in loans) / len(loans),
        "has_loan_wrong_value": sum(
            said is not None and gold != said for gold, said in loans
        )
        / len(loans),
        "fears_micro_f1": _micro_f1(judged),
        "out_of_scope_recall": _share(outside, lambda row: row.intent_right),
        "out_of_scope_false": _share(
            inside, lambda row: row.understanding.intent == OUT
        ),
        "calibration_error": _calibration_error(inside),
    }


def topic_figures(reader: Reader) -> dict[str, float]:
    """How many held-out ways of asking reach their written question, or a wrong one."""
    from wenzhu.knowledge.yaml_files import read_yaml

    asks: dict[str, list[str]] = read_yaml(TOPICS)["asks"]
    heard = [
        (topic, reader.read(text, Conversation()).signals.get("topic"))
        for topic, texts in asks.items()
        for text in texts
    ]
    return {
        "topic": sum(meant == said for meant, said in heard) / len(heard),
        "topic_wrong": sum(said not in (None, meant) for meant, said in heard)
        / len(heard),
    }


def _share(rows: Sequence[Judged], holds: Callable[[Judged], bool]) -> float:
    return sum(map(holds, rows)) / len(rows) if rows else 0.0


def _micro_f1(judged: Sequence[Judged]) -> float:
    right = sum(len(row.fears & row.example.fears) for row in judged)
    said = sum(len(row.fears) for row in judged)
    gold = sum(len(row.example.fears) for row in judged)
    return 2 * right / (said + gold) if said + gold else 0.0


def _calibration_error(rows: Sequence[Judged], bins: int = 10) -> float:
    confidences = np.array([row.understanding.ranking[0][1] for row in rows])
    right = np.array([row.intent_right for row in rows])
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidences[places == b].mean() - right[places == b].mean())
            * (places == b).mean()
            for b in set(places.tolist())
        )
    )


def per_label(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Precision, recall and count for each intent, loan state and fear."""
    pairs: dict[str, tuple[Counter[str], Counter[str], Counter[str]]] = {}

    def count(kind: str, gold: set[str], said: set[str]) -> None:
        counters = pairs.setdefault(kind, (Counter(), Counter(), Counter()))
        for counter, values in zip(counters, (gold & said, gold, said), strict=True):
            counter.update(values)

    for row in judged:
        count("intent", {row.example.intent}, {row.understanding.intent})
        said_loan = row.value("loan_state")
        count(
            "loan",
            {row.example.has_loan} - {None},  # type: ignore[arg-type]
            {said_loan} if said_loan else set(),
        )
        count("fear", set(row.example.fears), set(row.fears))
    return {
        f"{kind}.{label}": {
            "precision": right[label] / said[label] if said[label] else 0.0,
            "recall": right[label] / gold[label],
            "count": float(gold[label]),
        }
        for kind, (right, gold, said) in pairs.items()
        for label in sorted(gold)
    }


def mistakes(judged: Sequence[Judged]) -> list[str]:
    """Every wrong reading as a sentence, intents first."""
    lines = []
    for row in judged:
        gold, context = row.example, row.example.context or "-"
        if not row.intent_right:
            lines.append(
                f"intent {gold.intent} → {row.understanding.intent} "
                f"{row.understanding.ranking[0][1]:.2f} [{context}] {gold.text}"
            )
        if row.value("loan_state") != gold.has_loan:
            lines.append(
                f"loan {gold.has_loan} → {row.value('loan_state')} "
                f"[{context}] {gold.text}"
            )
        if row.fears != gold.fears:
            lines.append(
                f"fears {sorted(gold.fears)} → {sorted(row.fears)} "
                f"[{context}] {gold.text}"
            )
    return sorted(lines)


def write(name: str, judged: Sequence[Judged]) -> dict[str, float]:
    """Write all results of one data set and return its headline figures."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    found = figures(judged)
    report = {"figures": found, "labels": per_label(judged)}
    (RESULTS / f"{name}.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    (RESULTS / f"{name}-mistakes.txt").write_text(
        "\n".join(mistakes(judged)), encoding="utf-8"
    )
    _draw_confusion(name, judged)
    return found


def _draw_confusion(name: str, judged: Sequence[Judged]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    labels = sorted({row.example.intent for row in judged})
    place = {label: at for at, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for row in judged:
        if row.understanding.intent in place:
            table[place[row.example.intent], place[row.understanding.intent]] += 1
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(12, 12))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90)
    axes.set_yticks(range(len(labels)), labels)
    for row, column in np.argwhere(table > 0):
        axes.text(column, row, str(int(table[row, column])), ha="center", va="center")
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    figure.tight_layout()
    figure.savefig(RESULTS / f"{name}-confusion.png", dpi=90)
    pyplot.close(figure)


def cross_validate(folds: int) -> list[Judged]:
    """Judge every training sentence by a model that did not see it."""
    from wenzhu.app import reader_of
    from wenzhu.understanding.learning import encode_all
    from wenzhu.understanding.training import fit

    examples = training_sentences()
    order = np.random.default_rng(7).permutation(len(examples))
    examples = [examples[place] for place in order]
    encoded = encode_all([example.text for example in examples], print)
    judged: list[Judged] = []
    for fold in range(folds):
        kept = [place for place in range(len(examples)) if place % folds != fold]
        held = [place for place in range(len(examples)) if place % folds == fold]
        model = fit([examples[place] for place in kept], encoded.of(kept), print)
        judged += judge(reader_of(model), [examples[place] for place in held])
    return judged


def below_floors(name: str, found: dict[str, float]) -> list[str]:
    """The figures that fell below the committed floors."""
    from wenzhu.knowledge.yaml_files import read_yaml

    floors: dict[str, Any] = read_yaml(ROOT / "tests" / "nlu" / "floors.yml")[name]
    return [
        f"{name}: {figure} is {found[figure]:.3f}, floor {floor}"
        for figure, floor in floors.items()
        if (
            found[figure] > floor
            if "false" in figure or "error" in figure or "wrong" in figure
            else found[figure] < floor
        )
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate; exit 1 when a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5, help="0 skips cross-validation")
    parser.add_argument("--model", type=Path, help="a trained model's folder")
    options = parser.parse_args(arguments)
    from wenzhu.app import latest_reader

    started = time.perf_counter()
    reader = latest_reader(options.model)
    results = {
        name: write(name, judge(reader, sentences_in(HELD_OUT / name))) for name in SETS
    }
    results["topics"] = topic_figures(reader)
    if options.folds:
        results["cross_validation"] = write(
            "cross_validation", cross_validate(options.folds)
        )
    failures: list[str] = []
    for name, found in results.items():
        failures += below_floors(name, found)
        print(name, {figure: round(value, 3) for figure, value in found.items()})  # noqa: T201
    print(f"{time.perf_counter() - started:.0f} s; details in {RESULTS}")  # noqa: T201
    for failure in failures:
        print("BELOW FLOOR", failure, file=sys.stderr)  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
