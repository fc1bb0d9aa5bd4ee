"""RFC 3161: an authority of the operator's choice signs that a chain existed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import requests
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from wenzhu.evidence.errors import StampRefused
from wenzhu.settings import Settings

SECONDS = 10.0
"""So long an authority may take to answer."""
MOST_BYTES = 64 * 1024
HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


class Authority:
    """A time-stamping authority: it sees a hash, and nothing of what was kept."""

    def __init__(self, address: str, roots: Path) -> None:
        """Take where it answers, and whom to trust.

        Args:
            address: an HTTP address.
            roots: a PEM file of the certificates that its own leads to.

        Raises:
            StampRefused: the file does not hold certificates.
        """
        self._address = address
        try:
            self._roots = x509.load_pem_x509_certificates(roots.read_bytes())
        except (OSError, ValueError) as error:
            raise StampRefused(f"no certificates in {roots}: {error}") from None

    def stamp(self, content: bytes) -> tuple[bytes, datetime]:
        """Have a content stamped; the answer as DER, and the time that it states.

        Raises:
            StampRefused: the authority does not answer, or its answer does not hold.
        """
        asked = TimestampRequestBuilder().data(content)
        request = asked.hash_algorithm(HashAlgorithm.SHA512).build()
        try:
            with requests.post(
                self._address,
                data=request.as_bytes(),
                headers=HEADERS,
                timeout=SECONDS,
                stream=True,
            ) as answer:
                answer.raise_for_status()
                token = answer.raw.read(MOST_BYTES, decode_content=True)
        except (requests.RequestException, OSError) as error:
            raise StampRefused(type(error).__name__) from None
        return token, self.check(token, content, request.nonce)

    def check(self, token: bytes, content: bytes, nonce: int | None = None) -> datetime:
        """The time that a stamp states for a content.

        Raises:
            StampRefused: the stamp is of another content, or not from whom we trust.
        """
        built = VerifierBuilder(roots=list(self._roots), nonce=nonce).build()
        try:
            answer = decode_timestamp_response(token)
            built.verify_message(answer, content)
        except (VerificationError, ValueError) as error:
            raise StampRefused(str(error)) from None
        return answer.tst_info.gen_time


def authority(own: Settings) -> Authority | None:
    """The authority of the settings; None: nothing is stamped.

    Raises:
        StampRefused: there is an address, and nobody to trust.
    """
    if not own.timestamp_url:
        return None
    return Authority(own.timestamp_url, Path(own.timestamp_roots))
