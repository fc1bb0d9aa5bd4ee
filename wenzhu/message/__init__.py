"""Reading one message: what kind it is, what it states, which signs it carries."""

from wenzhu.message.analysis import (
    KINDS,
    RED_FLAGS,
    VERDICTS,
    Analysis,
    Fields,
    Finding,
    Link,
)
from wenzhu.message.reader import analyse

__all__ = [
    "KINDS",
    "RED_FLAGS",
    "VERDICTS",
    "Analysis",
    "Fields",
    "Finding",
    "Link",
    "analyse",
]
