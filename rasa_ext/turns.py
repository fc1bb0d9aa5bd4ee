"""What happened in this turn, and what the bot said before it."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def turn_of(tracker: DialogueStateTracker) -> list[Event] | None:
    """The events since the person last spoke; None when they never did."""
    events: list[Event] = []
    # Not the applied events: of a form that runs again Rasa leaves out the sentence.
    for event in reversed(list(tracker.events)):
        if isinstance(event, UserUttered):
            return events[::-1]
        events.append(event)
    return None


def responses_said(events: Sequence[Event]) -> list[str]:
    """Names of the responses that the bot said, in order."""
    return [
        name
        for event in events
        if isinstance(event, BotUttered)
        and (name := event.metadata.get("utter_action"))
    ]


def said_before_this_turn(tracker: DialogueStateTracker) -> list[str]:
    events = list(tracker.events)
    last = max(i for i, e in enumerate(events) if isinstance(e, UserUttered))
    return responses_said(events[:last])


def clarified_before(tracker: DialogueStateTracker) -> bool:
    """Whether the turn before this one asked what was meant."""
    turns = 0
    for event in reversed(list(tracker.events)):
        if isinstance(event, UserUttered):
            turns += 1
            if turns == 2:
                return False
        elif (
            turns == 1
            and isinstance(event, ActionExecuted)
            and event.action_name == "action_clarify"
        ):
            return True
    return False
