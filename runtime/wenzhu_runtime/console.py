"""What ``rasa shell`` shows of quick replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def numbered(buttons: Sequence[Mapping[str, str]]) -> str:
    """Return the titles with the numbers that may be typed in their place."""
    shown = [f"{at} {button.get('title', '')}" for at, button in enumerate(buttons, 1)]
    return "　[" + "]  [".join(shown) + "]"
