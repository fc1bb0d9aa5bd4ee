"""What is said at once to what was just said, before the next question is put."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker

from actions.answers import CALLED, CALLED_SAID, IS_IT_LEGAL, answer_for, was_urgent
from actions.conversation import (
    MESSAGE_INTENTS,
    asked_topic,
    case_of,
    entities_of,
    heard_topic,
    intent_of,
    opening,
    said_before,
    signal,
    text_of,
)
from wenzhu.case import Case, Say
from wenzhu.guidance import acknowledge, of_fears, plan, reading, without_buttons
from wenzhu.guidance.cards import findings, with_card
from wenzhu.guidance.heard import MINOR, asks_something, threats_in
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.quotes import quotes_of, reason_of

NOT_A_QUESTION = frozenset({"greet", "thanks", "goodbye", "start_over", "paste_sms"})
WORRY = "怕"
DESCRIBED = "utter_triage_described"
HEARD = "utter_triage_heard"
NOTE = "utter_triage_note"
WELCOMES = frozenset({"utter_triage_welcome", "utter_triage_welcome_short", NOTE})
BESIDE = 2
"""Bubbles of an answer inside the form; the next question is the third."""


def introduced(
    tracker: Tracker, says: tuple[Say, ...], room: int = BESIDE
) -> tuple[Say, ...]:
    """The bubbles with who we are, where there is room and it was not said yet."""
    if intent_of(tracker) == "greet":
        return says[:room]
    first = opening(tracker)
    if first is not None and first.response not in WELCOMES:  # somebody comes back
        return (first, *says)[:room]
    if len(says) >= room or WELCOMES & said_before(tracker):
        return says[:room]
    if first is None and not open_slots(tracker):  # what comes next is longer
        return says
    return (*says, Say(NOTE)) if first is None else (first, *says)


def heard(tracker: Tracker, case: Case) -> tuple[Say, ...]:
    """What is said to facts, fears and messages, before the next question."""
    stated = entities_of(tracker)
    if has_new_message(tracker):
        return _read_out(tracker, case)
    known = acknowledge(stated)
    calmed = calm_now(tracker, case)
    if calmed:
        role = {"role": stated["role"]} if "role" in stated else {}
        whose = known if stated.get("loan_state") == "not_mine" else acknowledge(role)
        return (*whose, *calmed)
    if known or intent_of(tracker) != "inform_fear" or not open_slots(tracker):
        return known
    said = HEARD in said_before(tracker)
    return () if said else (Say(HEARD),)


def has_new_message(tracker: Tracker) -> bool:
    """Whether a message, or the retelling of one, was just read."""
    read = signal(tracker, "findings") is not None
    return read and intent_of(tracker) in MESSAGE_INTENTS


def _read_out(tracker: Tracker, case: Case) -> tuple[Say, ...]:
    """The reading of a message; of a retold threat, what is true of it."""
    found = signal(tracker, "findings") or []
    quotes, reason = quotes_of(found), reason_of(found)
    if intent_of(tracker) == "paste_sms":
        first, *rest = reading(case, quotes, reason, closing=False, room=BESIDE)
        card = findings(text_of(tracker), found, case.message_verdict)
        return (with_card(first, card), *rest)
    calmed = calm_now(tracker, case)
    if not calmed and not threats_in(text_of(tracker)):
        calmed = reading(case, quotes, reason, closing=False, room=1)
    return (*calmed, Say(DESCRIBED))[:BESIDE]


def calm_now(tracker: Tracker, case: Case) -> tuple[Say, ...]:
    """A bubble for a fear, or a retold threat, unless the calm stage says it."""
    new = signal(tracker, "new_fears") or []
    told = [fear for fear in threats_in(text_of(tracker)) if fear not in new]
    wanted = [*(new if open_slots(tracker) else ()), *told]
    feared = replace(case, fears=tuple(dict.fromkeys((*case.fears, *wanted))))
    heard_before = said_before(tracker)
    return tuple(
        say
        for fear in wanted
        for say in of_fears(feared, [fear])
        if say.response not in heard_before
    )[:BESIDE]


def asked_beside(tracker: Tracker) -> str | None:
    """The topic of a question that came as a fear, a fact, a retelling or a yes."""
    intent, text = intent_of(tracker), text_of(tracker)
    plain = heard_topic(tracker)
    if intent in NOT_A_QUESTION or intent.startswith("ask_") or plain == IS_IT_LEGAL:
        return None
    if intent == "affirm" and was_urgent(tracker):
        return None if CALLED_SAID in said_before(tracker) else CALLED
    if plain == MINOR or plain in OUTCOMES or intent == "describe_sms":
        return plain
    modelled = signal(tracker, "topic")
    if asks_something(text):
        return asked_topic(tracker)
    known = acknowledge(entities_of(tracker))
    fresh = {say.response for say in known} - said_before(tracker)
    if WORRY in text:
        fresh = set()
    if fresh or calm_now(tracker, case_of(tracker)):
        return plain
    return plain or (modelled if intent.startswith("inform_") else None)


def answer_beside(tracker: Tracker, case: Case, topic: str | None) -> tuple[Say, ...]:
    """Two bubbles for a question beside the form; its own question is the third.

    New fears that end the form are left to the calm stage, which names them all.
    """
    if topic is None:
        return ()
    new = signal(tracker, "new_fears")
    if topic != MINOR and new and not open_slots(tracker) and not heard_topic(tracker):
        return ()
    if topic in OUTCOMES:
        says = plan(case).stage("check")
    else:
        says = answer_for(tracker, case, topic, "ask_rights")
    return tuple(without_buttons(say) for say in says[:BESIDE])


def open_slots(tracker: Tracker) -> list[str]:
    """The questions of the form that are neither answered nor skipped."""
    loan = "has_loan" if tracker.get_slot("role") == "self" else "other_has_loan"
    skipped = list(tracker.get_slot("skipped") or ())
    return [
        slot
        for slot in (loan, "message_text", "fears")
        if not tracker.get_slot(slot) and slot not in skipped
    ]
