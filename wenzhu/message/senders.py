"""What kind of number or name sent a message, and what that shows."""

from __future__ import annotations

import re
from functools import lru_cache

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.folding import fold

_STRIP = re.compile(r"[\s\-()]+")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9]))")


@lru_cache(maxsize=1)
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    records = read_yaml(KNOWLEDGE / "senders.yml")["senders"]
    return tuple((record["id"], re.compile(record["pattern"])) for record in records)


def sender_type(sender: str | None) -> str:
    """Name the kind of a sender as ``knowledge/senders.yml`` knows it.

    Args:
        sender: A number or a name as the telephone shows it.

    Returns:
        An id of the file; ``name`` for other text, ``unknown`` for none.
    """
    if not sender or not sender.strip():
        return "unknown"
    number = _COUNTRY.sub("", _STRIP.sub("", fold(sender[:60])))
    for name, pattern in _types():
        if pattern.fullmatch(number):
            return name
    return "name"


def is_private_mobile(sender: str | None) -> bool:
    """Say whether the sender is an eleven-digit mobile number."""
    return sender_type(sender) in ("mobile", "virtual_operator")
