"""The copy of the guidance: complete, short, sourced, with a way on."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from wenzhu.guidance import data
from wenzhu.guidance.questions import questions
from wenzhu.guidance.table import main as build_table
from wenzhu.knowledge import load
from wenzhu.knowledge.placeholders import PLACEHOLDER

ROOT = Path(__file__).resolve().parents[2]
TOPICS = (
    "triage",
    "calm",
    "check",
    "evidence",
    "rights",
    "act",
    "answers",
    "chat",
    "apology",
    "refuse",
    "roles",
    "verdict",
)
FILES = (
    "steps",
    "pairs",
    "fears",
    "rules",
    "answers",
    "reading",
    "heard",
    "followups",
    "guards",
)
LONGEST = 120
TITLE = 9
VARIABLES = {
    "quote",
    "quotes",
    "reason",
    "lender",
    "kind",
    "standing",
    "lines",
    "line",
    "operator",
    "operator_contact",
    "hours",
    "days",
    "laws",
}
BANNED = re.compile(
    r"绝对|肯定(?!句)|一定不会|保证(?!金)|放心|只有[^，。]{0,20}才|老赖|活该|您|"
    r"没事的|是安全的|不可能|百分之百|必须马上还"
)
TYPED = re.compile(
    r"《[^》]+》|第[一二三四五六七八九十百千零〇]+条|\d{3,}|\d+%|有限公司|[0-9]{4}年"
)
INTENTS = {
    "affirm", "deny", "dont_know", "inform_loan", "inform_fear", "goodbye",
    "start_over", "correct_previous", "ask_is_it_real", "ask_official_contact",
    "ask_company_info", "ask_how_to_evidence", "ask_rights", "ask_complain_where",
    "ask_letter", "ask_interest_legal", "ask_negotiate", "ask_credit_dispute",
    "ask_already_paid_scammer", "ask_clicked_link", "ask_delete_data", "ask_human",
    "ask_bot_identity",
}  # fmt: skip


def _responses(topics: tuple[str, ...] = TOPICS) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for topic in topics:
        path = ROOT / "data" / "responses" / f"{topic}.yml"
        for name, texts in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            assert name not in found, f"{name} occurs twice"
            found[name] = texts
    return found


def _used() -> set[str]:
    """Every response that the guidance data can choose."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)
        elif isinstance(node, str) and node.startswith("utter_"):
            yield node

    # In followups names are beginnings of what was said before, not said by it.
    choosing = (file for file in FILES if file != "followups")
    chosen = {name for file in choosing for name in walk(dict(data.read(file)))}
    return chosen | set(data.read("direct")["direct"]) | {"utter_chat_in_chinese"}


RESPONSES = _responses()


def _rendered(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: load().render(match[1]), text)


@pytest.mark.parametrize("file", FILES)
def test_the_data_follows_its_schema(file: str) -> None:
    schema = json.loads(
        (ROOT / "knowledge" / "schema" / "guidance.schema.json").read_text("utf-8")
    )
    jsonschema.validate(dict(data.read(file)), {**schema, "$ref": f"#/$defs/{file}"})


def test_every_response_used_is_written_and_every_written_one_is_used() -> None:
    of_questions = {name for row in questions().values() for name in row["say"]}
    assert _used() - set(RESPONSES) <= of_questions
    assert set(RESPONSES) - _used() == set()


def test_every_step_is_in_a_pair_a_fear_or_a_rule() -> None:
    reached = {
        step
        for row in data.pairs().values()
        for stage in ("check", "evidence", "rights", "act")
        for step in row[stage]
    }
    reached |= {row["step"] for row in data.fears().values() if "step" in row}
    for rule in data.rules():
        reached |= {*rule.get("add", ()), *rule.get("first", ())}
        for steps in rule.get("replace", {}).values():
            reached |= set(steps)
    assert set(data.steps()) == reached


def test_every_fact_that_a_step_rests_on_can_be_said() -> None:
    facts = load().facts
    rows = [
        *data.steps().values(),
        *data.fears().values(),
        *(v for row in data.fears().values() for v in row.get("variants", ())),
        *data.read("fears")["frame"],
    ]
    missing = {fact for row in rows for fact in row.get("facts", ())} - set(facts)
    assert missing == set()


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_is_short_plain_and_sourced(name: str) -> None:
    response, *english = RESPONSES[name]
    assert all(each["condition"][0]["value"] == "en" for each in english)
    text = response["text"]
    assert set(response) <= {"text", "buttons"}
    assert len(_rendered(text)) <= LONGEST, _rendered(text)
    assert not BANNED.search(text), BANNED.search(text)
    assert not TYPED.search(PLACEHOLDER.sub("", text)), text
    variables = set(re.findall(r"\{([a-z_]+)\}", text))
    assert variables <= VARIABLES
    assert "\n\n" not in text


@pytest.mark.parametrize(
    "name", sorted(n for n in RESPONSES if RESPONSES[n][0].get("buttons"))
)
def test_buttons_are_few_short_and_lead_somewhere(name: str) -> None:
    buttons = RESPONSES[name][0]["buttons"]
    assert 1 <= len(buttons) <= 5
    assert len({button["payload"] for button in buttons}) == len(buttons)
    for button in buttons:
        match = re.fullmatch(r"/([a-z_]+)(\{\{.*\}\})?", button["payload"])
        assert match, button
        assert match[1] in INTENTS, button
        if match[2]:
            json.loads(match[2][1:-1])
        assert len(button["title"]) <= TITLE, button


def test_every_closing_response_has_buttons() -> None:
    named = {name for name in _used() if name.startswith("utter_next_")}
    assert named
    for name in named:
        assert RESPONSES[name][0]["buttons"], name


def test_a_button_topic_is_known() -> None:
    known = {
        *data.read("answers")["topics"],
        "more",
        "lender_has_record",
        "lender_has_no_record",
    }
    for texts in RESPONSES.values():
        for button in texts[0].get("buttons", ()):
            match = re.search(r'"topic":"([a-z_]+)"', button["payload"])
            assert not match or match[1] in known, button


def test_complaints_are_never_named_without_the_running_clock() -> None:
    number = "{HOT-12378.number}"
    for name, texts in RESPONSES.items():
        if number in texts[0]["text"] and name.startswith("utter_act_complain"):
            assert "不停止" in texts[0]["text"], name


def test_every_response_says_when_it_is_said() -> None:
    for topic in TOPICS:
        path = ROOT / "data" / "responses" / f"{topic}.yml"
        lines = path.read_text("utf-8").splitlines()
        for before, line in itertools.pairwise(lines):
            if line.startswith("  utter_"):
                assert "时机：" in before and "语气：" in before, line


def test_the_table_in_docs_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["table", "--check"])
    assert build_table() == 0, "run python -m wenzhu.guidance.table"
