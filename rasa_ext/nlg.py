"""Turns a response of the copy deck into words, with facts from knowledge."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from wenzhu.adapters.clock import today
from wenzhu.case import Case
from wenzhu.guidance import fears_question
from wenzhu.knowledge import load
from wenzhu.privacy import mask
from wenzhu.settings import MAX_TEXT_CHARACTERS, Settings, settings
from wenzhu.text.traditional import to_traditional

AGAIN = "_again"
FEARS_QUESTION = "utter_ask_triage_form_fears"
WITH_CARDS = frozenset({"web"})
"""Channels that draw. Elsewhere a card would be a message of its own without words."""
ONLY_CHINESE = "utter_chat_in_chinese"
"""What stands before a reply that has no English wording."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


class Values(dict[str, Any]):
    """Slots and variables of a response; unknown names are facts.

    ``{LAW-CC-188}`` in a text is filled by ``Knowledge.render``, so that a reply
    can state law or a number with the action server down.
    """

    def __missing__(self, key: str) -> str:
        """The setting or the fact of this name."""
        setting = _SETTINGS.get(key)
        return str(setting(settings())) if setting else load().render(key, today())


_SETTINGS: dict[str, Callable[[Settings], object]] = {
    "operator": lambda own: own.operator_name,
    "operator_contact": lambda own: own.operator_contact,
    "contact": lambda own: own.operator_contact,
    "limit": lambda _own: MAX_TEXT_CHARACTERS,
    "hours": lambda own: own.conversation_hours,
    "days": lambda own: own.evidence_days,
}


class CopyDeck(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Rasa's response templates, plus facts, second wordings and scripts.

    A response whose twin ``…_again`` exists is said once; after that, within the
    same conversation, its twin is said instead.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
    ) -> None:
        """Take the responses of the domain."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The message for a response, in the person's language."""
        message: dict[str, Any] | None = await super().generate(
            self._wording(utter_action, tracker),
            tracker,
            output_channel,
            **_masked(kwargs),
        )
        if message is not None and "buttons_of" in kwargs:
            shown = await super().generate(
                kwargs["buttons_of"], tracker, output_channel
            )
            message["buttons"] = (shown or {}).get("buttons", [])
        if message is None:
            return None
        if output_channel in WITH_CARDS and kwargs.get("card"):
            message["custom"] = kwargs["card"]
        if tracker.get_slot("language") == "en":
            lead = await super().generate(ONLY_CHINESE, tracker, output_channel)
            return _led_in(message, str((lead or {}).get("text") or ""))
        if tracker.get_slot("language") == "zh-Hant":
            return _in_traditional(message)
        return message

    def _wording(self, response: str, tracker: DialogueStateTracker) -> str:
        again = response + AGAIN
        if again in self.responses and _was_said(tracker, response):
            return again
        if response == FEARS_QUESTION:
            return fears_question(Case.from_slots(tracker.get_slot)).response
        return response

    @staticmethod
    def _response_variables(
        filled_slots: dict[str, Any] | None, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        return Values({**(filled_slots or {}), **kwargs})


def _was_said(tracker: DialogueStateTracker, response: str) -> bool:
    return any(
        isinstance(event, BotUttered) and event.metadata.get("utter_action") == response
        for event in tracker.events
    )


def _masked(variables: dict[str, Any]) -> dict[str, Any]:
    return {
        name: mask(value) if isinstance(value, str) else value
        for name, value in variables.items()
    }


def _led_in(message: dict[str, Any], lead: str) -> dict[str, Any]:
    """A reply that is not in English, with a word that says so."""
    text = str(message.get("text") or "")
    if len(_HAN.findall(text)) > len(_WORD.findall(text)) * 4:
        message["text"] = f"{lead}{text}"
    return message


def _in_traditional(message: dict[str, Any]) -> dict[str, Any]:
    if message.get("text"):
        message["text"] = to_traditional(message["text"])
    for button in message.get("buttons") or []:
        button["title"] = to_traditional(button["title"])
    if message.get("custom"):
        message["custom"] = _converted(message["custom"])
    return message


def _converted(value: Any) -> Any:
    """A card in traditional characters; its names stay."""
    if isinstance(value, str):
        return to_traditional(value)
    if isinstance(value, list):
        return [_converted(each) for each in value]
    if isinstance(value, dict):
        return {
            name: each if name in ("card", "url") else _converted(each)
            for name, each in value.items()
        }
    return value
