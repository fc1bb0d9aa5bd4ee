"""The text in a screenshot, read on this machine with models that are installed.

A picture is opened with limits, drawn anew (what was hidden in the file is gone) and
read. ``python -m wenzhu.adapters.ocr`` reads one after the other in a process of its
own (``wenzhu.adapters.picture_reader`` keeps it), so that a conversation does not wait
and a picture that crashes the reader takes nothing with it.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PIL import Image, ImageOps

from wenzhu.screenshot import Line, joined
from wenzhu.settings import MAX_PICTURE_BYTES

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 6000
SURE = 0.6
"""Lines that were read with less confidence are left out."""
ENLARGED_BELOW = 700
"""Narrower pictures are made twice as large: small characters are read better."""
FOUND_AT = 960
"""Lines are looked for in a picture no longer than this, and read in the real one."""
STRIP = 1800
"""Pixels of height read at once: a long screenshot would be shrunk beyond reading."""
OVERLAP = 160
FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"RIFF": "WEBP",
    b"GIF8": "GIF",
    b"BM": "BMP",
}
"""How a file of each kind begins; its name and what a browser says are not asked."""


class NotReadable(Exception):
    """Why a picture was not read.

    Attributes:
        reason: ``large``, ``kind`` or ``empty`` (no text in it).
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def cleaned(content: bytes) -> Image.Image:
    """The picture in a file, upright, drawn anew without anything beside it.

    Its ``info`` has the media type of the file as ``kind``, and nothing else.

    Raises:
        NotReadable: it is too large, no picture, a broken one, or moves.
    """
    if len(content) > MAX_PICTURE_BYTES:
        raise NotReadable("large")
    known = next(
        (kind for head, kind in FORMATS.items() if content.startswith(head)), ""
    )
    if not known:
        raise NotReadable("kind")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=(known,)) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise NotReadable("large")
                if getattr(opened, "n_frames", 1) > 1:
                    raise NotReadable("kind")
                opened.load()
                flat = _flat(ImageOps.exif_transpose(opened))
                flat.info = {"kind": Image.MIME[known]}
                return flat
    except NotReadable:
        raise
    except Image.DecompressionBombError as error:
        raise NotReadable("large") from error
    except Exception as error:  # Pillow's plugins raise whatever a broken file leads to
        raise NotReadable("kind") from error


def _flat(picture: Image.Image) -> Image.Image:
    """The same picture on white, in RGB, not larger than can be read."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        picture = Image.alpha_composite(white, layer)
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    if flat.width > LONGEST_SIDE:
        flat = flat.resize((LONGEST_SIDE, flat.height * LONGEST_SIDE // flat.width))
    if flat.width < ENLARGED_BELOW and flat.width * flat.height * 4 <= MAX_PIXELS:
        flat = flat.resize((flat.width * 2, flat.height * 2), Image.Resampling.LANCZOS)
    return flat


def read(content: bytes) -> str:
    """The text in a picture, bubbles in reading order, an empty line between them.

    Raises:
        NotReadable: there is no text, or it is no picture that can be read.
    """
    text = joined(_lines(cleaned(content)))
    if not text:
        raise NotReadable("empty")
    return text


def _lines(picture: Image.Image) -> list[Line]:
    found: list[Line] = []
    top = 0
    while True:
        bottom = min(top + STRIP, picture.height)
        strip = picture.crop((0, top, picture.width, bottom))
        # A line in the overlap is taken from the strip in which it stands whole.
        first = top + OVERLAP // 2 if top else 0
        last = bottom - OVERLAP // 2 if bottom < picture.height else bottom
        found += [
            moved
            for moved in (line.moved(top) for line in _read_strip(strip))
            if first <= moved.middle < last or not top and bottom == picture.height
        ]
        if bottom == picture.height:
            return found
        top = bottom - OVERLAP


def _read_strip(picture: Image.Image) -> list[Line]:
    import numpy as np

    # OpenCV has blue first
    result = _engine()(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
    if result.boxes is None or result.txts is None:
        return []
    return [
        Line.of_corners(text, [(float(x), float(y)) for x, y in box])
        for box, text, score in zip(
            result.boxes, result.txts, _scores(result.scores), strict=True
        )
        if score >= SURE and text.strip()
    ]


def _scores(given: Sequence[Any] | None) -> list[float]:
    return [float(each) for each in given or ()]


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The reader; its models lie in its package."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # screenshots are not upside down
            "Det.limit_type": "max",
            "Det.limit_side_len": FOUND_AT,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def main() -> int:
    """Read pictures until standard input ends.

    In: the size of a picture, 8 bytes with the highest first, then the picture. Out: a
    line of JSON with its text, or with the reason why there is none.
    """
    while size := sys.stdin.buffer.read(8):
        content = sys.stdin.buffer.read(int.from_bytes(size, "big"))
        try:
            answer = {"text": read(content)}
        except NotReadable as refused:
            answer = {"reason": refused.reason}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
