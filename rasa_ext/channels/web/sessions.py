"""Who somebody is on the web: a session made here, and a signed token for it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from wenzhu.adapters import secret_files
from wenzhu.settings import settings

PREFIX = "web-"
ROTATE_SECONDS = 24 * 3600
"""A token older than this is replaced when its owner comes back."""
SHORTEST_KEY = 32
AHEAD_SECONDS = 60
"""How far in the future a token may have been made: clocks are set back."""

_TOKEN = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


class Refused(Exception):
    """A token that is none of ours, or of another time."""


@dataclass(frozen=True)
class Ticket:
    """What a token says.

    Attributes:
        session: the session, which is the sender id.
        made: when the token was made, in seconds since 1970.
    """

    session: str
    made: int

    def is_old(self, at: float) -> bool:
        """Whether it is time for another token."""
        return at - self.made > ROTATE_SECONDS


class Tokens:
    """Makes and reads tokens, which need not be kept to be checked."""

    def __init__(self, key: bytes, old_key: bytes = b"", hours: int = 72) -> None:
        """Take the keys and how long a token works.

        Raises:
            ValueError: a key is too short.
        """
        self._keys = tuple(each for each in (key, old_key) if each)
        self._seconds = hours * 3600
        if not key or min(map(len, self._keys)) < SHORTEST_KEY:
            raise ValueError(f"WENZHU_WEB_KEY needs {SHORTEST_KEY} characters")

    @classmethod
    def of_settings(cls) -> Tokens:
        """The tokens of this installation; the first call makes a key."""
        own = settings()
        key = own.web_key or secret_files.kept(own.state_folder / "secrets" / "web")
        return cls(key.encode(), own.web_key_old.encode(), own.conversation_hours)

    def make(self, session: str, at: float) -> str:
        """A token for a session."""
        body = f"{session.removeprefix(PREFIX)}.{int(at)}"
        return f"{body}.{_signature(self._keys[0], body)}"

    def read(self, token: object, at: float) -> Ticket:
        """What a token says.

        Raises:
            Refused: it was altered, made by somebody else, or is over.
        """
        found = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        if found is None:
            raise Refused("not a token")
        body = f"{found[1]}.{found[2]}"
        if not any(
            hmac.compare_digest(_signature(key, body), found[3]) for key in self._keys
        ):
            raise Refused("not our signature")
        made = int(found[2])
        if not made - AHEAD_SECONDS <= at < made + self._seconds:
            raise Refused("of another time")
        return Ticket(PREFIX + found[1], made)


def new_session() -> str:
    """A session that nobody can guess."""
    return PREFIX + secrets.token_hex(16)


def _signature(key: bytes, body: str) -> str:
    return hmac.new(key, b"web-token\0" + body.encode(), hashlib.sha256).hexdigest()
