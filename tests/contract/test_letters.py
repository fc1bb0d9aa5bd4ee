"""The letters keep their promises: cited, unsigned, never an acknowledgement."""

from __future__ import annotations

import datetime
import json
import re
from itertools import product

import jsonschema
import pytest

from wenzhu.case import Case
from wenzhu.knowledge import PLACEHOLDER, load
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.letters import choose, gate, letters, write
from wenzhu.letters.library import FOLDER, head_of, order
from wenzhu.letters.text import BLANK, BLOCK

TODAY = datetime.date.today()
SCHEMA = json.loads(
    (KNOWLEDGE / "schema" / "letters.schema.json").read_text(encoding="utf-8")
)
LETTERS = sorted(letters())
each_letter = pytest.mark.parametrize("letter_id", LETTERS)

LOANS = (None, "yes", "no", "forgot", "repaid", "not_mine")
VERDICTS = (None, "impersonation", "unlawful_method", "verify", "insufficient")
ROLES = ("self", "relative", "third_party")
CASES = [
    Case(
        has_loan=loan if role == "self" else None,
        other_has_loan=None if role == "self" else loan,
        message_verdict=verdict,
        role=role,
        fears=fears,
    )
    for loan, verdict, role, fears in product(
        LOANS, VERDICTS, ROLES, ((), ("contacts_bombed",))
    )
]

WANTED = {
    "verify", "stop_contact", "statement", "credit_dispute", "complaint",
    "settlement", "negotiate", "industry_report", "police_report", "delete_data",
    "assignment",
}  # fmt: skip

ACKNOWLEDGES = re.compile(
    r"我(?:确实|的确)?(?:欠|应还)|我(?:愿意|同意|承诺|保证|会)[^。；]{0,6}(?:偿还|还款|还清|归还)"
    r"|我?(?:承认|确认|认可)(?:所欠|欠款|债务|金额|该笔)|(?<!不构成)还款承诺(?:如下|书)"
)
TYPED = re.compile(
    r"第[零一二三四五六七八九十百千0-9]+条|《[^》]+》|[0-9]{3,}|[0-9.]+%"
    r"|[0-9]{4}年|www\.|\.(?:com|cn|org)"
)
IDENTIFIER = re.compile(r"[0-9]{6,}|[1-9][0-9]{16}[0-9Xx]")


@each_letter
def test_the_head_is_in_the_schema(letter_id: str) -> None:
    head, _ = head_of(FOLDER / f"{letter_id}.md")
    jsonschema.Draft202012Validator(SCHEMA).validate(head)


def test_the_letters_that_were_promised_are_there() -> None:
    assert set(LETTERS) >= WANTED


@each_letter
def test_every_fact_resolves_and_is_declared(letter_id: str) -> None:
    letter, knowledge = letters()[letter_id], load()
    assert set(letter.facts) <= set(knowledge.facts)
    named = {key.partition(".")[0] for key in PLACEHOLDER.findall(letter.body)}
    assert named <= set(letter.facts)
    assert "{" not in knowledge.fill(letter.body, TODAY)


@each_letter
def test_nothing_is_typed_that_knowledge_holds(letter_id: str) -> None:
    letter = letters()[letter_id]
    own = " ".join((letter.title, letter.about, letter.when, letter.when_not))
    found = TYPED.findall(PLACEHOLDER.sub("", letter.body) + own)
    assert not found


@pytest.mark.parametrize(
    "text", ["第十二条", "见《民法典》", "拨12378", "超过24%", "2026年起", "a.gov.cn"]
)
def test_what_is_typed_would_be_found(text: str) -> None:
    assert TYPED.search(text)


@each_letter
def test_no_word_that_promises_or_frightens(letter_id: str) -> None:
    letter = letters()[letter_id]
    said = letter.body + letter.when + letter.when_not + letter.about
    assert not re.search(
        r"绝对|百分百|保证(?!金|人)|肯定|一定(?:不会|能|可以)|放心", said
    )


@each_letter
def test_every_letter_says_when_not_to_send_it(letter_id: str) -> None:
    letter = letters()[letter_id]
    assert letter.when_not != letter.when
    assert len(letter.when_not) >= 10
    assert len(f"这些时候先别寄：{letter.when_not}") <= 120
    assert len(f"“{letter.title}”：{letter.about}。适合的时候：{letter.when}") <= 120
    assert len(letter.title) <= 20


@each_letter
def test_who_the_person_is_stays_blank(letter_id: str) -> None:
    letter = letters()[letter_id]
    filled = BLANK.sub("", PLACEHOLDER.sub("", letter.body))
    assert not IDENTIFIER.search(filled)
    for blank in letter.blanks:
        assert re.search(
            rf"〔{re.escape(blank)}|〔[^〕]*{re.escape(blank)}", letter.body
        ), f"{blank} is declared and not in the letter"
    assert "姓名" in letter.blanks and "日期" in letter.blanks


@each_letter
def test_blocks_are_closed_and_known(letter_id: str) -> None:
    body = letters()[letter_id].body
    assert ":::" not in BLOCK.sub("", body)
    for name, values, _ in BLOCK.findall(body):
        allowed = SCHEMA["$defs"]["conditions"]["properties"][name]["items"]["enum"]
        assert set(values.split()) <= set(allowed)


@each_letter
def test_every_variant_is_whole_and_acknowledges_nothing(letter_id: str) -> None:
    written = 0
    for case in CASES:
        if letter_id not in choose(case):
            continue
        text = write(letter_id, case, TODAY).text
        written += 1
        assert not ACKNOWLEDGES.search(text), case
        assert not re.search(r"[{}]|:::", text)
        assert "收件地址：〔" in text
        assert "\n\n\n" not in text
    assert written, "no case is ever offered this letter"


@pytest.mark.parametrize(
    "text",
    ["我确实欠贵司", "我会按时还款", "我承诺每月还款", "我承认欠款", "我愿意尽快偿还"],
)
def test_an_acknowledgement_would_be_found(text: str) -> None:
    assert ACKNOWLEDGES.search(text)


def test_a_third_party_never_says_it_is_theirs() -> None:
    for case in CASES:
        if case.role == "third_party":
            for letter_id in choose(case):
                text = write(letter_id, case, TODAY).text
                assert "当事人。" not in text
                assert letter_id not in ("negotiate", "statement", "verify")


def test_with_signs_of_fraud_nothing_goes_to_the_sender() -> None:
    readers = {"police", "bank", "platform", "credit_center"}
    for case in CASES:
        if case.message_verdict == "impersonation":
            assert choose(case)[0] == "police_report"
            assert {letters()[each].send_to for each in choose(case)} <= readers


def test_every_case_has_a_letter() -> None:
    for case in CASES:
        assert len(choose(case)) >= 2
        assert len(set(choose(case))) == len(choose(case))


def test_complaints_say_that_the_clock_runs_on() -> None:
    for letter_id in LETTERS:
        letter = letters()[letter_id]
        if letter.send_to in ("regulator", "industry"):
            assert re.search(r"投诉不停止还款日", letter.body)


def test_a_letter_about_paying_is_behind_the_gate() -> None:
    for letter_id, letter in letters().items():
        if letter.send_to == "lender" and re.search(
            r"分期|减免|每月|还款计划", letter.body
        ):
            assert letter.gate, letter_id


def test_the_order_names_only_letters_there_are() -> None:
    listed = {each for row in order()["order"] for each in row["letters"]}
    assert listed == set(LETTERS)
    assert order()["order"][-1]["when"] == {}


def test_the_gate_answers_every_case() -> None:
    for case in CASES:
        for letter_id in LETTERS:
            say = gate(letter_id, case)
            offered = letter_id in choose(case)
            assert not offered or say is None or letters()[letter_id].gate
