"""Whether a person lets their masked words be used; whole sentences, by rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.folding import fold

SLOT = "review_consent"


def consent_stated(text: str) -> str | None:
    """The value of the slot that a sentence states: ``yes/1``, ``no/1`` or None."""
    folded = fold(text).strip()
    data = _requests()
    for record in data["requests"]:
        if re.fullmatch(f"(?:{record['pattern']}){data['ending']}", folded):
            return f"{record['answer']}/{data['wording']}"
    return None


def is_given(value: object) -> bool:
    """Whether the slot says yes, to the wording that is asked today."""
    return value == f"yes/{_requests()['wording']}"


@lru_cache(maxsize=1)
def _requests() -> dict[str, Any]:
    return dict(read_yaml(KNOWLEDGE / "review_requests.yml"))
