"""Pseudonyms: how a person of a messaging channel is called inside the bot."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from wenzhu.adapters import secret_files
from wenzhu.settings import settings


@lru_cache(maxsize=1)
def _key() -> bytes:
    """The key of the pseudonyms; the first call makes it, nobody else may read it."""
    path = settings().state_folder / "secrets" / "people"
    return bytes.fromhex(secret_files.kept(path))


def pseudonym(channel: str, account: str, person: str) -> str:
    """A name that is always the same for a person, and says nothing about them.

    Args:
        channel: its name, which the pseudonym starts with.
        account: the id of the account that they talk to.
        person: their id on the channel.
    """
    text = "\0".join((channel, account, person)).encode()
    return f"{channel}-{hmac.new(_key(), text, hashlib.sha256).hexdigest()[:32]}"
