"""Signs of fraud and of unlawful collecting: patterns that are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"<([a-z]+)>")
_CLAUSE = re.compile(r"[,。;!?\n【】]")
_DUE = re.compile(
    r"(?:今[天日]|明[天日]|后天|即将|将于[^,。]{1,12}|本期|[0-9日号])(?:是|为)?(?:您的?)?(?:最后|到期)?"
    r"(?:到期|还款日|账单日|扣款日|应还|自动扣款|扣款)|到期还款日|到期提醒|还款提醒|账单提醒|账单日"
)
_LATE = re.compile(
    r"(?:逾期|拖欠|欠款|超期|违约|后果|起诉|上门|失信|黑名单|冻结|通讯录|未还)"
)
LIMIT_PER_SIGN = 5


@dataclass(frozen=True, slots=True)
class SignMatch:
    """One sign found, with its span in the normalised text."""

    flag: str
    start: int
    end: int
    fact: str
    reason: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Sign:
    name: str
    flag: str
    fact: str
    reason: str
    patterns: tuple[re.Pattern[str], ...]
    unless_before: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    requires: re.Pattern[str] | None
    not_due: bool


class SignRuler:
    """Finds every sign of ``knowledge/scam_signs.yml`` in a text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Compile the records.

        Raises:
            ValueError: A pattern is no regular expression; it names the record.
        """
        self._words: Mapping[str, str] = data["words"]
        self._default = data["defaults"]["unless_before"]
        self.signs = tuple(self._compile(record) for record in data["signs"])

    def _compile(self, record: Mapping[str, Any]) -> _Sign:
        before = record.get("unless_before")
        return _Sign(
            name=record["id"],
            flag=record["flag"],
            fact=record["fact"],
            reason=record["why"],
            patterns=tuple(
                self._pattern(record["id"], pattern) for pattern in record["patterns"]
            ),
            unless_before=self._optional(
                record["id"], self._default if before == "default" else before
            ),
            unless=self._optional(record["id"], record.get("unless")),
            requires=self._optional(record["id"], record.get("requires")),
            not_due=bool(record.get("requires_not_due")),
        )

    def _optional(self, name: str, pattern: str | None) -> re.Pattern[str] | None:
        return None if pattern is None else self._pattern(name, pattern)

    def _pattern(self, name: str, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(_WORD.sub(lambda match: self._words[match[1]], pattern))
        except (re.error, KeyError) as error:
            raise ValueError(f"sign {name}: {pattern!r}: {error}") from error

    def find(self, text: str) -> list[SignMatch]:
        """Find the signs of a normalised text, in its order."""
        found: list[SignMatch] = []
        for sign in self.signs:
            if sign.unless is not None and sign.unless.search(text):
                continue
            if sign.requires is not None and not sign.requires.search(text):
                continue
            if sign.not_due and _DUE.search(text) and not _LATE.search(text):
                continue
            found.extend(self._of(sign, text))
        return sorted(found, key=lambda match: (match.start, match.flag))

    def _of(self, sign: _Sign, text: str) -> Iterable[SignMatch]:
        spans: list[tuple[int, int]] = []
        for pattern in sign.patterns:
            for match in pattern.finditer(text):
                start, end = match.span()
                if start == end:
                    continue
                if sign.unless_before is not None:
                    window = text[max(0, start - 40) : start]
                    if sign.unless_before.search(window):
                        continue
                spans.append((start, end))
                if len(spans) > 40:
                    break
        for start, end in _longest(spans)[:LIMIT_PER_SIGN]:
            yield SignMatch(sign.flag, start, end, sign.fact, sign.reason, sign.name)


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans that touch an earlier or longer one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
