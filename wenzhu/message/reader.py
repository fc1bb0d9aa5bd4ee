"""The entry to the analyser: text in, analysis out."""

from __future__ import annotations

import re

from wenzhu.message.analysis import Analysis, Fields
from wenzhu.message.store import load
from wenzhu.settings import MAX_TEXT_CHARACTERS

_SURROGATES = re.compile("[\ud800-\udfff]")


def analyse(text: str, sender: str | None = None) -> Analysis:
    """Analyse one message.

    Args:
        text: The message as the person pasted it. Of a longer text than the limit
            only the beginning is read.
        sender: The number or name that the telephone shows, if known.

    Returns:
        The analysis; offsets count characters of ``text``.
    """
    # A lone surrogate cannot be encoded; its stand-in keeps every offset.
    clean = _SURROGATES.sub("\ufffd", text[:MAX_TEXT_CHARACTERS])
    if not clean:
        return Analysis("other", 0.0, "insufficient", Fields())
    nlp = load()
    doc = nlp.make_doc(clean)
    doc._.sender = _SURROGATES.sub("\ufffd", sender) if sender else None
    result: Analysis = nlp(doc)._.analysis
    return result
