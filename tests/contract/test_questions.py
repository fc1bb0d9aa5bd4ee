"""Every single question has an answer that is whole, short and rests on facts."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wenzhu.knowledge import PLACEHOLDER, load
from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

ENOUGH = 130
LIMIT = 120
TODAY = datetime.date.today()
BASE = load()
FILES = sorted((KNOWLEDGE / "questions").glob("*.yml"))
SCHEMA = json.loads(
    (KNOWLEDGE / "schema" / "questions.schema.json").read_text(encoding="utf-8")
)
QUESTIONS: list[Mapping[str, Any]] = [
    question for path in FILES for question in read_yaml(path)["questions"]
]
DECK: Mapping[str, str] = {
    name: variations[0]["text"]
    for path in sorted((DATA / "responses").glob("*.yml"))
    for name, variations in (read_yaml(path) or {}).get("responses", {}).items()
}

each_question = pytest.mark.parametrize(
    "question", QUESTIONS, ids=[each["id"] for each in QUESTIONS]
)

NOT_WORD = re.compile(r"[\W_]+")
ASKED_ARTICLE = re.compile(
    r"(?:民法典|刑法|民诉法|个保法|消保法|消费者权益保护法|仲裁法|律师法|公务员法|反电诈法|"
    r"治安管理处罚法)第?(?P<number>\d+|[零一二三四五六七八九十百千]+)条(?P<one>之一)?"
)
DIGITS = "零一二三四五六七八九"
NOT_KEPT = {"q-unknown-article"}
"""Questions about articles that the knowledge base does not hold."""


def in_chinese(number: int) -> str:
    """A number below ten thousand as articles are numbered: 188 → 一百八十八."""
    said, skipped = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("零" if skipped and said else "") + DIGITS[digit] + word
            skipped = False
        else:
            skipped = bool(said)
    return re.sub(r"^一十", "十", said)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (3, "三"),
        (16, "十六"),
        (188, "一百八十八"),
        (1033, "一千零三十三"),
        (670, "六百七十"),
    ],
)
def test_articles_are_numbered_in_chinese(number: int, said: str) -> None:
    assert in_chinese(number) == said


def test_there_are_enough_questions() -> None:
    assert len(QUESTIONS) >= ENOUGH


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_file_keeps_to_the_schema(path: Any) -> None:
    troubles = [
        f"{list(error.absolute_path)}: {error.message}"
        for error in Draft202012Validator(SCHEMA).iter_errors(read_yaml(path))
    ]
    assert not troubles, troubles


def test_an_id_is_used_once() -> None:
    counted = Counter(each["id"] for each in QUESTIONS)
    assert not [name for name, times in counted.items() if times > 1]


def test_nothing_is_asked_twice() -> None:
    asked: dict[str, list[str]] = {}
    for each in QUESTIONS:
        for text in each["asks"]:
            asked.setdefault(NOT_WORD.sub("", text).lower(), []).append(each["id"])
    assert not {text: found for text, found in asked.items() if len(found) > 1}


def test_every_answer_of_the_deck_is_used_once() -> None:
    said = Counter(name for each in QUESTIONS for name in each["say"])
    assert set(said) <= set(DECK), set(said) - set(DECK)
    written = {name for name in DECK if name.startswith("utter_q_")}
    assert written <= set(said), written - set(said)
    assert not [name for name, times in said.items() if times > 1]


@each_question
def test_facts_exist_and_every_placeholder_is_listed(
    question: Mapping[str, Any],
) -> None:
    listed = set(question.get("facts", ()))
    assert listed <= set(BASE.facts), listed - set(BASE.facts)
    used = {key.partition(".")[0] for key in _placeholders(question)}
    assert used <= listed, f"not listed: {used - listed}"


@each_question
def test_bubbles_are_short_when_filled(question: Mapping[str, Any]) -> None:
    for name in question["say"]:
        said = BASE.fill(DECK[name], TODAY)
        assert not re.search(r"\{[A-Z]", said)
        assert len(said) <= LIMIT, f"{name}: {len(said)} {said}"


@each_question
def test_an_article_asked_for_is_the_one_answered(
    question: Mapping[str, Any],
) -> None:
    """Who asks for an article by its number gets facts that cite it."""
    if question["id"] in NOT_KEPT:
        return
    kept = {
        re.sub(r"第[一二三四五]款.*|第（.*", "", article)
        for identifier in question.get("facts", ())
        for citation in BASE.facts[identifier].citations
        for article in _spread(citation.articles)
    }
    missing = [
        text for text, article in _articles(question["asks"]) if article not in kept
    ]
    assert not missing, f"{missing} but the facts cite {sorted(kept)}"


def _placeholders(question: Mapping[str, Any]) -> Iterator[str]:
    for name in question["say"]:
        for match in PLACEHOLDER.finditer(DECK[name]):
            yield match[1]


def _articles(asks: list[str]) -> Iterator[tuple[str, str]]:
    for text in asks:
        for match in ASKED_ARTICLE.finditer(text):
            number = match["number"]
            said = in_chinese(int(number)) if number.isdigit() else number
            yield text, f"第{said}条{match['one'] or ''}"


def _spread(articles: tuple[str, ...]) -> Iterator[str]:
    """Articles one by one: 第四十四条至第五十条 is seven of them."""
    for article in articles:
        first, _, last = article.partition("至")
        yield first
        if last:
            numbers = [in_chinese(number) for number in range(1, 1300)]
            begin = numbers.index(first[1:-1])
            end = numbers.index(last[1:-1])
            yield from (f"第{numbers[each]}条" for each in range(begin, end + 1))
