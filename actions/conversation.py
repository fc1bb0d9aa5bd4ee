"""Between a Rasa tracker and a case: reading slots, saying bubbles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from wenzhu.case import Case, Say
from wenzhu.guidance import resume, without_buttons
from wenzhu.guidance.heard import plain_topic, topic_of

FORM = "triage_form"
ASKED_AT_MOST = 2
MESSAGE_INTENTS = ("paste_sms", "describe_sms")


def case_of(tracker: Tracker) -> Case:
    """The case that the slots describe."""
    return Case.from_slots(tracker.get_slot)


def say_all(dispatcher: CollectingDispatcher, says: Iterable[Say]) -> None:
    """Say each bubble in order."""
    for say in says:
        card = {"card": dict(say.card)} if say.card else {}
        dispatcher.utter_message(response=say.response, **card, **say.variables)


def intent_of(tracker: Tracker) -> str:
    """The intent of the latest message."""
    return str(tracker.latest_message.get("intent", {}).get("name") or "")


def certainty_of(tracker: Tracker) -> float:
    """How sure the reading of the latest message is; 1 where words decide it."""
    read = tracker.latest_message.get("intent", {}).get("confidence")
    return float(read or 0.0)


def text_of(tracker: Tracker) -> str:
    """The words of the latest message."""
    return str(tracker.latest_message.get("text") or "")


def entities_of(tracker: Tracker) -> dict[str, Any]:
    """What the latest message stated: entity name to value."""
    return {
        entity["entity"]: entity["value"]
        for entity in tracker.latest_message.get("entities", [])
    }


def signal(tracker: Tracker, name: str) -> Any:
    """What the NLU component said beside intent and entities, or None."""
    return tracker.latest_message.get(name)


def brought_message(tracker: Tracker) -> bool:
    """Whether the latest message is, or retells, an SMS."""
    return intent_of(tracker) in MESSAGE_INTENTS


def last_response(tracker: Tracker) -> str | None:
    """The response that the bot said last, before the latest message."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            return str(event.get("metadata", {}).get("utter_action") or "") or None
    return None


LOOKED_BACK = 3
"""Turns of the bot in which the ground of a «which law?» may lie."""


def last_answers(tracker: Tracker) -> list[str]:
    """The responses of the bot's last few turns, the newest first."""
    said: list[str] = []
    turns = 0
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            said.append(str(event.get("metadata", {}).get("utter_action") or ""))
        elif event.get("event") == "user":
            turns += 1
            if turns > LOOKED_BACK:
                break
    return said


def heard_topic(tracker: Tracker) -> str | None:
    """What the latest message asks, as its words or the last answer decide it."""
    sure = signal(tracker, "topic") if signal(tracker, "topic_sure") else None
    return plain_topic(text_of(tracker), last_answers(tracker), sure)


def asked_topic(tracker: Tracker) -> str | None:
    """What the latest message asks: by words, by what it follows, by the model."""
    return topic_of(
        text_of(tracker),
        signal(tracker, "topic"),
        last_answers(tracker),
        bool(signal(tracker, "topic_sure")),
    )


def said_this_turn(tracker: Tracker) -> int:
    """How many bubbles the bot has said since the person last spoke."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        count += event.get("event") == "bot"
    return count


def said_before(tracker: Tracker) -> set[str]:
    """Every response that the bot said in this conversation."""
    return {
        str(event.get("metadata", {}).get("utter_action"))
        for event in tracker.events
        if event.get("event") == "bot"
    }


def findings_of(tracker: Tracker) -> list[dict[str, Any]]:
    """What the analyser found in the message of the case, newest first."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            found = event.get("parse_data", {}).get("findings")
            if found is not None:
                return list(found)
    return []


def has_spoken(tracker: Tracker) -> bool:
    """Whether the bot ever said a word in this conversation."""
    return any(event.get("event") == "bot" for event in tracker.events)


def actions_this_turn(tracker: Tracker) -> list[str]:
    """Names of the actions that ran since the person last spoke."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "action":
            names.append(str(event.get("name")))
    return names


KNOWN_BEFORE = ("has_loan", "other_has_loan", "message_kind", "fears")


def opening(tracker: Tracker) -> Say | None:
    """What is said before anything else to somebody who has not heard us yet.

    A person who comes back after the session ended hears where the case stands.
    """
    if has_spoken(tracker):
        return None
    for event in tracker.events:
        if event.get("event") == "user":
            break
        if event.get("name") in KNOWN_BEFORE and event.get("value"):
            return without_buttons(resume(case_of(tracker)))
    return Say("utter_triage_welcome_short")


def is_under_way(tracker: Tracker) -> bool:
    """Whether anything of the case is known, so that there is a place to resume."""
    return any(tracker.get_slot(name) for name in KNOWN_BEFORE)


def times_asked(tracker: Tracker, slot: str) -> int:
    """How often the form has asked for a slot since the case began."""
    response = f"utter_ask_{FORM}_{slot}"
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") == "action" and event.get("name") == "action_start_over":
            break
        if event.get("event") == "bot":
            count += event.get("metadata", {}).get("utter_action") == response
    return count
