"""Signatures and the encryption of WeChat and WeCom, with ``cryptography`` alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

BLOCK = 32
"""WeChat pads to 32 bytes, twice the block of AES."""

_NOISE = 16
_LENGTH = struct.Struct(">I")


class Refused(Exception):
    """A message that is not what it should be.

    Attributes:
        status: the HTTP status to answer with, 4xx.
    """

    def __init__(self, reason: str, status: int = 403) -> None:
        """Keep why; the reason never holds what was sent."""
        super().__init__(reason)
        self.status = status


def signature(*parts: str) -> str:
    """The signature of the parts: SHA-1 over them, sorted and joined, in hex."""
    joined = "".join(sorted(parts)).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def check(given: str, *parts: str) -> None:
    """Compare a signature in constant time.

    Raises:
        Refused: it is another one.
    """
    if not hmac.compare_digest(given.encode(), signature(*parts).encode()):
        raise Refused("the signature is wrong")


def check_age(timestamp: str, now: float, window: float) -> None:
    """Refuse what was signed too long ago, or in the future.

    Args:
        timestamp: seconds since 1970, as sent.
        now: the present, likewise.
        window: how many seconds apart they may be.

    Raises:
        Refused: too far apart, or not a number.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Refused("the timestamp is no number")
    if abs(now - int(timestamp)) > window:
        raise Refused("signed too long ago")


class Cipher:
    """Encrypts and decrypts messages of one account.

    AES-256-CBC; the first 16 bytes of the key are the initial vector. Inside are 16
    random bytes, the length in four bytes, the message, and the id of the account.
    """

    def __init__(self, key: str, account: str) -> None:
        """Take the EncodingAESKey of 43 characters and the AppID or CorpID.

        Raises:
            ValueError: the key has another length or alphabet.
        """
        try:
            self._key = base64.b64decode(f"{key}=", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("the AES key is not base64") from error
        if len(self._key) != 32:
            raise ValueError("the AES key must have 43 characters")
        self._account = account.encode()

    def _block(self) -> BlockCipher[modes.CBC]:
        return BlockCipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, message: bytes) -> str:
        """The message as base64."""
        noise = secrets.token_bytes(_NOISE)
        inside = noise + _LENGTH.pack(len(message)) + message + self._account
        missing = BLOCK - len(inside) % BLOCK
        encryptor = self._block().encryptor()
        padded = inside + bytes([missing]) * missing
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode(
            "ascii"
        )

    def decrypt(self, text: str) -> bytes:
        """The message in an encrypted text.

        Raises:
            Refused: it was not encrypted with this key for this account.
        """
        try:
            sealed = base64.b64decode(text, validate=True)
            decryptor = self._block().decryptor()
            padded = decryptor.update(sealed) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise Refused("it cannot be decrypted") from error
        inside = padded[: -padded[-1]] if padded and padded[-1] <= BLOCK else b""
        start = _NOISE + _LENGTH.size
        if len(inside) < start:
            raise Refused("it cannot be decrypted")
        end = start + _LENGTH.unpack_from(inside, _NOISE)[0]
        if not hmac.compare_digest(inside[end:], self._account):
            raise Refused("it is for another account")
        return inside[start:end]
