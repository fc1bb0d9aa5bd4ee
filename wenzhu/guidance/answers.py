"""Answers to what a person asks, fitted to the case by data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wenzhu.case import Case, Say
from wenzhu.guidance import data, summary
from wenzhu.guidance.conditions import holds
from wenzhu.guidance.plan import PAGE, plan, with_buttons, without_buttons
from wenzhu.guidance.questions import responses_of

_SUMMARIES: Mapping[str, Callable[[Case], Say]] = {
    "show": summary.show,
    "forward": summary.forward,
    "standing": summary.standing,
    "resume": summary.resume,
}
BESIDE = 2
"""Bubbles of a stage that are said while a question of the form is still open."""


def answer(
    intent: str, case: Case, topic: str | None = None, page: int = 0
) -> tuple[Say, ...]:
    """Returns what to say to a question, at most three bubbles.

    Args:
        intent: One of the ``ask_*`` intents.
        case: What is known so far.
        topic: The id of a topic in ``answers.yml`` or of a record in
            ``knowledge/questions``, if the question was recognised that
            closely; it comes before the general answer.
        page: Which page, for answers that are a stage of the plan; past the
            last page the first comes again.

    Returns:
        The bubbles; the last one names its buttons in ``buttons_of``. A
        question without an answer gets the written fallback, never nothing.
    """
    chosen = (_topic(topic, case) if topic else None) or _choose(intent, case)
    if "summary" in chosen:
        return (_SUMMARIES[chosen["summary"]](case),)
    if "plan" in chosen:
        return _stage(case, chosen["plan"], page)
    said = [_say(response, case) for response in chosen["say"]]
    if "buttons" in chosen:
        said[-1] = with_buttons(said[-1], chosen["buttons"])
    return tuple(said)


def fears_question(case: Case) -> Say:
    """Returns the question about fears with the likeliest buttons."""
    for row in data.read("answers")["fears_question"]:
        if holds(case, row.get("when")):
            return Say(row["say"])
    raise LookupError("the fears question has no unconditional wording")


def _stage(case: Case, stage: str, page: int) -> tuple[Say, ...]:
    """A page of a stage; in the middle of the form its first steps, and no paging."""
    planned = plan(case)
    shown = planned.stage(stage, page % planned.pages(stage))
    if case.stage != "triage":
        return shown
    first = [without_buttons(say) for say in shown[:BESIDE]]
    first[-1] = with_buttons(first[-1], data.read("answers")["fallback"]["buttons"])
    return tuple(first)


def _topic(topic: str, case: Case) -> Mapping[str, Any] | None:
    content = data.read("answers")
    if topic in content["topics"]:
        known = content["topics"][topic]
        rows = known if isinstance(known, list) else [known]
        chosen: Mapping[str, Any] = next(r for r in rows if holds(case, r.get("when")))
        return _topic(chosen["topic"], case) if "topic" in chosen else chosen
    found = responses_of(topic)
    if not found:
        return None
    return {"say": found[:PAGE], "buttons": content["fallback"]["buttons"]}


def _choose(intent: str, case: Case) -> Mapping[str, Any]:
    content = data.read("answers")
    for row in content["answers"].get(intent, ()):
        if holds(case, row.get("when")):
            chosen: Mapping[str, Any] = row
            return chosen
    fallback: Mapping[str, Any] = content["fallback"]
    return fallback


def _say(response: str, case: Case) -> Say:
    return Say(
        response,
        {"lender": case.message_lender} if case.message_lender else {},
    )
