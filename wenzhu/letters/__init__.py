"""Letters a person can send, fitted to the case; none acknowledges a debt."""

from wenzhu.letters.choice import choose, fits, gate
from wenzhu.letters.library import Letter, LetterRefused, letters
from wenzhu.letters.text import LetterText, preview, write

__all__ = [
    "Letter",
    "LetterRefused",
    "LetterText",
    "choose",
    "fits",
    "gate",
    "letters",
    "preview",
    "write",
]
