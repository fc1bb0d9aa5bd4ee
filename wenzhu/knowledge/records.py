"""The records of the knowledge base, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "law": "法律",
        "regulation": "行政法规",
        "local_regulation": "地方性法规",
        "judicial_interpretation": "司法解释",
        "guideline": "司法指导意见",
        "department_rule": "部门规章",
        "notice": "监管通知或公告",
        "standard": "推荐性国家标准",
        "industry_rule": "行业自律规范",
        "register": "公开名单",
        "official": "官方说明",
        "report": "公开报道",
        "police_advice": "警方提示",
        "practice": "一般建议",
    }
)
"""What a reader is told that a citation is."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact stands: an instrument, its articles and when they apply.

    Attributes:
        instrument: the full name as a reader may look it up, 《…》 included.
        kind: one of ``KIND_WORDS``.
        articles: the articles, the one that matters most first.
        since: ISO date, month or year since which the text applies.
        until: ISO date after which it no longer does.
        confirmed: the text itself was found, so that name and article may be said.
    """

    instrument: str
    kind: str
    articles: tuple[str, ...]
    since: str | None
    until: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of a fact: as it is said, and as it is computed with."""

    text: str
    number: str | None = None
    unit: str | None = None
    since: str | None = None
    until: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """When a fact was last checked, and by whom."""

    on: str
    by: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be said, with everything that stands behind it.

    Attributes:
        id: stable for ever; copy and data refer to it.
        topic: the file it stands in, without suffix.
        plain: the fact in plain words, for a frightened person.
        citations: where it stands, the most important first.
        confidence: ``A`` may be said; ``B`` only as general advice.
        source: ids of sources.
        review_by: the day by which a person looks at it again.
        confirmed_fields: fields of a ``B`` fact that are sure nevertheless.
        expires: the last day on which it may be said.
        history: it tells of something past, so an ended citation is no fault.
        before_launch: what a person must still check in the original.
        limits: what the fact does not mean.
        note: for reviewers; never said.
    """

    id: str
    topic: str
    plain: str
    citations: tuple[Citation, ...]
    confidence: str
    source: tuple[str, ...]
    checked: Checked
    review_by: str
    values: Mapping[str, Value]
    confirmed_fields: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    name: str | None = None
    short_name: str | None = None
    number: str | None = None
    website: str | None = None
    hours: str | None = None
    scope: str | None = None
    license_code: str | None = None
    fear: str | None = None
    advice: str | None = None
    answer: str | None = None
    verbatim: str | None = None
    expires: str | None = None
    history: bool = False
    before_launch: str | None = None
    note: str | None = None

    def sayable_citations(self) -> tuple[Citation, ...]:
        """The citations whose name and article were found in the text itself."""
        return tuple(each for each in self.citations if each.confirmed)

    def ended_on(self) -> str | None:
        """The first day that ends this fact, or None while nothing does."""
        ends = [self.expires] if self.expires else []
        if not self.history:
            ends += [each.until for each in self.citations if each.until]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read.

    Attributes:
        kind: ``O`` official text, read · ``L`` official address, not opened ·
            ``N`` news or a public body's page · ``T`` third party · ``K`` common
            knowledge.
    """

    id: str
    kind: str
    name: str
    url: str | None = None
    locator: str | None = None
    official_url: str | None = None
