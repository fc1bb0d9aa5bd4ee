"""The gate before every other policy: crisis, live danger, questions, silence."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_ext.crisis_replies import next_crisis_reply
from rasa_ext.review_offer import REVIEW_OFFER, may_offer_review, review_answer
from rasa_ext.storage import LostTracker
from rasa_ext.turns import (
    clarified_before,
    responses_said,
    said_before_this_turn,
    turn_of,
)

logger = logging.getLogger(__name__)

LISTEN = "action_listen"
FORM = "triage_form"
APOLOGY = "utter_apology"
NOT_STORED = "utter_apology_storage"
ANSWERED_BY_FORM = frozenset({"affirm", "deny", "dont_know"})
ASKED_AT_MOST = 2
SHORT_ANSWER = 30
"""Up to this length a text may be the number that was asked for."""
SILENT_ACTIONS = frozenset(
    {
        LISTEN,
        "action_session_start",
        "action_extract_slots",
        "action_deactivate_loop",
    }
)
CONFIRMED_BY = {
    "utter_chat_delete_ask": "action_delete_data",
    "utter_keep_case_ask": "action_keep",
    "utter_keep_originals_ask": "action_keep",
    "utter_keep_note_confirm": "action_keep",
    "utter_keep_note_corrects": "action_keep",
    "utter_deadline_whence": "action_deadline",
    "utter_deadline_day": "action_deadline",
    "utter_deadline_counted": "action_deadline",
}
"""A question that only yes or no answers, and the action that hears it."""
END_THE_TURN = frozenset(
    {"action_interest", "action_delete_data", "action_unclear", "action_clarify"}
    | {"action_letter", "action_deadline"}
)
"""Actions that the gate or the fallback chose, after which no rule knows the way."""
AWAITING = (
    "utter_chat_goodbye",
    "utter_chat_resume",
    "utter_chat_clarify",
    "utter_chat_correct_what",
    "utter_interest_ask",
    "utter_interest_offer",
    "utter_interest_where",
    "utter_interest_implausible",
    "utter_letters_gate",
    "utter_deadline_",
)
"""Beginnings of replies after which the form must not put its own question."""
FULL = 3
"""Bubbles after which the person is let speak."""
LETTER_GATES = ("utter_letters_gate", "utter_limitation_warning")
"""Replies that ask whose a debt is and how old, before a letter is written."""
ANSWERS_FILE = "answers.json"
CARE = "utter_care"
ANSWER = "action_answer"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class GatePolicy(Policy):  # type: ignore[misc]
    """Decides what comes before forms and rules.

    1. an open crisis or a live danger is answered, and nothing else;
    2. a turn that storage fails is answered with what must be said again, and why;
    3. a question inside the form is answered first, by the action that its rule
       names; then the form asks on;
    4. a turn that would end without a word ends with an apology.

    Its predictions are "no user" predictions, since RulePolicy puts an active form
    before every rule and only such a prediction overrules it.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules too: they say which action answers which intent."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy, which has 6."""
        return {"priority": 9}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        answers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the action that answers each intent, as the rules have it."""
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self.answers = answers or {}

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Read from the rules which action answers which intent."""
        for tracker in training_trackers:
            if not tracker.is_rule_tracker:
                continue
            intent = None
            for event in tracker.events:
                if isinstance(event, UserUttered):
                    intent = event.intent_name
                elif (
                    isinstance(event, ActionExecuted)
                    and intent
                    and event.action_name != LISTEN
                ):
                    self.answers.setdefault(intent, event.action_name)
                    break
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / ANSWERS_FILE).write_text(json.dumps(self.answers))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GatePolicy:
        """Load what ``train`` wrote."""
        with model_storage.read_from(resource) as folder:
            answers = json.loads((Path(folder) / ANSWERS_FILE).read_text())
        return cls(config, model_storage, resource, execution_context, answers)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict one action with certainty, or leave it to the other policies."""
        action = self.decide(tracker)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities)
        if action not in domain.action_names_or_texts:
            logger.error("no response %s in this model; train again", action)
            action = APOLOGY
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)

    def decide(self, tracker: DialogueStateTracker) -> str | None:
        """The next action, or None."""
        turn = turn_of(tracker)
        if turn is None:
            return None
        done = [e.action_name for e in turn if isinstance(e, ActionExecuted)]
        if done and done[-1] == APOLOGY:
            return LISTEN
        if done and done[-1] not in SILENT_ACTIONS and _failed(tracker, turn):
            return APOLOGY
        if done and done[-1] in END_THE_TURN and not tracker.active_loop_name:
            return LISTEN
        planned = self._whole_turn(tracker)
        if planned is not None:
            place = len([action for action in done if action in planned])
            return planned[place] if place < len(planned) else LISTEN
        if not done:
            return self._side_answer(tracker)
        if _awaits_an_answer(turn):
            return LISTEN
        return self._after(tracker, done[-1])

    def _after(self, tracker: DialogueStateTracker, last: str) -> str | None:
        """What follows an action that has spoken."""
        if last == REVIEW_OFFER and not tracker.active_loop_name:
            return LISTEN
        if may_offer_review(tracker, last, clarified_before(tracker)):
            return REVIEW_OFFER
        if self._answered_beside(tracker, last) and asked_enough(tracker):
            return LISTEN
        return None

    def _whole_turn(self, tracker: DialogueStateTracker) -> list[str] | None:
        """All actions of a turn that the gate leads alone, or None."""
        said = tracker.latest_message.parse_data
        urgent = _urgent(tracker)
        if urgent:
            return urgent
        if said.get("crisis_closed"):
            return self._back_from_crisis(tracker)
        if said.get("unreadable"):
            return [f"utter_chat_{said['unreadable']}"]
        if said.get("keep"):
            return ["action_keep"]
        answered = review_answer(tracker)
        if answered:
            return [answered]
        confirmed = (
            self._confirmation(tracker)
            or self._number_asked_for(tracker)
            or self._gate_of_a_letter(tracker)
        )
        if confirmed:
            return [confirmed]
        if said.get("deadline"):
            return ["action_deadline"]
        if said.get("clarify") and not clarified_before(tracker):
            return ["action_clarify"]
        if said.get("care"):
            return [self._leading_action(tracker), CARE]
        return None

    def _back_from_crisis(self, tracker: DialogueStateTracker) -> list[str]:
        """The numbers once more, and the answer if one was asked for."""
        intent = str(tracker.latest_message.intent_name)
        if self.answers.get(intent) == ANSWER and intent.startswith("ask_"):
            return ["utter_crisis_return_answer", ANSWER]
        return ["utter_crisis_return"]

    @staticmethod
    def _confirmation(tracker: DialogueStateTracker) -> str | None:
        if tracker.latest_message.intent_name not in ("affirm", "deny"):
            return None
        said = said_before_this_turn(tracker)
        return CONFIRMED_BY.get(said[-1]) if said else None

    @staticmethod
    def _number_asked_for(tracker: DialogueStateTracker) -> str | None:
        said = said_before_this_turn(tracker)
        asking = said and said[-1].startswith("utter_interest")
        if not asking or not tracker.get_slot("cost_asked"):
            return None
        answers = tracker.latest_message.intent_name in ANSWERED_BY_FORM
        short = len(tracker.latest_message.text or "") <= SHORT_ANSWER
        return "action_interest" if answers or short else None

    @staticmethod
    def _gate_of_a_letter(tracker: DialogueStateTracker) -> str | None:
        """What the person says of the debt they want a letter about."""
        said = said_before_this_turn(tracker)
        gated = bool(said) and said[-1].startswith(LETTER_GATES)
        answers = tracker.latest_message.intent_name in ("inform_loan", "dont_know")
        return (
            "action_letter"
            if gated and answers and tracker.get_slot("letter")
            else None
        )

    def _leading_action(self, tracker: DialogueStateTracker) -> str:
        answer = self._side_answer(tracker)
        if answer is None and tracker.active_loop_name:
            return FORM
        return answer or self.answers.get(tracker.latest_message.intent_name, FORM)

    def _side_answer(self, tracker: DialogueStateTracker) -> str | None:
        intent = tracker.latest_message.intent_name
        if not tracker.active_loop_name or intent in ANSWERED_BY_FORM:
            return None
        answer = self.answers.get(intent)
        return None if answer == FORM else answer

    def _answered_beside(self, tracker: DialogueStateTracker, last: str) -> bool:
        return bool(tracker.active_loop_name) and last != FORM


def _urgent(tracker: DialogueStateTracker) -> list[str] | None:
    """What comes before everything else: danger, then a database that is away."""
    said = tracker.latest_message.parse_data
    if said.get("crisis"):
        return [next_crisis_reply(said_before_this_turn(tracker), said["crisis"])]
    if said.get("now"):
        return [f"utter_now_{said['now']}", f"utter_now_{said['now']}_more"]
    if isinstance(tracker, LostTracker):
        return [NOT_STORED]
    return None


def _failed(tracker: DialogueStateTracker, turn: list[Event]) -> bool:
    """Whether the last action failed: one that ran leaves a word or a slot.

    Without a channel nobody listens: ``rasa test`` goes through a story and runs none.
    """
    heard = tracker.get_latest_input_channel() is not None
    return heard and isinstance(turn[-1], ActionExecuted)


def _awaits_an_answer(turn: list[Event]) -> bool:
    """Whether enough was said, or what must not be followed by another question."""
    said = responses_said(turn)
    bubbles = sum(isinstance(event, BotUttered) for event in turn)
    ends = said and (said[-1] in CONFIRMED_BY or said[-1].startswith(AWAITING))
    return bubbles >= FULL or bool(ends)


def asked_enough(tracker: DialogueStateTracker) -> bool:
    """Whether the open question was already put as often as it may be."""
    question = f"utter_ask_{FORM}_{tracker.get_slot('requested_slot')}"
    said = responses_said(list(tracker.events))
    return said.count(question) >= ASKED_AT_MOST
