"""Every intent has one rule, and every slot is kept from the policies."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT

DOMAIN: dict[str, Any] = read_yaml(ROOT / "domain.yml")
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
    for rule in read_yaml(path)["rules"]
]
OPENING = Counter(
    rule["steps"][0]["intent"]
    for rule in RULES
    if "condition" not in rule and "intent" in rule["steps"][0]
)
RESPONSES = {
    name
    for path in sorted((ROOT / "data" / "responses").glob("*.yml"))
    for name in read_yaml(path)["responses"]
}


@pytest.mark.parametrize("intent", DOMAIN["intents"])
def test_an_intent_has_exactly_one_rule_without_conditions(intent: str) -> None:
    assert OPENING[intent] == 1


def test_rules_name_only_what_exists() -> None:
    actions = {
        name if isinstance(name, str) else next(iter(name))
        for name in DOMAIN["actions"]
    }
    known = {*actions, *DOMAIN["forms"], *RESPONSES}
    named = {
        step["action"]
        for rule in RULES
        for step in rule["steps"]
        if not str(step.get("action", "action_listen")).startswith("action_listen")
    }
    assert named <= known
    assert set(OPENING) <= set(DOMAIN["intents"])


@pytest.mark.parametrize("slot", DOMAIN["slots"])
def test_no_slot_is_learnt_by_the_policies(slot: str) -> None:
    """Rules and memory would learn combinations of slots, and miss."""
    assert DOMAIN["slots"][slot]["influence_conversation"] is False
