"""A bad file is refused by file, record and field."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from wenzhu.knowledge import KnowledgeRefused, load
from wenzhu.knowledge.paths import KNOWLEDGE

FACT: dict[str, Any] = {
    "id": "LAW-TEST-1",
    "plain": "测试用的一句话。",
    "citations": [
        {
            "instrument": "《测试法》",
            "kind": "law",
            "articles": ["第一条", "第二条之一"],
            "since": "2021-01-01",
            "until": None,
            "confirmed": True,
        }
    ],
    "values": {"days": {"text": "15日", "number": "15", "unit": "日"}},
    "confidence": "A",
    "source": ["S-TEST"],
    "checked": {"on": "2026-11-23", "by": "测试"},
    "review_by": "2027-11-23",
}
SOURCE = {"id": "S-TEST", "kind": "O", "name": "测试（镜像）", "url": None}


class Base:
    """A small knowledge base that a test may spoil."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.facts: list[dict[str, Any]] = [copy.deepcopy(FACT)]
        self.sources: list[dict[str, Any]] = [dict(SOURCE)]
        self.withheld: list[dict[str, Any]] = []
        shutil.copytree(KNOWLEDGE / "schema", root / "schema")
        (root / "facts").mkdir()

    def load(self) -> Any:
        self._write("facts/test.yml", {"facts": self.facts})
        self._write("sources.yml", {"sources": self.sources})
        self._write("withheld.yml", {"withheld": self.withheld})
        return load.__wrapped__(self.root)

    def _write(self, name: str, content: object) -> None:
        text = yaml.safe_dump(content, allow_unicode=True)
        (self.root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def test_a_good_base_is_read(base: Base) -> None:
    fact = base.load().facts["LAW-TEST-1"]
    assert fact.topic == "test"
    assert fact.citations[0].articles == ("第一条", "第二条之一")
    assert fact.values["days"].number == "15"
    with pytest.raises(TypeError):
        base.load().facts["LAW-TEST-1"] = fact


def _without(name: str) -> Callable[[Base], None]:
    return lambda base: base.facts[0].pop(name)


def _with(name: str, value: object) -> Callable[[Base], None]:
    return lambda base: base.facts[0].update({name: value})


def _cited(name: str, value: object) -> Callable[[Base], None]:
    return lambda base: base.facts[0]["citations"][0].update({name: value})


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (_without("source"), "source"),
        (_with("source", []), "source"),
        (_without("citations"), "citations"),
        (_without("review_by"), "review_by"),
        (_with("plain", "  "), "plain"),
        (_with("review_by", "2027-13-01"), "review_by"),
        (_with("confidence", "C"), "confidence"),
        (_with("unheard_of", "x"), "unheard_of"),
        (_with("number", "打这个电话"), "number"),
        (_with("history", False), "history"),
        (_with("checked", {"on": "2026-11-23"}), "checked.by"),
        (_with("values", {"days": {"number": "15"}}), "values.days.text"),
        (_with("values", {"Days": {"text": "15"}}), "values.Days"),
        (_cited("articles", ["188条"]), "citations[0].articles[0]"),
        (_cited("articles", ["第一条", "第一条"]), "citations[0].articles"),
        (_cited("since", None), "citations[0].since"),
        (_cited("kind", "rumour"), "citations[0].kind"),
        (_cited("confirmed", "yes"), "citations[0].confirmed"),
        (_with("source", ["S-ELSE"]), "source"),
        (_with("refs", ["LAW-ELSE-1"]), "refs"),
        (_with("confirmed_fields", ["number"]), "confirmed_fields"),
    ],
)
def test_a_bad_record_is_refused_by_name(
    base: Base, spoil: Callable[[Base], None], field: str
) -> None:
    spoil(base)
    with pytest.raises(KnowledgeRefused) as refusal:
        base.load()
    first = str(refusal.value).splitlines()[0]
    assert first.startswith(f"facts/test.yml: LAW-TEST-1: {field}: ")


def test_an_unquoted_date_is_refused_with_its_field(base: Base) -> None:
    base.load()
    path = base.root / "facts" / "test.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("'2027-11-23'", "2027-11-23"), encoding="utf-8")
    with pytest.raises(KnowledgeRefused, match="LAW-TEST-1: review_by: must be a str"):
        load.__wrapped__(base.root)


def test_a_record_without_id_is_named_by_its_place(base: Base) -> None:
    base.facts.append({"plain": "没有编号"})
    with pytest.raises(KnowledgeRefused, match=r"facts/test.yml: record 2: id: is mis"):
        base.load()


def test_an_id_may_be_used_once_in_all_files(base: Base) -> None:
    base.load()
    shutil.copy(base.root / "facts" / "test.yml", base.root / "facts" / "zweit.yml")
    with pytest.raises(
        KnowledgeRefused, match=r"facts/zweit.yml: LAW-TEST-1: id: .*te"
    ):
        load.__wrapped__(base.root)


def test_a_source_may_be_said_once(base: Base) -> None:
    base.sources.append(dict(SOURCE))
    with pytest.raises(KnowledgeRefused, match="S-TEST: id: is there twice"):
        base.load()


def test_a_withheld_fact_must_not_ship(base: Base) -> None:
    base.withheld.append({"id": "LAW-TEST-1", "reason": "unverified"})
    with pytest.raises(KnowledgeRefused, match="LAW-TEST-1: id: is withheld"):
        base.load()


@pytest.mark.parametrize("text", ["facts: [", "- just\n- a list\n", "", "facts: 3"])
def test_a_file_that_is_no_record_list_is_named(base: Base, text: str) -> None:
    base.load()
    (base.root / "facts" / "broken.yml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeRefused, match="broken.yml"):
        load.__wrapped__(base.root)


def test_an_empty_base_is_refused(base: Base) -> None:
    base.load()
    (base.root / "facts" / "test.yml").unlink()
    with pytest.raises(KnowledgeRefused, match="no facts"):
        load.__wrapped__(base.root)


def test_the_project_base_is_loaded_once() -> None:
    assert load() is load()
