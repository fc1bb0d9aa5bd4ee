"""«Which law?»: what the bubbles that were just said rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from wenzhu.case import Say
from wenzhu.guidance import cards, data
from wenzhu.guidance.plan import with_buttons
from wenzhu.guidance.questions import questions
from wenzhu.knowledge import FactNotSayable, load

TOPIC = "which_law"
MOST = 2
BUTTONS = "utter_next_answer"


def basis(said: Iterable[str], today: date) -> tuple[Say, ...]:
    """Returns the laws behind responses that were said, newest first.

    Args:
        said: Names of the responses of the last answer.
        today: A law that has ended by then is not named.

    Returns:
        Two bubbles, or none when nothing that was said rests on a law.
    """
    laws: dict[str, str] = {}
    for fact_id in _facts_of(said):
        try:
            law = load().render(fact_id, today)
        except FactNotSayable:
            continue
        if "《" in law:
            laws.setdefault(law, fact_id)
    if not laws:
        return ()
    named = [*laws][:MOST]
    return (
        cards.with_card(
            Say("utter_answers_which_law", {"laws": "；".join(named)}),
            cards.rights((laws[law] for law in named), today),
        ),
        with_buttons(Say("utter_answers_which_law_more"), BUTTONS),
    )


def _facts_of(said: Iterable[str]) -> Iterator[str]:
    known = _facts_by_response()
    for response in said:
        yield from known.get(response, ())


@cache
def _facts_by_response() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in (*questions().values(),):
        for response in row["say"]:
            found.setdefault(response, tuple(row.get("facts", ())))
    for step in data.steps().values():
        found.setdefault(step["say"], tuple(step.get("facts", ())))
    for fear in data.fears().values():
        for row in (fear, *fear.get("variants", ())):
            found.setdefault(row["say"], tuple(row.get("facts", ())))
    return found
