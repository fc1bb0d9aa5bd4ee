"""The plan of a case: a pure function of the case and the guidance data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wenzhu.case import Case, Say
from wenzhu.guidance import cards, data
from wenzhu.guidance.conditions import holds, kind_of, loan_of

STAGES = ("calm", "check", "evidence", "rights", "act")
PAGE = 3
_FIRST = 2
_PLACE = 10


@dataclass(frozen=True)
class Step:
    """One step of a plan: a bubble, why it is there, what it rests on."""

    id: str
    stage: str
    say: Say
    weight: int
    facts: tuple[str, ...] = ()
    why: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every step of a case in order, and which buttons close each page."""

    steps: Mapping[str, tuple[Step, ...]]
    buttons: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def pages(self, name: str) -> int:
        """Returns how many pages of at most three bubbles a stage has."""
        return -(-len(self.steps[name]) // PAGE)

    def stage(self, name: str, page: int = 0) -> tuple[Say, ...]:
        """Returns the bubbles of one page; the last one carries the buttons.

        The variable ``buttons_of`` names the response whose buttons the last
        bubble shows, so that three bubbles are enough for a whole turn.
        """
        steps = self.steps[name][page * PAGE : (page + 1) * PAGE]
        shown = [step.say for step in steps]
        if not shown:
            return ()
        more, done = self.buttons[name]
        closing = more if page + 1 < self.pages(name) else done
        last = with_buttons(shown[-1], closing)
        return (*shown[:-1], cards.with_card(last, self._card(name, steps, page)))

    def _card(self, name: str, steps: Sequence[Step], page: int) -> cards.Card | None:
        """Returns what the bubbles of a page rest on, or the list of a whole stage."""
        if name == "rights":
            return cards.rights(fact for step in steps for fact in step.facts)
        if page:
            return None
        return cards.checklist(name, [step.id for step in self.steps[name]])


def with_buttons(say: Say, response: str) -> Say:
    """Returns the same bubble with the buttons of another response."""
    return replace(say, variables={**say.variables, "buttons_of": response})


def without_buttons(say: Say) -> Say:
    """Returns the bubble without the buttons that ``with_buttons`` gave it."""
    kept = {name: v for name, v in say.variables.items() if name != "buttons_of"}
    return replace(say, variables=kept)


def plan(case: Case) -> Plan:
    """Returns the plan of a case; the same case always gives the same plan."""
    weights = _base(case)
    _add(weights, _fear_steps(case))
    dropped: set[str] = set()
    for rule in data.rules():
        if not holds(case, rule.get("when")):
            continue
        for name, chosen in rule.get("replace", {}).items():
            _replace(weights, name, chosen)
        _add(weights, rule.get("add", ()))
        for offset, step_id in enumerate(rule.get("first", ())):
            weights[step_id] = _FIRST + offset
        dropped.update(rule.get("drop", ()))
    chosen_steps = [
        _step(step_id, weight)
        for step_id, weight in weights.items()
        if step_id not in dropped and holds(case, data.steps()[step_id].get("when"))
    ]
    by_stage = {
        name: tuple(
            sorted(
                (step for step in chosen_steps if step.stage == name),
                key=lambda step: (step.weight, step.id),
            )
        )
        for name in STAGES
    }
    by_stage["calm"] = _calm(case)
    return Plan(by_stage, {name: _buttons(case, name) for name in STAGES})


def _base(case: Case) -> dict[str, int]:
    row = data.pairs()[(loan_of(case), kind_of(case))]
    return {
        step_id: _PLACE * (place + 1)
        for name in STAGES[1:]
        for place, step_id in enumerate(row[name])
    }


def _replace(weights: dict[str, int], name: str, chosen: Iterable[str]) -> None:
    for step_id in [s for s in weights if data.steps()[s]["stage"] == name]:
        del weights[step_id]
    for place, step_id in enumerate(chosen):
        weights[step_id] = _PLACE * (place + 1)


def _add(weights: dict[str, int], added: Iterable[str]) -> None:
    for step_id in added:
        own = int(data.steps()[step_id]["weight"])
        weights[step_id] = min(own, weights.get(step_id, own))


def _fear_steps(case: Case) -> list[str]:
    known = data.fears()
    return [
        known[fear]["step"]
        for fear in case.fears
        if fear in known and "step" in known[fear]
    ]


def _step(step_id: str, weight: int) -> Step:
    row = data.steps()[step_id]
    return Step(
        id=step_id,
        stage=row["stage"],
        say=Say(row["say"]),
        weight=weight,
        facts=tuple(row.get("facts", ())),
        why=row["why"],
        tags=tuple(row.get("tags", ())),
    )


def _calm(case: Case) -> tuple[Step, ...]:
    """The opening of the role, one bubble for each fear, what not to do."""
    found: list[Step] = []
    for place, row in enumerate(data.read("fears")["frame"]):
        if holds(case, row.get("when")):
            found.append(_calm_step(row["id"], row, row["weight"] + place))
    for place, fear in enumerate(case.fears):
        if fear not in data.fears():
            continue
        row = data.fears()[fear]
        variant = next(
            (v for v in row.get("variants", ()) if holds(case, v["when"])), row
        )
        found.append(_calm_step(f"calm_{fear}", variant, 100 + place))
    return tuple(sorted(found, key=lambda step: (step.weight, step.id)))


def _calm_step(step_id: str, row: Mapping[str, Any], weight: int) -> Step:
    return Step(
        id=step_id,
        stage="calm",
        say=Say(row["say"]),
        weight=weight,
        facts=tuple(row.get("facts", ())),
        why=row.get("why", ""),
    )


def _buttons(case: Case, name: str) -> tuple[str, str]:
    """Returns the buttons of a page with more to come, and of the last one."""
    for row in data.read("rules")["buttons"][name]:
        if holds(case, row.get("when")):
            return row["more"], row["done"]
    raise KeyError(name)
