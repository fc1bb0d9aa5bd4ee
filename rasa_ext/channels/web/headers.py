"""What a browser may do with the pages, and which other pages may call."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from wenzhu.settings import Settings

HOME = "/app"
"""Where everything of the channel lies."""

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
_PERMISSIONS = (
    "camera=(self)",
    "clipboard-read=(self)",
    "clipboard-write=(self)",
    "microphone=(self)",
    "geolocation=()",
    "payment=()",
    "usb=()",
)
FOR_EVERYONE = frozenset({"embed.js"})
"""Files that pages of other origins load."""


def security(own: Settings, name: str = "") -> dict[str, str]:
    """The security headers of one answer.

    Args:
        own: the settings.
        name: the file's name below the channel's address.
    """
    frames = " ".join(("'self'", *filter(is_origin, own.web_frames)))
    everyone = name in FOR_EVERYONE
    headers = {
        "Content-Security-Policy": "; ".join((*_POLICY, f"frame-ancestors {frames}")),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if everyone else "same-origin",
        "Permissions-Policy": ", ".join(_PERMISSIONS),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if own.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def is_origin(text: str) -> bool:
    """Whether a text is an origin and nothing else: no path, no second word."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and text == f"{parts.scheme}://{parts.netloc}"
        and not set(text) & set("; ,'\"*")
    )


def may_call(origin: str | None, host: str, allowed: Sequence[str]) -> bool:
    """Whether a page of this origin may call; what is no page sends no origin.

    Args:
        origin: the header ``Origin``.
        host: the header ``Host``: a page that we served has the same.
        allowed: further origins.
    """
    if not origin:
        return True
    if origin in allowed:
        return True
    return is_origin(origin) and urlsplit(origin).netloc == host
