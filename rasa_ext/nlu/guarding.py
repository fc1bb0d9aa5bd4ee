"""A reading checked by words, and by what the bot said before it."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from wenzhu.adapters.clock import today
from wenzhu.guidance.guards import added, is_in_scope, is_stated, rerouted
from wenzhu.guidance.heard import decided, refuses
from wenzhu.letters.deadlines import read_deadline
from wenzhu.review.consent import SLOT, consent_stated
from wenzhu.understanding.reader import Conversation, redirect
from wenzhu.understanding.reader import Understanding as Result
from wenzhu.understanding.result import entity

OUT_OF_SCOPE = "out_of_scope"
CERTAIN = 1.0
"""Confidence of a quick reply or an answer of few words, which no guard doubts."""


def guarded(
    result: Result, text: str, conversation: Conversation, said: Sequence[str]
) -> Result:
    """A reading checked by what its words and the answers before it allow.

    Args:
        result: what the model read.
        text: what the person wrote.
        conversation: which question is open, which were skipped.
        said: responses of the bot's last turns, the newest first.
    """
    stated_consent = consent_stated(text)
    if stated_consent is not None and not {"crisis", "now"} & set(result.signals):
        answer_review(result, stated_consent)
        return result
    gated = {"crisis", "now", "unreadable", "keep"} & set(result.signals)
    if gated or result.ranking[0][1] >= CERTAIN or result.intent == "paste_sms":
        return result
    refused = refuses(text)
    if refused is not None:
        skip(result, conversation, everything=refused == "all")
        return result
    if read_deadline(text, today()) is not None:
        result.signals["deadline"] = True
    sure = result.signals.get("topic_sure")
    topic, follows = decided(text, said)
    intent = rerouted(
        text,
        result.ranking,
        topic if follows or not sure else None,
        follows=follows,
        modelled="topic" in result.signals,
    )
    if intent is not None:
        redirect(result, intent, text)
    if result.intent == OUT_OF_SCOPE and not sure and not is_in_scope(text):
        result.signals.pop("topic", None)
    _drop_unstated(result, text)
    known = {one["entity"] for one in result.entities}
    stated = [pair for pair in added(text) if pair[0] not in known]
    if any(name == "skip" for name, _ in stated):
        stated += [("skip", slot) for slot in conversation.skipped]
    result.entities += [entity(*pair) for pair in dict.fromkeys(stated)]
    return result


def answer_review(result: Result, value: str) -> None:
    """Take a sentence as a yes or no to having one's words used, and nothing else."""
    redirect(result, "affirm" if value.startswith("yes") else "deny", "")
    result.ranking[0] = (result.intent, CERTAIN)
    for name in ("topic", "topic_sure", "keep", "new_fears", "care"):
        result.signals.pop(name, None)
    result.entities[:] = [entity(SLOT, value)]


def _drop_unstated(result: Result, text: str) -> None:
    result.entities[:] = [one for one in result.entities if is_stated(text, one)]
    fears = {one["value"] for one in result.entities if one["entity"] == "fear"}
    new = result.signals.get("new_fears")
    if new is not None:
        result.signals["new_fears"] = [fear for fear in new if fear in fears]


QUESTIONS = ("has_loan", "other_has_loan", "message_text", "fears")


def skip(result: Result, conversation: Conversation, everything: bool) -> None:
    """Take a sentence as a refusal: of the open question, or of all of them."""
    redirect(result, "deny", "")
    wanted = QUESTIONS if everything else (conversation.open_question or QUESTIONS[0],)
    result.entities[:] = [
        entity("skip", slot) for slot in dict.fromkeys((*conversation.skipped, *wanted))
    ]
    result.signals.pop("topic", None)


LOOKED_BACK = 3
"""Turns of the bot that a short question may lean on."""


def said_lately(tracker: DialogueStateTracker | None) -> list[str]:
    """The responses of the bot's last turns, the newest first."""
    said: list[str] = []
    turns = 0
    for event in reversed(list(tracker.events) if tracker else []):
        if isinstance(event, BotUttered):
            said.append(str(event.metadata.get("utter_action") or ""))
        elif isinstance(event, UserUttered):
            turns += 1
            if turns == LOOKED_BACK:
                break
    return said
