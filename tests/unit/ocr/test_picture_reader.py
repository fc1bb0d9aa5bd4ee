"""One warm process reads all pictures; each answer reaches the one who asked."""

from __future__ import annotations

import asyncio
import io
import os
import signal

import pytest
from PIL import Image, ImageDraw, ImageFont

from wenzhu.adapters.documents import font_path
from wenzhu.adapters.picture_reader import PictureReader

WORDS = ("您的贷款已经逾期请还款", "明天上午九点开庭请到庭", "本月账单已经全部还清了")


def picture(words: str) -> bytes:
    drawn = Image.new("RGB", (900, 300), "white")
    font = ImageFont.truetype(str(font_path()), 48)
    ImageDraw.Draw(drawn).text((60, 100), words, font=font, fill="black")
    target = io.BytesIO()
    drawn.save(target, "PNG")
    return target.getvalue()


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    return {words: picture(words) for words in WORDS}


async def test_answers_do_not_cross(pictures: dict[str, bytes]) -> None:
    reader = PictureReader()
    asked = list(pictures) * 2
    answers = await asyncio.gather(*(reader.read(pictures[words]) for words in asked))
    assert [answer["text"].strip() for answer in answers] == asked
    assert await reader.read(b"%PDF-1.4 no picture") == {"reason": "kind"}
    await reader.close()


async def test_whoever_gives_up_leaves_no_answer_behind(
    pictures: dict[str, bytes],
) -> None:
    reader = PictureReader()
    first, second, _ = WORDS
    await reader.read(pictures[first])
    given_up = asyncio.create_task(reader.read(pictures[first]))
    await asyncio.sleep(0.1)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert (await reader.read(pictures[second]))["text"].strip() == second
    await reader.close()


async def test_a_reader_that_breaks_is_started_again(
    pictures: dict[str, bytes],
) -> None:
    reader = PictureReader()
    words = WORDS[0]
    await reader.read(pictures[words])
    process = reader._process
    assert process is not None
    asking = asyncio.create_task(reader.read(pictures[words]))
    await asyncio.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    assert (await asking)["reason"] == "failed"
    assert (await reader.read(pictures[words]))["text"].strip() == words
    await reader.close()
