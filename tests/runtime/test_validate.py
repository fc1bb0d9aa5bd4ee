"""``make validate`` fails on what Rasa merely warns of, and not on what is right."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scripts.validate import COMMAND, complaints
from wenzhu.settings import ROOT

RULE = """
version: "3.1"
rules:
  - rule: 谁也不认识的意图
    steps: [{intent: no_such_intent}, {action: utter_no_such_reply}]
"""


def test_what_is_right_here_is_no_complaint() -> None:
    assert not complaints(
        "io.py:100: UserWarning: The utterance 'utter_calm_arrest' is not used in any "
        "story or rule.\n"
        "\x1b[93mio.py:100: UserWarning: The example '没有' was found labeled with "
        "multiple different intents in the training data.\n"
        "2026-01-01 10:00:00 INFO     rasa.validator  - Validating intents...\n"
    )


def test_an_error_in_the_log_is_one() -> None:
    assert complaints("2026-01-01 10:00:00 ERROR    rasa.validator  - broken")


def test_rasas_own_words_about_a_broken_rule_are_heard(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(RULE, encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "--data", str(tmp_path), str(ROOT / "data" / "rules")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    found = "\n".join(complaints(done.stdout))
    assert "'no_such_intent' is used in your stories" in found
    assert "'utter_no_such_reply' is used in the stories" in found
