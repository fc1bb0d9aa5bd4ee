"""When an open crisis may close: the person is safe and wants to go on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wenzhu.crisis.gate import assess
from wenzhu.crisis.patterns import Pattern, compile_patterns
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.normalise import normalise

FILE = "crisis_closing.yml"
LONGEST = 300
"""Nobody says in a longer text only that they are safe."""

REQUEST = 5
"""A question about the case takes at least so many characters of its own."""

GOES_ON = frozenset(
    {
        "paste_sms",
        "describe_sms",
        "ask_is_it_real",
        "ask_official_contact",
        "ask_company_info",
        "ask_how_to_evidence",
        "ask_rights",
        "ask_complain_where",
        "ask_letter",
        "ask_interest_legal",
        "ask_negotiate",
        "ask_credit_dispute",
        "ask_already_paid_scammer",
        "ask_clicked_link",
    }
)
"""Intents that ask for the case; "yes" and "thanks" alone do not."""


_NOT_CONTENT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Words:
    safe: tuple[Pattern, ...]
    flat: tuple[Pattern, ...]
    go_on: tuple[Pattern, ...]
    not_yet: tuple[Pattern, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = read_yaml(KNOWLEDGE / FILE)
    fragments = data["fragments"]
    groups = {
        name: compile_patterns(data[name], fragments, f"{FILE}: {name}")
        for name in ("safe", "flat", "go_on", "not_yet")
    }
    return _Words(**groups)


def says_safe(text: str) -> bool:
    """Whether the person says that they are safe, in more than a flat word."""
    folded = normalise(text).text.strip()
    words = _words()
    return (
        _found(words.safe, folded)
        and not _found(words.flat, folded)
        and not _found(words.not_yet, folded)
    )


def closes(text: str, intent: str, was_safe: bool = False) -> bool:
    """Whether an open crisis closes with these words.

    Both are needed: safe now, and asking for or agreeing to the case.
    "没事了" alone is not consent to talk about debt.

    Args:
        text: what the person wrote.
        intent: what the sentence was read as.
        was_safe: they said so in an earlier turn of this crisis.
    """
    if len(text) > LONGEST or assess(text).level == "crisis":
        return False
    folded = normalise(text).text
    if not says_safe(text) and (not was_safe or _found(_words().not_yet, folded)):
        return False
    if _found(_words().go_on, folded):
        return True
    return intent in GOES_ON and len(_without_safety(folded)) >= REQUEST


def _without_safety(folded: str) -> str:
    for pattern in _words().safe:
        folded = pattern.expression.sub("", folded)
    return _NOT_CONTENT.sub("", folded)


def _found(patterns: tuple[Pattern, ...], text: str) -> bool:
    return any(pattern.expression.search(text) for pattern in patterns)
