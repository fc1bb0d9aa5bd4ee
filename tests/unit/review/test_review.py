"""The review command on a real database and a copy of the real training files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from wenzhu.adapters import clock
from wenzhu.adapters.review_store import ReviewStore, Utterance
from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.review import __main__ as command
from wenzhu.review.consent import consent_stated, is_given
from wenzhu.review.labels import held_out
from wenzhu.review.training_file import written
from wenzhu.settings import settings
from wenzhu.understanding.examples import refuse_contradictions
from wenzhu.understanding.sentences import sentences_in

NEW = "俺家那口子半夜老翻身叹气 就为那几个电话"
SAID = Utterance(100.5, NEW, "fears", {"intent": "out_of_scope"}, "rejected")
REQUESTS = read_yaml(KNOWLEDGE / "review_requests.yml")
OFFER = read_yaml(DATA / "responses" / "review.yml")["responses"]["utter_review_offer"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReviewStore]:
    state = tmp_path / "state"
    own = replace(
        settings(), state_folder=state, database_url=f"sqlite:///{state / 'w.db'}"
    )
    opened = ReviewStore(own)
    monkeypatch.setattr(command, "review_store", lambda: opened)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = tmp_path / "nlu"
    shutil.copytree(DATA / "nlu", copied)
    monkeypatch.setattr(command, "FOLDER", copied)
    return copied


def changed(folder: Path) -> dict[str, list[str]]:
    """By file, the lines that were added; nothing may be taken away."""
    found = {}
    for path in sorted(folder.iterdir()):
        before = (DATA / "nlu" / path.name).read_text(encoding="utf-8").splitlines()
        after = path.read_text(encoding="utf-8").splitlines()
        place, added = 0, []
        for line in after:
            if place < len(before) and line == before[place]:
                place += 1
            else:
                added.append(line)
        assert place == len(before), f"{path.name} lost a line"
        if added:
            found[path.name] = added
    return found


def accept(*arguments: str) -> int:
    return command.main(["accept", "1", *arguments])


def test_a_sentence_goes_into_the_block_of_its_labels(
    store: ReviewStore, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.keep("wang", [SAID], "1")
    assert command.main(["list"]) == 0
    assert f"1\trejected\tfears\t{NEW}" in capsys.readouterr().out
    assert accept("--intent", "inform_fear", "--fears", "harassment_calls") == 0
    assert changed(folder) == {"fears.yml": [f"    - {NEW}"]}
    one = next(e for e in sentences_in(folder) if e.text == NEW)
    assert (one.intent, one.context) == ("inform_fear", "fears")
    assert one.fears == {"harassment_calls"}
    refuse_contradictions(sentences_in(folder))
    assert store.all() == []


def test_labels_nobody_used_together_make_a_new_block(
    store: ReviewStore, folder: Path
) -> None:
    store.keep("wang", [SAID], "1")
    labels = ["--has-loan", "no", "--fears", "travel_ban,shame,children_affected"]
    assert accept("--intent", "thanks", "--context", "has_loan", *labels) == 0
    fears = "[children_affected, shame, travel_ban]"
    assert changed(folder) == {
        "turns.yml": [
            "- intent: thanks",
            f'  metadata: {{context: has_loan, has_loan: "no", fears: {fears}}}',
            "  examples: |",
            f"    - {NEW}",
        ]
    }
    one = next(e for e in sentences_in(folder) if e.text == NEW)
    assert (one.has_loan, one.context, len(one.fears)) == ("no", "has_loan", 3)


HELD = next(text for text in held_out() if len(text) > 12)


@pytest.mark.parametrize(
    ("text", "arguments", "why"),
    [
        ("没借过", ["--intent", "thanks", "--context", "has_loan"], "but thanks/"),
        (HELD, ["--intent", "thanks"], "held out"),
        (NEW, ["--intent", "ask_weather"], "no intent"),
        (NEW, ["--intent", "inform_fear", "--fears", "dogs"], "no fears"),
        ("好的", ["--intent", "affirm", "--context", "none"], "turns.yml already"),
        ("一行\n两行", ["--intent", "thanks"], "several lines"),
    ],
)
def test_what_must_not_be_learnt_is_refused_and_stays(
    store: ReviewStore,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    arguments: list[str],
    why: str,
) -> None:
    store.keep("wang", [replace(SAID, text=text)], "1")
    assert accept(*arguments) == 1
    assert why in capsys.readouterr().out
    assert changed(folder) == {}
    assert len(store.all()) == 1


def test_a_dropped_sentence_is_gone_and_an_unknown_number_is_said(
    store: ReviewStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store.keep("wang", [SAID], "1")
    assert command.main(["drop", "7"]) == 1
    assert "nothing waits under 7" in capsys.readouterr().out
    assert command.main(["drop", "1"]) == 0
    assert store.all() == []


def test_one_sentence_is_kept_once_and_one_person_is_forgotten(
    store: ReviewStore,
) -> None:
    store.keep("wang", [SAID], "1")
    store.keep("wang", [SAID, replace(SAID, said_at=101.0)], "1")
    store.keep("li", [SAID], "1")
    assert len(store.all()) == 3
    store.forget("wang")
    assert len(store.all()) == 1
    content = next(store._settings.state_folder.glob("w.db")).read_bytes()
    assert b"wang" not in content


def test_it_is_deleted_when_its_time_is_over(store: ReviewStore) -> None:
    store.keep("wang", [SAID], "1")
    days = store._settings.evidence_days
    store._now = lambda: clock.now() + timedelta(days=days - 1)
    assert len(store.all()) == 1
    store._now = lambda: clock.now() + timedelta(days=days + 1)
    assert store.all() == []


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [(text, r["answer"]) for r in REQUESTS["requests"] for text in r["matches"]],
)
def test_consent_in_words(sentence: str, answer: str) -> None:
    assert consent_stated(sentence) == f"{answer}/{REQUESTS['wording']}"


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [(t, r["answer"]) for r in REQUESTS["requests"] for t in r["must_not_match"]],
)
def test_no_consent_in_other_words(sentence: str, answer: str) -> None:
    stated = consent_stated(sentence)
    assert stated is None or not stated.startswith(f"{answer}/")


def test_the_buttons_carry_the_wording_of_today() -> None:
    yes, no = (button["payload"] for button in OFFER[0]["buttons"])
    assert f'"yes/{REQUESTS["wording"]}"' in yes
    assert f'"no/{REQUESTS["wording"]}"' in no
    assert is_given(f"yes/{REQUESTS['wording']}")
    assert not is_given("yes/0")
    assert not is_given(None)


def test_labels_are_written_as_the_files_write_them() -> None:
    labels = {"fears": ["shame", "arrest"], "has_loan": "no", "context": "fears"}
    assert written(labels) == (
        '{context: fears, has_loan: "no", fears: [arrest, shame]}'
    )
