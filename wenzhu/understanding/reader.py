"""Read one utterance in the light of the conversation: the whole understanding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wenzhu.crisis.closing import closes, says_safe
from wenzhu.crisis.gate import BY_MODEL, CrisisSignal, Gate
from wenzhu.crisis.now import live_situation
from wenzhu.message import analyse
from wenzhu.settings import MAX_TEXT_CHARACTERS
from wenzhu.text.folding import fold
from wenzhu.understanding.keeping import keep_request
from wenzhu.understanding.language import language_of
from wenzhu.understanding.messages import add_message
from wenzhu.understanding.model import Model, Reading
from wenzhu.understanding.payloads import add_skip, from_payload, offered_payload
from wenzhu.understanding.result import (
    Button,
    Conversation,
    Understanding,
    entity,
    unreadable,
)
from wenzhu.understanding.short_answers import ShortAnswer, short_answer
from wenzhu.understanding.spans import span_of

MESSAGE_INTENTS = ("paste_sms", "describe_sms")
_CONTENT = re.compile(r"[^\W_]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_NO_WORDS = re.compile(r"[{}<>]|[^\W\d_a-zA-Z]|[\u0300-\u036f]{2}")
"""Code, or letters of another script: no words for us unless Chinese stands beside."""

_WORD = re.compile(r"[a-zA-Z]{2,}")
_THE_OTHER = re.compile(
    r"^(?:她|他|佢|伊|人家|我?(?:妈|爸|老公|老婆|爱人|对象|儿子|女儿|弟|妹|哥|姐|朋友))+"
)


@dataclass(frozen=True)
class Thresholds:
    """Cut-offs, found by cross-validation (make evaluate; docs/nlu.md)."""

    out_of_scope: float = 0.35
    fear: float = 0.2
    fear_beside: float = 0.45
    fear_denied: float = 0.5
    loan: float = 0.5
    role: float = 0.5
    topic: float = 0.25
    topic_lead: float = 0.08
    topic_sure: float = 0.75
    close_call: float = 0.08
    close_call_top: float = 0.45


OTHER_LOAN = "other_has_loan"
ASKED_LIKE: Mapping[str | None, str] = {OTHER_LOAN: "has_loan"}
"""A question that is read like another one."""


__all__ = ["Button", "Conversation", "Reader", "Thresholds", "Understanding"]


@dataclass(frozen=True)
class Reader:
    """All models together; ``read`` is the one door."""

    model: Model
    gate: Gate
    thresholds: Thresholds = Thresholds()

    def read(self, text: str, conversation: Conversation) -> Understanding:
        """Understand one utterance. Never raises on any text."""
        if len(text) > MAX_TEXT_CHARACTERS:
            return unreadable("too_long")
        payload = offered_payload(text, conversation.buttons)
        if payload is not None:
            return from_payload(payload, conversation)
        command, text = text.startswith("/"), text.lstrip("/")
        if not _CONTENT.search(text):
            return unreadable("emoji" if text.strip() else "empty")
        if not _HAN.search(text) and (command or _NO_WORDS.search(fold(text))):
            return self.unreadable(text)
        return self._read_words(text, conversation)

    def unreadable(self, text: str) -> Understanding:
        """The reading of a text that could not be read, crisis gate first."""
        understanding = unreadable("unreadable")
        signal = self.gate.assess(text)
        if signal.level == "crisis":
            del understanding.signals["unreadable"]
            _open_crisis(understanding, signal, Conversation())
        return understanding

    def _read_words(self, text: str, conversation: Conversation) -> Understanding:
        asked = ASKED_LIKE.get(conversation.open_question, conversation.open_question)
        stated = text
        if conversation.open_question == OTHER_LOAN:
            stated = _THE_OTHER.sub("", text) or text
        reading = self.model.read(stated, asked)
        ranking = self._ranking(reading)
        short = short_answer(stated, asked)
        if short is not None:
            ranking = [(short.intent, 1.0)] + [
                r for r in ranking if r[0] != short.intent
            ]
        understanding = Understanding(ranking)
        pasted = understanding.intent == "paste_sms"
        self._add_states(understanding, reading, text, short, pasted)
        self._add_fears(understanding, reading, text, conversation, pasted)
        if understanding.intent in MESSAGE_INTENTS:
            add_message(understanding, analyse(text))
        self._add_gates(understanding, text, conversation, pasted)
        if short is None:
            self._add_topic(understanding, reading)
            self._add_clarification(understanding)
        language = language_of(text)
        if language is not None and language != conversation.language and not pasted:
            understanding.entities.append(entity("language", language))
        if short is not None and short.skips and conversation.open_question:
            add_skip(understanding, conversation)
        if conversation.open_question == OTHER_LOAN:
            _as_the_others(understanding)
        request = keep_request(text)
        if request is not None:
            _ask_to_keep(understanding, request)
        return understanding

    def _ranking(self, reading: Reading) -> list[tuple[str, float]]:
        ranking = sorted(
            reading.probabilities["intent"].items(), key=lambda pair: -pair[1]
        )
        beyond = reading.probabilities["intent"].get("out_of_scope", 0.0)
        if beyond >= self.thresholds.out_of_scope and ranking[0][0] != "out_of_scope":
            ranking = [("out_of_scope", beyond)] + [
                pair for pair in ranking if pair[0] != "out_of_scope"
            ]
        return ranking

    def _add_states(
        self,
        understanding: Understanding,
        reading: Reading,
        text: str,
        short: ShortAnswer | None,
        pasted: bool,
    ) -> None:
        if short is not None:
            if short.loan_state:
                understanding.entities.append(entity("loan_state", short.loan_state))
            return
        if pasted or not (_HAN.search(text) or len(_WORD.findall(text)) > 1):
            return
        for head, name, neutral, least in (
            ("loan", "loan_state", "none", self.thresholds.loan),
            ("other_loan", "other_loan_state", "none", self.thresholds.loan),
            ("role", "role", "self", self.thresholds.role),
        ):
            label, confidence = max(
                reading.probabilities[head].items(), key=lambda pair: pair[1]
            )
            if label != neutral and confidence >= least:
                start, end = span_of(self.model, text, head, label)
                understanding.entities.append(
                    entity(name, label, confidence, start, end)
                )

    def _add_fears(
        self,
        understanding: Understanding,
        reading: Reading,
        text: str,
        conversation: Conversation,
        pasted: bool,
    ) -> None:
        denied = {
            fear
            for fear, probability in reading.probabilities["fears_denied"].items()
            if probability >= self.thresholds.fear_denied
        }
        # A question about the same thing is no worry yet.
        worry = understanding.intent == "inform_fear"
        least = self.thresholds.fear if worry else self.thresholds.fear_beside
        said = {
            fear: probability
            for fear, probability in reading.probabilities["fears"].items()
            if probability >= least and fear not in denied
        }
        if pasted:
            said, denied = {}, set()
        if not said and not denied & set(conversation.fears):
            return
        kept = [fear for fear in conversation.fears if fear not in denied]
        for fear in kept:
            if fear not in said:
                understanding.entities.append(entity("fear", fear))
        order = {fear: span_of(self.model, text, "fears", fear) for fear in said}
        for fear in sorted(said, key=lambda name: (order[name][0] or 0, name)):
            start, end = order[fear]
            understanding.entities.append(entity("fear", fear, said[fear], start, end))
        understanding.signals["new_fears"] = [
            fear for fear in said if fear not in conversation.fears
        ]
        if denied:
            understanding.signals["fears_denied"] = sorted(denied)

    def _add_gates(
        self,
        understanding: Understanding,
        text: str,
        conversation: Conversation,
        pasted: bool,
    ) -> None:
        signal = self.gate.assess(text, pasted=pasted)
        # Safe again and asking for the case, by rule, outweighs the model alone.
        comes_back = conversation.crisis_open and closes(
            text, understanding.intent, conversation.said_safe
        )
        if signal.level == "crisis" and not (comes_back and signal.rule == BY_MODEL):
            _open_crisis(understanding, signal, conversation)
        elif conversation.crisis_open:
            if comes_back:
                understanding.entities.append(entity("crisis_open", False))
                understanding.signals["crisis_closed"] = True
            else:
                understanding.signals["crisis"] = {"subject": "self", "again": True}
                understanding.signals["said_safe"] = (
                    conversation.said_safe or says_safe(text)
                )
        elif signal.level == "middle":
            understanding.signals["care"] = True
        if not pasted:
            live = live_situation(text)
            if live is not None:
                understanding.signals["now"] = live.name

    def _add_topic(self, understanding: Understanding, reading: Reading) -> None:
        topics = reading.probabilities["topic"]
        if not topics or understanding.intent in MESSAGE_INTENTS:
            return
        (topic, high), (_, low) = sorted(
            topics.items(), key=lambda pair: pair[1], reverse=True
        )[:2]
        if high >= self.thresholds.topic and high - low >= self.thresholds.topic_lead:
            understanding.signals["topic"] = topic
            if high >= self.thresholds.topic_sure:
                understanding.signals["topic_sure"] = True

    def _add_clarification(self, understanding: Understanding) -> None:
        (first, high), (second, low) = understanding.ranking[:2]
        close = high - low < self.thresholds.close_call
        if close and high < self.thresholds.close_call_top:
            understanding.signals["clarify"] = [first, second]


KEEP_INTENT = "ask_how_to_evidence"
_OF_OTHERS = ("message_", "red_flag", "loan_state", "other_loan_state", "role")
"""In a note these are what the caller said, not what the person states."""


def _ask_to_keep(understanding: Understanding, request: str) -> None:
    """A request about kept evidence states nothing and needs no other answer."""
    understanding.signals["keep"] = request
    for name in ("topic", "clarify", "findings", "unreadable"):
        understanding.signals.pop(name, None)
    understanding.entities[:] = [
        found
        for found in understanding.entities
        if not found["entity"].startswith(_OF_OTHERS)
    ]
    others = [pair for pair in understanding.ranking if pair[0] != KEEP_INTENT]
    understanding.ranking[:] = [(KEEP_INTENT, 1.0), *others]


def _as_the_others(understanding: Understanding) -> None:
    """An answer to whether the other person borrowed is about their loan."""
    stated = {found["entity"] for found in understanding.entities}
    for found in understanding.entities:
        if found["entity"] == "loan_state" and "other_loan_state" not in stated:
            found["entity"] = "other_loan_state"


def _open_crisis(
    understanding: Understanding, signal: CrisisSignal, conversation: Conversation
) -> None:
    understanding.signals["crisis"] = {
        "subject": signal.subject,
        "act_under_way": signal.act_under_way,
    }
    understanding.entities.append(entity("crisis_open", True))
    fears = [e["value"] for e in understanding.entities if e["entity"] == "fear"]
    known = fears or list(conversation.fears)
    if not fears:
        understanding.entities += [entity("fear", fear) for fear in known]
    if "crisis" not in known:
        understanding.entities.append(entity("fear", "crisis"))


def redirect(understanding: Understanding, intent: str, text: str) -> None:
    """Give a reading another intent, with what goes with it."""
    others = [pair for pair in understanding.ranking if pair[0] != intent]
    was, certainty = understanding.ranking[0]
    understanding.ranking[:] = [(intent, certainty), *others]
    understanding.signals.pop("clarify", None)
    if was in MESSAGE_INTENTS and intent not in MESSAGE_INTENTS:
        understanding.signals.pop("findings", None)
        understanding.entities[:] = [
            one
            for one in understanding.entities
            if not one["entity"].startswith(("message_", "red_flag"))
        ]
    elif intent in MESSAGE_INTENTS and was not in MESSAGE_INTENTS:
        add_message(understanding, analyse(text))
