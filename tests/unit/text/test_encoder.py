"""Each text is encoded by itself, piece by piece, whatever stands beside it."""

from __future__ import annotations

import numpy as np

from wenzhu.text import encoder

TEXTS = (
    "我没借过钱",
    "will I go to jail",
    "怕",
    " ",
    "",
    "😀",
    "\ud83d半个字符",
    "【某某消费金融】提醒：您的贷款已逾期，请尽快处理。" * 30,
)


def test_a_text_does_not_see_its_neighbours() -> None:
    for text, together in zip(TEXTS, encoder.encode(TEXTS), strict=True):
        alone = next(encoder.encode([text]))
        assert np.allclose(alone.vector, together.vector, atol=1e-5)
        assert np.allclose(alone.pieces, together.pieces, atol=1e-3)


def test_every_piece_has_its_row() -> None:
    pieces = encoder.encode_one("我没借过钱").pieces
    assert pieces.shape[1] == encoder.PIECE_DIMENSIONS
    assert len(pieces) > 3
