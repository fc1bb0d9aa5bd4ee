"""The command line, and what happens when the saved pipeline was changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from wenzhu.message import store
from wenzhu.message.store import ModelError, load, verify


def _run(lines: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    load()
    return subprocess.run(
        [sys.executable, "-m", "wenzhu.analyse", *arguments],
        input=lines,
        capture_output=True,
        check=False,
        cwd=store.ROOT,
        timeout=60,
    )


def test_each_line_gets_one_answer_in_order() -> None:
    lines = [
        b'{"id": 1, "sender": "13812345678", "text": "\xe5\x8a\xa0V"}',
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b'{"id": "b"}',
        b"[1, 2]",
        b'{"id": 2, "text": "\\ud800 \\u0000 ok", "sender": null}',
        b'{"id": 3, "text": 5}',
        b'{"id": 4, "text": ""}',
    ]
    done = _run(b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    assert done.returncode == 1
    assert ["error" in answer for answer in answers] == [
        False, True, True, True, True, True, False, True, False,
    ]  # fmt: skip
    assert [a.get("id") for a in answers] == [1, None, None, None, "b", None, 2, 3, 4]
    assert set(answers[0]) >= {"id", "kind", "verdict", "fields", "red_flags"}
    assert answers[0]["red_flags"][-1] == {
        "flag": "personal_mobile_sender",
        "span": "13812345678",
        "start": None,
        "end": None,
        "fact": "SMS-PERSONAL",
    }


def test_good_lines_end_with_success() -> None:
    assert _run(b'{"id": 1, "text": "hello"}\n').returncode == 0


def test_without_ocr_a_picture_gives_an_error_line() -> None:
    done = _run(b"", "--image", "none.png")
    assert "error" in json.loads(done.stdout)
    assert done.returncode == 1


def test_spacy_loads_the_saved_pipeline() -> None:
    load()
    nlp = spacy.load(store.folder())
    assert nlp.pipe_names == [
        "normaliser", "names", "fields", "sign_ruler", "kind", "verdict",
    ]  # fmt: skip
    assert nlp("您已逾期3天")._.analysis.fields.overdue_days == 3


def _copy(target: Path) -> Path:
    load()
    return Path(shutil.copytree(store.folder(), target / "model"))


def test_an_untouched_pipeline_is_accepted(tmp_path: Path) -> None:
    verify(_copy(tmp_path))


@pytest.mark.parametrize("name", ["kind/names.json", "sign_ruler", "meta.json"])
def test_a_changed_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    copy = _copy(tmp_path)
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(ModelError, match=name):
        verify(copy)


def test_added_and_missing_files_are_refused(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    (copy / "extra.pkl").write_bytes(b"")
    with pytest.raises(ModelError, match="extra"):
        verify(copy)
    (copy / "extra.pkl").unlink()
    (copy / "sign_ruler").unlink()
    with pytest.raises(ModelError, match="sign_ruler"):
        verify(copy)
