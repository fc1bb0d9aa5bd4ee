"""Sealing with AES-256-GCM: small values, contents piece by piece, keys in keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wenzhu.evidence.errors import Damaged, WrongKey

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 8
PIECE_BYTES = 1 << 20
TAG_BYTES = 16
_PREFIX_BYTES = 7
_MAGIC = b"WZE1"
TEXT_PREFIX = "wz1:"


def new_key() -> bytes:
    """A fresh key."""
    return secrets.token_bytes(KEY_BYTES)


def key_from_text(text: str) -> bytes:
    """A key written as 64 hex digits or as base64.

    Raises:
        WrongKey: it is neither, or not of 32 bytes.
    """
    stripped = text.strip()
    for read in (bytes.fromhex, base64.urlsafe_b64decode, base64.b64decode):
        try:
            key = read(stripped)
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    raise WrongKey("the service key is not 32 bytes in hex or base64")


def key_id(key: bytes) -> bytes:
    """What tells keys apart without saying anything about them."""
    return hashlib.sha256(b"wenzhu-key-id" + key).digest()[:KEY_ID_BYTES]


def seal(key: bytes, content: bytes, place: str) -> bytes:
    """Seal a small value; it opens only at the place it was sealed for."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what ``seal`` made.

    Raises:
        Damaged: other key, other place, or changed.
    """
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except (InvalidTag, ValueError):
        raise Damaged("the sealed value was changed") from None


def seal_text(key: bytes, text: str, place: str) -> str:
    """Seal a text into a text, for a column of texts."""
    return TEXT_PREFIX + base64.b64encode(seal(key, text.encode(), place)).decode()


def unseal_text(key: bytes, sealed: str, place: str) -> str:
    """Open what ``seal_text`` made; a text from before texts were sealed is as it is.

    Raises:
        Damaged: other key, other place, or changed.
    """
    if not sealed.startswith(TEXT_PREFIX):
        return sealed
    try:
        body = base64.b64decode(sealed.removeprefix(TEXT_PREFIX), validate=True)
    except binascii.Error:
        raise Damaged("the sealed text was changed") from None
    return unseal(key, body, place).decode()


@dataclass(frozen=True)
class Ring:
    """Service keys: the first one seals, all of them open."""

    keys: Sequence[bytes]

    def wrap(self, key: bytes, place: str) -> bytes:
        """Seal a key with the service key."""
        own = self.keys[0]
        return key_id(own) + seal(own, key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """Open a key.

        Raises:
            WrongKey: it was sealed with a service key that is not here.
        """
        wanted, sealed = wrapped[:KEY_ID_BYTES], wrapped[KEY_ID_BYTES:]
        for key in self.keys:
            if key_id(key) == wanted:
                try:
                    return unseal(key, sealed, place)
                except Damaged:
                    break
        raise WrongKey(
            f"sealed with service key {wanted.hex()}, "
            f"but the key that is set is {key_id(self.keys[0]).hex()}: "
            "set the right one in WENZHU_SERVICE_KEY, or put its file back"
        )

    def is_current(self, wrapped: bytes) -> bool:
        """Whether a key was wrapped with the service key that seals now."""
        return wrapped[:KEY_ID_BYTES] == key_id(self.keys[0])


def seal_pieces(key: bytes, pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    """Seal a content of any length, one MiB in memory at a time.

    Every piece carries its position and whether it is the last one in its nonce,
    so that no piece can be moved, dropped or cut off.
    """
    prefix = secrets.token_bytes(_PREFIX_BYTES)
    yield _MAGIC + prefix
    cipher, extra = AESGCM(key), place.encode()
    held: bytes | None = None
    position = 0
    for piece in _even(pieces):
        if held is not None:
            yield cipher.encrypt(_nonce(prefix, position, False), held, extra)
            position += 1
        held = piece
    yield cipher.encrypt(_nonce(prefix, position, True), held or b"", extra)


def open_pieces(key: bytes, file: BinaryIO, place: str) -> Iterator[bytes]:
    """Open what ``seal_pieces`` made.

    Raises:
        Damaged: other key, other place, changed or cut short.
    """
    head = file.read(len(_MAGIC) + _PREFIX_BYTES)
    if len(head) != len(_MAGIC) + _PREFIX_BYTES or not head.startswith(_MAGIC):
        raise Damaged("the sealed file has no head")
    prefix, cipher, extra = head[len(_MAGIC) :], AESGCM(key), place.encode()
    position, held = 0, file.read(PIECE_BYTES + TAG_BYTES)
    while True:
        following = file.read(PIECE_BYTES + TAG_BYTES)
        nonce = _nonce(prefix, position, not following)
        try:
            piece = cipher.decrypt(nonce, held, extra)
        except (InvalidTag, ValueError):
            raise Damaged("the sealed file was changed or cut short") from None
        yield piece
        if not following:
            return
        position, held = position + 1, following


def signature(key: bytes, text: str) -> str:
    """A keyed hash, in hex."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _nonce(prefix: bytes, position: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", position, last)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one MiB, the last one shorter."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        while len(gathered) >= PIECE_BYTES:
            yield bytes(gathered[:PIECE_BYTES])
            del gathered[:PIECE_BYTES]
    if gathered:
        yield bytes(gathered)
