"""Links to downloads: signed, for a quarter of an hour, good for one tap."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wenzhu.adapters.evidence_database import EvidenceDatabase
from wenzhu.adapters.evidence_tables import downloads
from wenzhu.evidence import sealing
from wenzhu.settings import DOWNLOAD_MINUTES

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class LinkRefused(Exception):
    """A link that opens nothing: ``unknown``, ``expired`` or ``used``."""


@dataclass(frozen=True)
class Download:
    """What a link opens, and for whom.

    Attributes:
        sender: whose link it is.
        everything: the conversation too, or only the evidence.
        document: what to make a file of instead; evidence is then not touched.
    """

    sender: str
    everything: bool = False
    document: Mapping[str, Any] | None = None


class Links(EvidenceDatabase):
    """Makes links and uses them up."""

    def link(
        self,
        sender: str,
        everything: bool = False,
        document: Mapping[str, Any] | None = None,
    ) -> str:
        """A signed token that opens one download, once, for a quarter of an hour.

        Args:
            sender: whose download it is.
            everything: the conversation too, or only the evidence.
            document: what to make a file of instead, as plain values; the file is
                made while it is fetched, so that none lies anywhere.
        """
        name = _letters(secrets.token_hex(10))
        sealed = None
        if document is not None:
            content = json.dumps(document, ensure_ascii=False).encode()
            sealed = sealing.seal(self._index, content, f"document:{name}")
        expires = self._now().timestamp() + DOWNLOAD_MINUTES * 60
        with self._writing() as connection:
            connection.execute(
                downloads.insert().values(
                    id=name,
                    person=self._person(sender),
                    sealed_sender=sealing.seal(
                        self._index, sender.encode(), f"download:{name}"
                    ),
                    everything=everything,
                    expires_at=expires,
                    sealed_document=sealed,
                )
            )
        return f"{name}.{self._signature(name)}"

    def open_link(self, token: str) -> Download:
        """Use up a link.

        Raises:
            LinkRefused: ``unknown`` (or forged), ``expired`` or ``used``.
        """
        name, _, signature = token.partition(".")
        if not secrets.compare_digest(
            signature.encode(), self._signature(name).encode()
        ):
            raise LinkRefused("unknown")
        now = self._now().timestamp()
        with self._writing() as connection:
            row = connection.execute(
                sa.select(downloads).where(downloads.c.id == name).with_for_update()
            ).one_or_none()
            if row is None:
                raise LinkRefused("unknown")
            if row.used_at is not None:
                raise LinkRefused("used")
            if row.expires_at < now:
                raise LinkRefused("expired")
            connection.execute(
                downloads.update().where(downloads.c.id == name).values(used_at=now)
            )
        sender = sealing.unseal(self._index, row.sealed_sender, f"download:{name}")
        document = None
        if row.sealed_document is not None:
            opened = sealing.unseal(
                self._index, row.sealed_document, f"document:{name}"
            )
            document = json.loads(opened)
        return Download(sender.decode(), row.everything, document)

    def _signature(self, name: str) -> str:
        return _letters(sealing.signature(self._index, f"download:{name}")[:24])


def _letters(digits: str) -> str:
    """Hex without digits: a run of digits in a link would be masked as a number."""
    return digits.translate(_LETTERS)
