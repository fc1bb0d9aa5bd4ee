"""The crisis gate: deterministic rules first, a trained model beside them.

A rule that matches is a crisis. Where none does, the model may still say so, or
put the text into the middle band: one caring line, no interruption. Without a
model file the rules work alone. Nothing here raises on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wenzhu.crisis.examples import read_examples
from wenzhu.crisis.model import CrisisModel, train
from wenzhu.crisis.rules import Hit, rule_book
from wenzhu.crisis.subject import speaks_of_somebody
from wenzhu.text.normalise import Normalised, normalise

Level = Literal["none", "middle", "crisis"]
Subject = Literal["self", "other", "harm_others"]

CRISIS_FROM = 0.55
MIDDLE_FROM = 0.3
"""Cut-offs of the model, found by cross-validation (tests/nlu/test_crisis.py)."""

BY_MODEL = "model"
CHUNK = 160
"""Longer texts are read in pieces of about this many characters."""

PIECES_FOR_MODEL = 12
"""Of a long text the model reads the first and last pieces and no more than this."""

_PIECE = re.compile(r"[^。!?\n]*[。!?\n]*")
_FIRST_PERSON = re.compile(
    r"我(?!司|公司|院|行|局|所|部|中心|们|方|处|平台|律)|俺|老子|(?<![a-z])i(?![a-z])"
)
_SENDERS_VOICE = re.compile(
    r"你|您|【|\[|退订|回t|http|www|客户|用户|先生|女士|逾期|贷款"
)
_HARM = re.compile(
    r"捅|砍死|杀了|杀死|弄死|同归于尽|宰|拼命|垫背|陪葬|kill (?:him|her|them|that)"
)
_CLAUSES = re.compile(r"[,。!?;\n~\s]+")


@dataclass(frozen=True, slots=True)
class CrisisSignal:
    """What the gate found.

    Attributes:
        level: ``none``, ``middle`` (a caring line) or ``crisis``.
        subject: whom it is about; ``harm_others`` when somebody may be hurt.
        act_under_way: something was already taken or done.
        rule: id of the rule, ``model``, or empty.
        start: first character of what was found, in the text as given.
        end: one past its last character.
        probability: what the model said, when it was asked.
    """

    level: Level = "none"
    subject: Subject = "self"
    act_under_way: bool = False
    rule: str = ""
    start: int = 0
    end: int = 0
    probability: float | None = None


NOTHING = CrisisSignal()


@dataclass(frozen=True)
class Gate:
    """Rules and, when there is one, the model."""

    model: CrisisModel | None = None
    crisis_from: float = CRISIS_FROM
    middle_from: float = MIDDLE_FROM

    def assess(self, text: str, pasted: bool = False) -> CrisisSignal:
        """Judge one utterance. Never raises.

        Args:
            text: what the person wrote.
            pasted: the text is a message that somebody else wrote; then only
                what the person added in the first person counts.
        """
        normalised = normalise(text)
        best = NOTHING
        # An act under way is looked for in every piece before a thought counts.
        for number, (start, end) in enumerate(_pieces(normalised.text, pasted)):
            found = self._piece(normalised, start, end, number < PIECES_FOR_MODEL)
            if _rank(found) > _rank(best):
                best = found
        return best

    def _piece(
        self, whole: Normalised, start: int, end: int, ask_model: bool
    ) -> CrisisSignal:
        piece = whole.text[start:end]
        book = rule_book()
        masked, middle = book.mask(piece)
        hit = book.find(masked, piece)
        if hit is not None:
            return _from_rule(whole, piece, start, hit)
        probability = None
        if self.model is not None and ask_model:
            probability = self._probability(self.model, piece, masked)
            if probability >= self.crisis_from:
                return self._from_model(whole, start, end, "crisis", probability)
        if (
            middle
            or book.needs_care(masked)
            or (probability is not None and probability >= self.middle_from)
        ):
            return self._from_model(whole, start, end, "middle", probability)
        return NOTHING

    @staticmethod
    def _probability(model: CrisisModel, piece: str, masked: str) -> float:
        probability = model.probability(piece)
        if masked == piece:
            return probability
        # What is left without the figures of speech has to be a crisis too.
        return min(probability, model.probability(masked))

    @staticmethod
    def _from_model(
        whole: Normalised, start: int, end: int, level: Level, p: float | None
    ) -> CrisisSignal:
        piece = whole.text[start:end]
        first, last = whole.span(start, end)
        subject: Subject = "self"
        if _HARM.search(piece):
            subject = "harm_others"
        elif speaks_of_somebody(piece, len(piece), len(piece)):
            subject = "other"
        return CrisisSignal(level, subject, False, BY_MODEL, first, last, p)

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """The gate with its model; without one when none was trained.

        Raises:
            CrisisModelRefused: a model file is there but was changed.
        """
        try:
            return cls(CrisisModel.load(folder))
        except FileNotFoundError:
            return cls()


def train_gate(folder: Path, background: Iterable[str] = ()) -> None:
    """Train the model from ``data/crisis`` and save it.

    Args:
        folder: where the model is written.
        background: ordinary sentences of the other topics, none of them a crisis.
    """
    train(read_examples(), background).save(folder)


def assess(text: str, pasted: bool = False) -> CrisisSignal:
    """Judge one utterance by the rules alone; see ``Gate.assess``."""
    return Gate().assess(text, pasted)


def _rank(signal: CrisisSignal) -> int:
    level = ("none", "middle", "crisis").index(signal.level)
    return level * 2 + signal.act_under_way


def _from_rule(whole: Normalised, piece: str, offset: int, hit: Hit) -> CrisisSignal:
    subject: Subject = "self"
    if hit.rule.subject == "harm_others":
        subject = "harm_others"
    elif hit.rule.subject == "other" or speaks_of_somebody(piece, hit.start, hit.end):
        subject = "other"
    first, last = whole.span(offset + hit.start, offset + hit.end)
    return CrisisSignal(
        "crisis", subject, hit.rule.act_under_way, hit.rule.id, first, last
    )


def _pieces(text: str, pasted: bool) -> list[tuple[int, int]]:
    if pasted:
        return [
            span
            for span in _clauses(text)
            if _FIRST_PERSON.search(text, *span)
            and not _SENDERS_VOICE.search(text, *span)
        ]
    if len(text) <= CHUNK * 2:
        return [(0, len(text))] if text.strip() else []
    pieces: list[tuple[int, int]] = []
    start = 0
    for match in _PIECE.finditer(text):
        while match.end() - start > CHUNK * 2:
            pieces.append((start, start + CHUNK * 2))
            start += CHUNK * 2 - CHUNK // 4
        if match.end() - start >= CHUNK:
            pieces.append((start, match.end()))
            start = match.end()
    if text[start:].strip():
        pieces.append((start, len(text)))
    # The model is asked about the ends first: people say it first or last.
    return [piece for pair in _from_both_ends(pieces) for piece in pair]


def _from_both_ends(
    pieces: list[tuple[int, int]],
) -> list[list[tuple[int, int]]]:
    half = (len(pieces) + 1) // 2
    front, back = pieces[:half], pieces[half:][::-1]
    return [[front[place], *back[place : place + 1]] for place in range(len(front))]


def _clauses(text: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for match in _CLAUSES.finditer(text):
        if match.start() > start:
            spans.append((start, match.start()))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
