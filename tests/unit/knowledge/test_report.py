"""The report tells a reviewer what is due, ended, unproven and used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from wenzhu.knowledge import Knowledge, load
from wenzhu.knowledge.report import main, over, report, used_in_copy

TODAY = date(2026, 11, 23)


def _text(
    knowledge: Knowledge, used: dict[str, list[str]], on: date | None = TODAY
) -> str:
    return "\n".join(report(knowledge, used, on))


def _only(identifier: str, **changes: object) -> Knowledge:
    whole = load()
    fact = replace(whole.facts[identifier], **changes)
    return Knowledge({identifier: fact}, whole.sources, {})


def test_a_fact_is_due_on_its_day_and_not_before() -> None:
    base = _only("LAW-CC-188", review_by="2026-11-23")
    assert "LAW-CC-188 [A] 2026-11-23" in _text(base, {})
    assert "应复核：0 条" in _text(base, {}, date(2026, 11, 22))


def test_without_a_day_the_next_ones_are_listed() -> None:
    text = _text(load(), {}, None)
    assert "最早到期的 30 条" in text
    assert "LAW-RATE-LPR" in text
    assert "LAW-CC-188" not in text.partition("上线前")[0]


def test_an_ended_fact_is_listed_and_counts_when_copy_uses_it() -> None:
    base = _only("LAW-CC-188", expires="2026-11-22")
    used = {"LAW-CC-188": ["utter_rights_time"]}
    assert "LAW-CC-188 [A] 2026-11-22 结束（话术在用）" in _text(base, used)
    assert over(base, used, TODAY) == ["LAW-CC-188"]
    assert over(base, {}, TODAY) == []
    assert over(base, used, date(2026, 11, 22)) == []


def test_general_advice_in_copy_is_listed_with_the_reply() -> None:
    used = {"HOT-12345": ["utter_act_platform"], "LAW-CC-188": ["utter_rights_time"]}
    part = _text(load(), used).partition("B 级事实")[2]
    assert "HOT-12345 [B] utter_act_platform" in part
    assert "LAW-CC-188" not in part


def test_counts_add_up() -> None:
    row = next(line for line in _text(load(), {}).splitlines() if line[:2] == "合计")
    assert sum(map(int, row.split()[1:])) == len(load().facts)


def test_placeholders_are_found_once_per_reply(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "responses:\n  utter_x_y:\n  - text: '{LAW-CC-188} {LAW-CC-188.value} {lender}'"
        "\n  utter_x_z:\n  - text: '{LAW-CC-188}'\n",
        encoding="utf-8",
    )
    assert used_in_copy(tmp_path) == {"LAW-CC-188": ["utter_x_y", "utter_x_z"]}


def test_the_command_prints_and_judges(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--on", "2026-11-23"]) == 0
    assert "应复核" in capsys.readouterr().out
    assert main([]) == 0
    with pytest.raises(SystemExit):
        main(["--on", "gestern"])
