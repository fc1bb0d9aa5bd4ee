"""The verdict, from signs, kind and fields, by fixed rules.

There is no verdict that says a message is safe.
"""

from __future__ import annotations

from collections.abc import Collection

IMPERSONATION = frozenset({
    "asks_personal_account",
    "non_official_domain",
    "short_link",
    "impersonates_court",
    "impersonates_police",
    "asks_verification_code",
    "asks_app_download",
    "asks_screen_share",
    "upfront_fee",
})  # fmt: skip
UNLAWFUL = frozenset(
    {"threatens_arrest", "threatens_family", "contact_third_party", "insult"}
)
AS_COURTS_WRITE = frozenset(
    {"impersonates_court", "deadline_pressure", "unknown_lender"}
)
"""Signs that a message of a real court has too."""
_FALSE_NAME = frozenset({"phishing_scam", "fake_legal", "fake_customer_service"})


def verdict(
    kind: str,
    flags: Collection[str],
    *,
    named: bool,
    claim: bool,
    own_channel: bool = False,
) -> str:
    """Derive the verdict.

    Args:
        kind: The kind of the message.
        flags: Names of the red flags found.
        named: Whether a lender, platform or body is named.
        claim: Whether a debt, an offer, a case or a matter is claimed.
        own_channel: Whether it sends the person to a court's official channel only.
            Real courts write such messages, so speaking as a court is then no sign
            of a false name; whether it is one is for the person to check.
    """
    signs = set(flags)
    if own_channel and signs <= AS_COURTS_WRITE:
        return "verify"
    if signs & IMPERSONATION:
        return "impersonation"
    if kind in _FALSE_NAME and signs:
        return "impersonation"
    if signs & UNLAWFUL:
        return "unlawful_method"
    if kind == "abusive_collection":
        return "unlawful_method"
    if named and (claim or kind != "other"):
        return "verify"
    if kind == "loan_marketing" and not signs:
        return "verify"
    return "insufficient"
