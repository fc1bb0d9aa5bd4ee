"""When a person is asked for their words, and what is said to the answer."""

from __future__ import annotations

from rasa.shared.core.trackers import DialogueStateTracker

from rasa_ext.turns import responses_said
from wenzhu.review.consent import SLOT

REVIEW_OFFER = "utter_review_offer"
NOT_AFTER = (REVIEW_OFFER, "utter_crisis", "utter_now_", "utter_care")
"""Having said one of these, the bot does not ask any more."""


def review_answer(tracker: DialogueStateTracker) -> str | None:
    """The reply to a yes or no about one's words, if this turn says one."""
    for one in tracker.latest_message.entities:
        if one["entity"] == SLOT:
            yes = str(one["value"]).startswith("yes")
            return "utter_review_yes" if yes else "utter_review_no"
    return None


def may_offer_review(tracker: DialogueStateTracker, done: str, clarified: bool) -> bool:
    """Whether the question may be put now.

    Args:
        tracker: the conversation.
        done: the action that was just done.
        clarified: the turn before asked which of two things was meant.
    """
    if not (done == "action_correct" or (clarified and done == "action_answer")):
        return False
    if SLOT not in tracker.slots or tracker.get_slot(SLOT):
        return False
    if tracker.get_slot("crisis_open") or "crisis" in (tracker.get_slot("fears") or ()):
        return False
    said = responses_said(list(tracker.events))
    return not any(name.startswith(NOT_AFTER) for name in said)
