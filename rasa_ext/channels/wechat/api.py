"""WeChat's own web API: the token, service messages, the menu."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

SECONDS = 5.0
"""How long one call may take."""
PAUSES = (0.5, 2.0)
"""Before each further try of a call that surely did nothing."""

MOST_BYTES = 65536
"""No answer is longer; what is cut off there is no JSON."""

STALE_TOKEN = frozenset({40001, 40014, 42001})
NOT_ALLOWED = frozenset({48001, 48002, 48004, 50001, 50002})
"""The account may not do this at all."""


class CallFailed(Exception):
    """A call did not succeed.

    Attributes:
        code: WeChat's errcode; 0 if none came.
        surely_not_done: whether trying again cannot do it twice.
    """

    def __init__(self, reason: str, code: int = 0, *, surely_not_done: bool) -> None:
        """Keep why; the reason holds no token and nobody's id."""
        super().__init__(reason)
        self.code = code
        self.surely_not_done = surely_not_done


class Api:
    """The API of an Official Account.

    Attributes:
        may_send: whether service messages are allowed, as far as is known.
    """

    def __init__(self, base: str, app_id: str, secret: str) -> None:
        """Take the base URL, the AppID and the AppSecret."""
        self.may_send = True
        self._base = base.rstrip("/")
        self._app_id = app_id
        self._secret = secret
        self._token = ""
        self._one_at_a_time = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def send_text(self, person: str, text: str) -> None:
        """Send one service message.

        Raises:
            CallFailed: it was not sent, or nobody knows whether it was.
        """
        content = {"touser": person, "msgtype": "text", "text": {"content": text}}
        await self._call_or_give_up("/cgi-bin/message/custom/send", content)

    async def install_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu of the account.

        Raises:
            CallFailed: the menu is the old one, or nobody knows.
        """
        await self.call("/cgi-bin/menu/create", menu)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _call_or_give_up(self, path: str, content: Mapping[str, Any]) -> None:
        try:
            await self.call(path, content)
        except CallFailed as failed:
            if failed.code in NOT_ALLOWED:
                self.may_send = False
                logger.error(
                    "the account may not send service messages (errcode %d); late "
                    "answers wait to be asked for from now on",
                    failed.code,
                )
            raise

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Call with a valid token; try again what surely did nothing.

        Raises:
            CallFailed: it did not succeed in the end.
        """
        for pause in (*PAUSES, None):
            try:
                return await self._with_token(path, content)
            except CallFailed as failed:
                if pause is None or not failed.surely_not_done or failed.code > 0:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _with_token(
        self, path: str, content: Mapping[str, Any]
    ) -> dict[str, Any]:
        token = self._token or await self._new_token(refused="")
        try:
            return await self._post(path, content, token)
        except CallFailed as failed:
            if failed.code not in STALE_TOKEN:
                raise
        return await self._post(path, content, await self._new_token(refused=token))

    async def _new_token(self, refused: str) -> str:
        """A token that is not the refused one; one caller asks, the others wait."""
        async with self._one_at_a_time:
            if self._token and self._token != refused:
                return self._token
            token = await self._fetch_token(force=False)
            if token == refused:
                token = await self._fetch_token(force=True)
            self._token = token
            return token

    async def _fetch_token(self, *, force: bool) -> str:
        answer = await self._post(
            "/cgi-bin/stable_token",
            {
                "grant_type": "client_credential",
                "appid": self._app_id,
                "secret": self._secret,
                "force_refresh": force,
            },
        )
        return token_in(answer)

    async def _post(
        self, path: str, content: Mapping[str, Any], token: str = ""
    ) -> dict[str, Any]:
        # WeChat shows \uXXXX as it stands, so the characters themselves are sent
        body = json.dumps(content, ensure_ascii=False).encode()
        return await self._ask("POST", path, {"access_token": token}, body)

    async def _ask(
        self, method: str, path: str, query: Mapping[str, str], body: bytes | None
    ) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                trust_env=True,  # HTTPS_PROXY
            )
        try:
            async with self._session.request(
                method,
                self._base + path,
                params={name: value for name, value in query.items() if value},
                data=body,
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as response:
                raw = b""
                async for piece in response.content.iter_any():
                    raw += piece
                    if len(raw) > MOST_BYTES:
                        break
        except aiohttp.ClientConnectorError as error:
            raise CallFailed("no connection", surely_not_done=True) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
            raise CallFailed(f"no answer: {kind}", surely_not_done=False) from error
        return _checked(response.status, raw)


def token_in(answer: Mapping[str, Any]) -> str:
    """The token in an answer.

    Raises:
        CallFailed: there is none.
    """
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise CallFailed("an answer without a token", surely_not_done=True)
    return token


def _checked(status: int, raw: bytes) -> dict[str, Any]:
    """The answer as JSON.

    Raises:
        CallFailed: it is something else, or tells of an error.
    """
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise CallFailed(f"HTTP {status} without JSON", surely_not_done=False)
    code = answer.get("errcode", 0)
    if code != 0 or status >= 400:
        number = code if isinstance(code, int) else 0
        raise CallFailed(
            f"HTTP {status}, errcode {number}", number, surely_not_done=number != 0
        )
    return answer
