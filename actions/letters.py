"""Letters: which fit the case, when not to send one, and its text to copy."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import case_of, entities_of, say_all, text_of
from wenzhu.case import Case
from wenzhu.guidance.heard import MINOR, by_words, letter_named
from wenzhu.letters import turns

AGES = {"recent": "debt_recent", "told": "limitation_told"}
"""What a person says about the age of the debt, as a fact of the case."""


class ActionLetter(Action):
    """Offer the letters that fit; show the one that was chosen."""

    def name(self) -> str:
        return "action_letter"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        case, given = case_of(tracker), entities_of(tracker)
        if MINOR in case.facts_found or by_words(text_of(tracker)) == MINOR:
            dispatcher.utter_message(response="utter_roles_minor_letters")
            return []
        events: list[EventType] = []
        if given.get("letter_age") in AGES:
            found = dict.fromkeys((*case.facts_found, AGES[given["letter_age"]]))
            events.append(SlotSet("facts_found", list(found)))
            case = Case.from_slots({**tracker.slots, "facts_found": list(found)}.get)
        chosen = given.get("letter") or (
            tracker.get_slot("letter")
            if "letter_age" in given
            else letter_named(text_of(tracker))
        )
        if chosen is None:
            buttons = [dict(choice.button) for choice in turns.choices(case)]
            *before, last = turns.offer(case)
            say_all(dispatcher, before)
            dispatcher.utter_message(
                response=last.response, buttons=buttons, **last.variables
            )
            return events
        about = turns.pick(chosen, case)
        say_all(dispatcher, about)
        if turns.may_hand_over(chosen, case):
            say_all(dispatcher, turns.show(chosen, case))
        return [*events, SlotSet("letter", chosen)]
