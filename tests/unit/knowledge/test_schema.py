"""Our small reader of schemas agrees with the full validator."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.schema import Checker
from wenzhu.knowledge.yaml_files import read_yaml

PATH = KNOWLEDGE / "schema" / "facts.schema.json"
OURS = Checker(PATH)
THEIRS = Draft202012Validator(json.loads(PATH.read_text(encoding="utf-8")))
RECORDS: list[dict[str, Any]] = [
    record
    for path in sorted((KNOWLEDGE / "facts").glob("*.yml"))
    for record in read_yaml(path)["facts"]
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=12),
    st.sampled_from(["", " ", "A", "C", "2026-11-23", "2026-13-01", "第一条", "law"]),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.sampled_from(["text", "on", "kind", "x"]), st.text(max_size=4)),
)


def _agree(document: object) -> bool:
    ours = next(iter(OURS.troubles(document)), None) is None
    assert ours == THEIRS.is_valid(document), document
    return ours


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a record where something can be put."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            found.append((value, key))
            found.extend(_places(value[key]))
    return found


def test_the_records_are_good_to_both() -> None:
    assert _agree({"facts": RECORDS})


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), JUNK)
def test_both_judge_a_spoilt_record_alike(seed: int, junk: object) -> None:
    chance = random.Random(seed)
    record = copy.deepcopy(chance.choice(RECORDS))
    holder, key = chance.choice(_places(record))
    action = chance.choice(["replace", "remove", "add"])
    if action == "remove":
        del holder[key]
    elif action == "add" and isinstance(holder, dict):
        holder["unheard_of"] = junk
    else:
        holder[key] = junk
    _agree({"facts": [record]})


@pytest.mark.parametrize("document", [None, [], {}, {"facts": []}, {"facts": None}, 3])
def test_both_refuse_what_is_no_file_of_facts(document: object) -> None:
    assert not _agree(document)


def test_an_unknown_schema_word_is_no_silent_pass(tmp_path: Any) -> None:
    path = tmp_path / "odd.schema.json"
    path.write_text('{"maxLength": 3}', encoding="utf-8")
    with pytest.raises(NotImplementedError, match="maxLength"):
        list(Checker(path).troubles("abcd"))
