"""The NLU component: one reading of each message, with the conversation in view."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_ext.nlu.guarding import guarded, said_lately
from wenzhu.app import load_reader, train_reader, trained_from
from wenzhu.understanding.examples import Example
from wenzhu.understanding.reader import (
    Button,
    Conversation,
    Reader,
    Thresholds,
)
from wenzhu.understanding.reader import Understanding as Result
from wenzhu.understanding.sentences import labelled, question_sentences

logger = logging.getLogger(__name__)

SIGNALS = (
    "crisis",
    "crisis_closed",
    "said_safe",
    "now",
    "care",
    "topic",
    "topic_sure",
    "clarify",
    "findings",
    "fears_denied",
    "new_fears",
    "keep",
    "deadline",
    "unreadable",
)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class Understanding(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Intent, entities and signals of a message, several at a time.

    It sees the live tracker, reads the message in the light of the open question,
    and lets a leading slash count only for a payload that was just offered.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds by name; see ``wenzhu.understanding.reader.Thresholds``."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else training depends on; Rasa takes the rest from its cache."""
        return trained_from()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        """An untrained component."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
    ) -> None:
        """Keep where the model is stored."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._reader = reader

    def train(self, training_data: TrainingData) -> Resource:
        """Train all models from the sentences of ``data/nlu`` and ``data/crisis``."""
        with self._storage.write_to(self._resource) as folder:
            sentences = [example_of(m) for m in training_data.intent_examples]
            train_reader([*sentences, *question_sentences()], Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        """Load the trained models; a changed file is refused by name."""
        own = {
            name: value
            for name, value in config.items()
            if name in Thresholds.__dataclass_fields__
        }
        with model_storage.read_from(resource) as folder:
            reader = load_reader(Path(folder), Thresholds(**own))
        return cls(config, model_storage, resource, reader)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component needs features."""
        return training_data

    def process(
        self,
        messages: list[Message],
        tracker: DialogueStateTracker = None,  # type: ignore[assignment]
    ) -> list[Message]:
        """Read each message.

        Args:
            messages: messages of this turn.
            tracker: the live conversation; empty at ``/model/parse``.
        """
        if self._reader is None:
            return messages
        conversation, said = conversation_of(tracker), said_lately(tracker)
        for message in messages:
            text = readable(message.get("text") or "")
            result = guarded(self._read(text, conversation), text, conversation, said)
            ranking = [
                {"name": name, "confidence": confidence}
                for name, confidence in result.ranking
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:5], add_to_output=True)
            message.set("entities", result.entities, add_to_output=True)
            for name in SIGNALS:
                if name in result.signals:
                    message.set(name, result.signals[name], add_to_output=True)
            # Rasa's own handler after us obeys a leading slash.
            message.set("text", text.lstrip("/ ") or "…", add_to_output=True)
        return messages

    def _read(self, text: str, conversation: Conversation) -> Result:
        """Read one text; a fault of ours must not leave the person in silence."""
        reader = cast(Reader, self._reader)
        try:
            return reader.read(text, conversation)
        except Exception:
            logger.exception("a text of %d characters could not be read", len(text))
            return reader.unreadable(text)


def readable(text: str) -> str:
    """The text with lone surrogates and NULs replaced; the same length."""
    return (
        text.encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
        .replace("\0", "\ufffd")
    )


def example_of(message: Message) -> Example:
    """The labelled sentence that a training example of ``data/nlu`` stands for."""
    metadata = message.get("metadata") or {}
    labels = {**metadata.get("intent", {}), **metadata.get("example", {})}
    return labelled(message.get("text"), message.get("intent"), labels)


def conversation_of(tracker: DialogueStateTracker | None) -> Conversation:
    """What the reader needs of a tracker."""
    if tracker is None:
        return Conversation()
    return Conversation(
        open_question=open_question(tracker),
        buttons=offered_buttons(tracker),
        fears=tuple(tracker.get_slot("fears") or ()),
        skipped=tuple(tracker.get_slot("skipped") or ()),
        crisis_open=bool(tracker.get_slot("crisis_open")),
        said_safe=bool(
            tracker.latest_message
            and tracker.latest_message.parse_data.get("said_safe")
        ),
        language=tracker.get_slot("language") or "zh-Hans",
    )


def open_question(tracker: DialogueStateTracker) -> str | None:
    """The slot that is being asked for.

    A slot value carried over into a new session is not an open question: nobody
    asked it in this session.
    """
    requested = tracker.get_slot("requested_slot")
    if requested is None or tracker.active_loop_name:
        return str(requested) if requested else None
    for event in reversed(list(tracker.events)):
        if isinstance(event, SlotSet) and event.key == "requested_slot":
            continue
        if isinstance(event, ActionExecuted):
            return str(requested)
        if isinstance(event, SessionStarted):
            return None
    return str(requested)


def offered_buttons(tracker: DialogueStateTracker) -> tuple[Button, ...]:
    """The quick replies of the last bot turn."""
    buttons: list[Button] = []
    for event in reversed(list(tracker.events)):
        if type(event).__name__ == "UserUttered":
            break
        if isinstance(event, BotUttered):
            buttons = [
                Button(button.get("title", ""), button.get("payload", ""))
                for button in event.data.get("buttons") or []
            ] + buttons
    return tuple(buttons)
