"""The data of the analyser: schemas, examples of every sign, known facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.message.analysis import KINDS, RED_FLAGS
from wenzhu.message.lenders import LenderFinder
from wenzhu.message.signs import SignRuler
from wenzhu.message.store import MESSAGES
from wenzhu.message.train import read_examples
from wenzhu.text.folding import fold
from wenzhu.text.normalise import normalise

SIGNS: dict[str, Any] = read_yaml(KNOWLEDGE / "scam_signs.yml")
LENDERS: dict[str, Any] = read_yaml(KNOWLEDGE / "lenders.yml")
RULER = SignRuler(SIGNS)
MATCHES = [(s["id"], text) for s in SIGNS["signs"] for text in s["matches"]]
CLEAN = [(s["id"], text) for s in SIGNS["signs"] for text in s["must_not_match"]]


@pytest.mark.parametrize("name", ["scam_signs", "lenders", "senders"])
def test_files_obey_their_schema(name: str) -> None:
    schema = json.loads((KNOWLEDGE / "schema" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    errors = list(
        Draft202012Validator(schema).iter_errors(read_yaml(KNOWLEDGE / f"{name}.yml"))
    )
    assert not errors, errors[0]


@pytest.mark.parametrize(("sign", "text"), MATCHES)
def test_each_example_of_a_sign_is_found(sign: str, text: str) -> None:
    assert sign in {match.sign for match in RULER.find(normalise(text).text)}


@pytest.mark.parametrize(("sign", "text"), CLEAN)
def test_what_is_not_a_sign_is_left_alone(sign: str, text: str) -> None:
    assert sign not in {match.sign for match in RULER.find(normalise(text).text)}


def test_each_flag_in_the_wording_has_a_sign() -> None:
    elsewhere = {
        "short_link",
        "non_official_domain",
        "personal_mobile_sender",
        "unknown_lender",
    }
    assert {sign["flag"] for sign in SIGNS["signs"]} == set(RED_FLAGS) - elsewhere


def test_a_broken_pattern_is_refused_by_name() -> None:
    broken = dict(SIGNS, signs=[dict(SIGNS["signs"][0], id="odd", patterns=["(("])])
    with pytest.raises(ValueError, match="sign odd"):
        SignRuler(broken)


def test_no_name_belongs_to_two_lenders() -> None:
    owner: dict[str, str] = {}
    for record in LENDERS["lenders"]:
        names = [record["legal_name"]]
        for key in ("names", "old_names", "products", "misspelt"):
            names.extend(record.get(key, ()))
        for name in set(map(fold, names)):
            assert owner.setdefault(name, record["id"]) == record["id"], name


def test_each_lender_is_found_by_each_of_its_names() -> None:
    finder = LenderFinder(LENDERS)
    for record in LENDERS["lenders"]:
        for key in ("names", "old_names", "products", "misspelt"):
            for name in record.get(key, ()):
                text = normalise(f"【{name}】您的贷款已逾期").text
                found = finder.lender(text, finder.mentions(text))
                assert found == record["legal_name"], name


def test_licensed_consumer_finance_companies_are_complete() -> None:
    licensed = {record["id"] for record in LENDERS["lenders"]}
    assert {f"CFC-{number:02}" for number in range(1, 32)} <= licensed


def test_training_messages_cover_each_kind_without_repeats() -> None:
    examples = read_examples(MESSAGES)
    texts = [example.text for example in examples]
    assert len(texts) == len(set(texts))
    for kind in KINDS:
        assert sum(1 for example in examples if example.kind == kind) >= 80, kind
