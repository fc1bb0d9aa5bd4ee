"""The facts that may be said, each with article, date, source and confidence.

Facts are data in ``knowledge/``. Copy never types a law, a number or a name: it
holds placeholders, and ``Knowledge.render`` fills them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from wenzhu.knowledge.loader import (
    KnowledgeRefused,
    check_links,
    read_facts,
    read_sources,
    read_withheld,
)
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.placeholders import (
    PLACEHOLDER,
    FactNotSayable,
    NotSayable,
    UnknownFact,
    render,
)
from wenzhu.knowledge.records import KIND_WORDS, Checked, Citation, Fact, Source, Value

__all__ = [
    "KIND_WORDS",
    "PLACEHOLDER",
    "Checked",
    "Citation",
    "Fact",
    "FactNotSayable",
    "Knowledge",
    "KnowledgeRefused",
    "NotSayable",
    "Source",
    "UnknownFact",
    "Value",
    "load",
]


@dataclass(frozen=True)
class Knowledge:
    """The knowledge base in memory.

    Attributes:
        facts: every fact that ships, by id.
        sources: where they come from, by id.
        withheld: ids that must never ship, with the reason.
    """

    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    withheld: Mapping[str, str]

    def render(self, key: str, today: date | None = None) -> str:
        """Fill one placeholder, given without its braces.

        Args:
            key: ``FACT-ID`` or ``FACT-ID.field``.
            today: with it, a fact whose time is over is not said.

        Raises:
            UnknownFact: there is no such fact.
            FactNotSayable: this part of it must not be said.
        """
        return render(key, self.facts, self.sources, today)

    def fill(self, text: str, today: date | None = None) -> str:
        """Fill every placeholder of a text; other braces stay as they are.

        Raises:
            NotSayable: a placeholder cannot be filled.
        """
        return PLACEHOLDER.sub(lambda found: self.render(found[1], today), text)


@lru_cache(maxsize=4)
def load(root: Path | None = None) -> Knowledge:
    """The knowledge base, read and checked once.

    Args:
        root: its folder; the project's own by default.

    Raises:
        KnowledgeRefused: a file is wrong; the message says which record and field.
    """
    folder = root or KNOWLEDGE
    knowledge = Knowledge(
        read_facts(folder), read_sources(folder), read_withheld(folder)
    )
    check_links(knowledge.facts, knowledge.sources, knowledge.withheld)
    return knowledge
