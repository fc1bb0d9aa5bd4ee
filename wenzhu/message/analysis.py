"""What the analyser says about one message, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "lender_notice",
    "collection",
    "abusive_collection",
    "loan_marketing",
    "phishing_scam",
    "fake_legal",
    "fake_customer_service",
    "other",
)
VERDICTS = ("impersonation", "unlawful_method", "verify", "insufficient")
RED_FLAGS = (
    "asks_personal_account",
    "short_link",
    "non_official_domain",
    "threatens_arrest",
    "threatens_family",
    "impersonates_court",
    "impersonates_police",
    "asks_verification_code",
    "asks_app_download",
    "asks_screen_share",
    "upfront_fee",
    "personal_mobile_sender",
    "insult",
    "deadline_pressure",
    "unknown_lender",
    "contact_third_party",
    "credit_repair_offer",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One red flag with the words that carry it.

    ``start`` and ``end`` count characters of the text as it was given; they are
    None when the sign is in the sender, which is then the ``span``.
    """

    flag: str
    span: str
    start: int | None
    end: int | None
    fact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a message; it is read and never opened."""

    text: str
    start: int
    end: int
    host: str
    registrable: str
    defanged: str
    short: bool = False
    address: bool = False
    known: bool = False
    resembles: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """What the message states."""

    lender: str | None = None
    amount_yuan: tuple[float, ...] = ()
    overdue_days: int | None = None
    links: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole reading of one message."""

    kind: str
    kind_confidence: float
    verdict: str
    fields: Fields
    findings: tuple[Finding, ...] = ()
    links: tuple[Link, ...] = ()
    sender_type: str = "unknown"

    @property
    def red_flags(self) -> tuple[str, ...]:
        """The names of the flags, each once, in the fixed order."""
        found = {finding.flag for finding in self.findings}
        return tuple(flag for flag in RED_FLAGS if flag in found)
