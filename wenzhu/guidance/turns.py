"""One turn of guidance: what is said, and where the case stands after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wenzhu.case import STAGES, Case, Say
from wenzhu.guidance import data
from wenzhu.guidance.outcomes import OUTCOMES
from wenzhu.guidance.plan import PAGE, plan, with_buttons, without_buttons
from wenzhu.guidance.reading import dispute

MORE = "more"
"""The topic that a button for the next page of the same stage carries."""


@dataclass(frozen=True)
class Turn:
    """What is said in a turn, and the stage and page the case is at then."""

    says: tuple[Say, ...]
    stage: str
    page: int = 0


def after_facts(case: Case, new_fears: Sequence[str] = ()) -> Turn:
    """Returns what the case needs once its questions are answered.

    A case that is under way keeps its place: new fears get their bubbles, other
    news shows the stage again as the plan now has it.
    """
    if case.stage in ("triage", "calm"):
        return Turn(plan(case).stage("calm"), "calm")
    if case.stage == "done":
        return Turn(_of_fears(case, new_fears) or (Say("utter_chat_done"),), "done")
    said = _of_fears(case, new_fears) or plan(case).stage(case.stage)
    return Turn(said, case.stage)


def calm(
    case: Case,
    new_fears: Sequence[str] = (),
    heard: Collection[str] = (),
    room: int = PAGE,
) -> Turn | None:
    """Returns what of the calm stage was not said yet; None if all of it was.

    Args:
        case: What is known so far.
        new_fears: The fears that were just said; they are met first.
        heard: Responses that were said before.
        room: How many bubbles there may be.
    """
    planned = plan(case)
    wanted = {f"calm_{fear}" for fear in new_fears}
    left = [s for s in planned.steps["calm"] if s.say.response not in heard]
    if not left:
        return None
    left.sort(key=lambda step: step.id not in wanted)
    shown = [step.say for step in left[:room]]
    more, done = planned.buttons["calm"]
    shown[-1] = with_buttons(shown[-1], more if len(left) > room else done)
    return Turn(tuple(shown), "calm")


def next_step(case: Case, intent: str, page: int = 0, topic: str | None = None) -> Turn:
    """Returns the next page of a stage if asked for, else the next stage."""
    if topic != MORE and topic not in OUTCOMES:
        if intent == "deny":
            return Turn((Say("utter_chat_not_now"),), case.stage, page)
        if intent == "dont_know":
            return Turn((Say("utter_chat_dont_know"),), case.stage, page)
    if case.stage == "done":
        return Turn((Say("utter_chat_done"),), "done")
    planned = plan(case)
    if topic in OUTCOMES:
        return Turn(planned.stage("check"), "check")
    if (
        topic == MORE
        and case.stage != "triage"
        and page + 1 < planned.pages(case.stage)
    ):
        return Turn(planned.stage(case.stage, page + 1), case.stage, page + 1)
    stage = STAGES[STAGES.index(case.stage) + 1]
    if stage == "done":
        return Turn((Say("utter_chat_done"),), "done")
    return Turn(planned.stage(stage), stage)


def of_fears(case: Case, new_fears: Sequence[str]) -> tuple[Say, ...]:
    """Returns what to say at once to a fear, before the next question is put."""
    return tuple(without_buttons(say) for say in _of_fears(case, new_fears)[:1])


def acknowledge(said: Mapping[str, Any]) -> tuple[Say, ...]:
    """Returns one bubble for what a turn stated: role, then loan state.

    Args:
        said: Entity name to value, as the message carried them.
    """
    if said.get("role") in ("relative", "third_party"):
        return (Say(f"utter_roles_{said['role']}_open"),)
    if said.get("other_loan_state"):
        return (Say("utter_triage_ack_other"),)
    if said.get("loan_state"):
        return (Say(f"utter_triage_ack_{said['loan_state']}"),)
    return ()


def corrected(has_new_value: bool, quotes: Sequence[str] = ()) -> Say:
    """Returns the answer to a correction; without a new value it asks for it.

    Args:
        has_new_value: Whether the correction came with what is right.
        quotes: The phrases the reading rested on, when it is the reading that
            is disputed.
    """
    if has_new_value:
        return Say("utter_chat_corrected")
    return dispute(quotes) if quotes else Say("utter_chat_correct_what")


def choices(intents: Sequence[str]) -> list[dict[str, str]]:
    """Returns a button for each intent that can be offered by name."""
    titles = data.read("names")["intent"]
    return [
        {"title": titles[intent], "payload": f"/{intent}"}
        for intent in intents
        if intent in titles
    ]


def _of_fears(case: Case, new_fears: Sequence[str]) -> tuple[Say, ...]:
    wanted = {f"calm_{fear}" for fear in new_fears}
    said = [step.say for step in plan(case).steps["calm"] if step.id in wanted]
    if not said:
        return ()
    shown = said[:PAGE]
    shown[-1] = with_buttons(shown[-1], "utter_next_answer")
    return tuple(shown)
