"""Every rule and every live situation is tried on the sentences beside it."""

from __future__ import annotations

import pytest

from wenzhu.crisis.gate import assess
from wenzhu.crisis.now import live_situation, now_rules
from wenzhu.crisis.rules import rule_book

RULES = rule_book().rules
NOW = now_rules().rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_crisis_rule_hears_what_it_was_written_for(rule) -> None:
    assert rule.matches
    missed = [text for text in rule.matches if assess(text).level != "crisis"]
    assert not missed


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_crisis_rule_leaves_its_look_alikes_alone(rule) -> None:
    alarmed = [text for text in rule.must_not_match if assess(text).level == "crisis"]
    assert not alarmed


@pytest.mark.parametrize("rule", NOW, ids=lambda rule: rule.id)
def test_a_live_situation_is_recognised_and_its_look_alikes_are_not(rule) -> None:
    assert rule.matches and rule.must_not_match
    wrong = [
        text
        for text in rule.matches
        if (found := live_situation(text)) is None or found.name != rule.situation
    ]
    wrong += [
        text
        for text in rule.must_not_match
        if (found := live_situation(text)) is not None and found.rule == rule.id
    ]
    assert not wrong
