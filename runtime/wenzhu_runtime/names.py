"""Names for trained models, in place of the package ``randomname``."""

from __future__ import annotations

import secrets


def get_name() -> str:
    """Return a short name that no earlier model has."""
    return secrets.token_hex(4)
