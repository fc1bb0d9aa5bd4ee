"""Letters: which fit the case, when not to send one, its text, and a file of it."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import asdict

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import answer_topic
from actions.conversation import (
    case_of,
    entities_of,
    heard_topic,
    last_response,
    say_all,
    text_of,
)
from actions.documents import hand_over
from wenzhu.adapters.evidence_store import evidence_store
from wenzhu.case import Case
from wenzhu.evidence.errors import StoreFailed
from wenzhu.guidance.heard import MINOR, by_words, letter_age, letter_named
from wenzhu.letters import turns
from wenzhu.letters.library import file_name

logger = logging.getLogger(__name__)

AGES = {"recent": "debt_recent", "told": "limitation_told"}
"""What a person says about the age of the debt, as a fact of the case."""
FILES, LIST = "letter_files", "letter_list"
"""Topics of what is wanted of a letter that was shown."""
GATES = ("utter_letters_gate", "utter_limitation_warning")
IN_A_FILE = ("has_loan", "other_has_loan", "message_verdict", "fears", "role")
"""What of a case decides the text of a letter; no word of the message is in it."""


class ActionLetter(Action):
    """Offer the letters that fit; show the one that was chosen; hand out a file."""

    def name(self) -> str:
        return "action_letter"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        case, given, text = case_of(tracker), entities_of(tracker), text_of(tracker)
        if MINOR in case.facts_found or by_words(text) == MINOR:
            dispatcher.utter_message(response="utter_roles_minor_letters")
            return []
        at_hand, topic = tracker.get_slot("letter"), heard_topic(tracker)
        form = given.get("letter_file") or _form_named(text)
        if form in turns.FORMS and at_hand and turns.may_hand_over(at_hand, case):
            return await self._file(dispatcher, tracker, case, at_hand, form)
        if topic == FILES or form:
            say_all(dispatcher, turns.file_offer(at_hand, case))
            return []
        if topic and topic != LIST and "letter" not in given and not letter_named(text):
            return answer_topic(dispatcher, tracker, topic, "ask_letter")
        return self._write(dispatcher, tracker, case)

    @staticmethod
    def _write(
        dispatcher: CollectingDispatcher, tracker: Tracker, case: Case
    ) -> list[EventType]:
        given, text = entities_of(tracker), text_of(tracker)
        gated = (last_response(tracker) or "").startswith(GATES)
        age = given.get("letter_age") or (letter_age(text) if gated else None)
        events: list[EventType] = []
        if age in AGES:
            found = dict.fromkeys((*case.facts_found, AGES[age]))
            events.append(SlotSet("facts_found", list(found)))
            case = Case.from_slots({**tracker.slots, "facts_found": list(found)}.get)
        chosen = given.get("letter") or letter_named(text)
        if chosen is None and (gated or age):
            chosen = tracker.get_slot("letter")
        if chosen is None:
            buttons = [dict(choice.button) for choice in turns.choices(case)]
            *before, last = turns.offer(case)
            say_all(dispatcher, before)
            dispatcher.utter_message(
                response=last.response, buttons=buttons, **last.variables
            )
            return events
        say_all(dispatcher, turns.pick(chosen, case))
        if turns.may_hand_over(chosen, case):
            say_all(dispatcher, turns.show(chosen, case))
        return [*events, SlotSet("letter", chosen)]

    @staticmethod
    async def _file(
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        case: Case,
        letter: str,
        form: str,
    ) -> list[EventType]:
        held = asdict(case)
        document = {
            "letter": letter,
            "form": form,
            "case": {name: held[name] for name in IN_A_FILE if held[name]},
        }
        try:
            token = await asyncio.to_thread(
                evidence_store().link, tracker.sender_id, document=document
            )
        except StoreFailed as error:
            logger.error("a link to a letter was not made: %s", error)
            dispatcher.utter_message(response="utter_apology_document")
            return []
        hand_over(
            dispatcher,
            lambda link: turns.file_ready(letter, form, link),
            file_name(form),
            token,
        )
        return []


def _form_named(text: str) -> str | None:
    """The form of file that a sentence names."""
    found = re.search(r"word|docx?\b|pdf", text.lower())
    if found is None:
        return None
    return "pdf" if found[0] == "pdf" else "docx"
