"""Training of the message pipeline: ``python -m wenzhu.message.train``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import (  # type: ignore[import-untyped]
    LogisticRegression,
)
from spacy.language import Language

from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.message.analysis import KINDS
from wenzhu.message.kind import KindModel, ngrams
from wenzhu.message.pipeline import build, features
from wenzhu.message.store import (
    MESSAGES,
    SOURCES,
    VERSION,
    folder,
    write_manifest,
)

STRENGTH = 20.0
RARE = 2


@dataclass(frozen=True)
class Example:
    """One message written for training, with its kind."""

    text: str
    kind: str
    sender: str | None = None


def read_examples(path: Path = MESSAGES) -> list[Example]:
    """Read the training messages.

    Raises:
        ValueError: A file names a kind that does not exist.
    """
    examples: list[Example] = []
    for file in sorted(path.glob("*.yml")):
        content = read_yaml(file)
        kind = content["kind"]
        if kind not in KINDS:
            raise ValueError(f"{file.name}: {kind!r} is no kind of message")
        for item in content["messages"]:
            if isinstance(item, str):
                examples.append(Example(item, kind))
            else:
                sender = item.get("sender")
                examples.append(Example(item["text"], item.get("kind", kind), sender))
    return examples


def data_pipeline() -> Language:
    """Build the pipeline without weights: enough to compute features."""
    lenders, signs = (read_yaml(source) for source in SOURCES)
    return build(lenders, signs, None, VERSION)


def read_features(
    nlp: Language, examples: Sequence[Example]
) -> list[tuple[str, list[str]]]:
    """Compute the features of each example."""
    rows = []
    for example in examples:
        doc = nlp.make_doc(example.text)
        doc._.sender = example.sender
        rows.append(features(nlp(doc)))
    return rows


def fit(rows: Sequence[tuple[str, list[str]]], kinds: Sequence[str]) -> KindModel:
    """Fit the weights on features and kinds."""
    grams: Counter[str] = Counter()
    names: set[str] = set()
    for plain, signs in rows:
        grams.update(ngrams(plain).keys())
        names.update(sign for sign in signs if not sign.startswith("sender:"))
    vocabulary = sorted(gram for gram, count in grams.items() if count >= RARE)
    counts = np.array([grams[gram] for gram in vocabulary], dtype=np.float64)
    idf = (np.log((1 + len(rows)) / (1 + counts)) + 1).astype(np.float32)
    size = len(vocabulary) + len(names)
    empty = np.zeros((size, len(KINDS)), dtype=np.float32)
    model = KindModel(vocabulary, sorted(names), idf, empty, empty[0].copy())
    indptr: list[int] = [0]
    indices: list[int] = []
    values: list[float] = []
    for plain, signs in rows:
        row = model.vector(plain, signs)
        indices.extend(row.keys())
        values.extend(row.values())
        indptr.append(len(indices))
    matrix = csr_matrix((values, indices, indptr), shape=(len(rows), size))
    learner = LogisticRegression(
        C=STRENGTH, max_iter=400, class_weight="balanced", random_state=7
    )
    learner.fit(matrix, list(kinds))
    order = [list(learner.classes_).index(kind) for kind in KINDS]
    model.weights = learner.coef_[order].T.astype(np.float32)
    model.bias = learner.intercept_[order].astype(np.float32)
    return model


def train(target: Path | None = None) -> Path:
    """Train, save with a manifest and return the folder."""
    target = target or folder()
    examples = read_examples()
    _say(f"analyser: training on {len(examples)} messages ...")
    nlp = data_pipeline()
    model = fit(read_features(nlp, examples), [example.kind for example in examples])
    kind: Any = nlp.get_pipe("kind")
    kind.model = model
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as space:
        fresh = Path(space) / "new"
        nlp.to_disk(fresh)
        write_manifest(fresh)
        _replace(fresh, target)
    for old in target.parent.glob("message-*"):
        if old != target and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    _say(f"analyser: saved {target.name}")
    return target


def _replace(fresh: Path, target: Path) -> None:
    """Move a finished folder into its place; another process may be first."""
    if target.exists():
        shutil.rmtree(target)
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _say(line: str) -> None:
    # Standard output belongs to the analyses.
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    train()
