"""Pseudonyms: how a person of a messaging channel is called inside the bot."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from wenzhu.settings import settings


@lru_cache(maxsize=1)
def _key() -> bytes:
    """The key of the pseudonyms; the first call makes it, nobody else may read it."""
    folder = settings().state_folder / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "people"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    made = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made.hex())
    return made


def pseudonym(channel: str, account: str, person: str) -> str:
    """A name that is always the same for a person, and says nothing about them.

    Args:
        channel: its name, which the pseudonym starts with.
        account: the id of the account that they talk to.
        person: their id on the channel.
    """
    text = "\0".join((channel, account, person)).encode()
    return f"{channel}-{hmac.new(_key(), text, hashlib.sha256).hexdigest()[:32]}"
