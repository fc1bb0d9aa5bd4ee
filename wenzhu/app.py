"""Wires the parts together, once and lazily. The only place that knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wenzhu.crisis.gate import Gate, train_gate
from wenzhu.understanding.examples import Example
from wenzhu.understanding.model import Model
from wenzhu.message import analyse
from wenzhu.understanding.reader import Conversation, Reader, Thresholds
from wenzhu.understanding.training import train


def train_reader(examples: Sequence[Example], folder: Path) -> None:
    """Train every model that reads an utterance and save them under a folder."""
    train(examples, say=_progress).save(folder / "sentences")
    _progress("learning crisis")
    train_gate(folder / "crisis", [example.text for example in examples])


def load_reader(folder: Path, thresholds: Thresholds) -> Reader:
    """Load what ``train_reader`` saved; the first sentence is read here, unheard.

    Raises:
        ModelRefused: a model file is missing or changed.
    """
    reader = Reader(
        Model.load(folder / "sentences"), Gate.load(folder / "crisis"), thresholds
    )
    # The first use of each part loads it; nobody should wait for that.
    reader.read("热身", Conversation())
    analyse("热身")
    return reader


def reader_of(model: Model) -> Reader:
    """A reader around a model that is not saved yet, for evaluation."""
    return Reader(model, Gate())


def _progress(line: str) -> None:
    import sys

    print(f"  · {line}", file=sys.stderr, flush=True)  # noqa: T201
