"""The process that reads pictures: started when it is needed, ended when it rests."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process

from wenzhu.settings import ROOT

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "wenzhu.adapters.ocr")
SECONDS = 45.0
"""A picture that takes longer is given up; Rasa's server gives up after 60."""

REST = 180.0
"""So long the process waits for another picture, s; then its memory is given back."""

LONGEST_ANSWER = 1 << 20
FAILED = {"reason": "failed"}


class PictureReader:
    """Has pictures read one after the other; they are only ever in memory."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._line = asyncio.Lock()
        self._process: Process | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def read(self, picture: bytes) -> dict[str, str]:
        """The ``text`` in a picture, or the ``reason`` why there is none.

        Reasons are those of ``wenzhu.adapters.ocr.NotReadable``, and ``failed``.
        """
        async with self._line:
            if self._rest is not None:
                self._rest.cancel()
            try:
                async with asyncio.timeout(SECONDS):
                    answer = await self._answer(picture)
            except (TimeoutError, OSError, ValueError) as error:
                logger.error("a picture was not read: %s", type(error).__name__)
                self._end()
                return FAILED
            except BaseException:
                # Given up half way: its answer must not reach the next person.
                self._end()
                raise
            self._rest = asyncio.get_running_loop().call_later(REST, self._end)
            return answer

    async def close(self) -> None:
        """End the process now."""
        process = self._process
        if self._rest is not None:
            self._rest.cancel()
        self._end()
        if process is not None:
            await process.wait()

    async def _answer(self, picture: bytes) -> dict[str, str]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=PIPE, stdout=PIPE, cwd=ROOT, limit=LONGEST_ANSWER
            )
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:
            raise OSError("the reader has no pipes")
        given.write(len(picture).to_bytes(8, "big") + picture)
        await given.drain()
        return dict(json.loads(await taken.readline()))

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        self._process = None
