"""What is said about an analysed message: verdict, quotes, reason, warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wenzhu.case import Case, Say
from wenzhu.guidance import data
from wenzhu.guidance.conditions import holds, kind_of
from wenzhu.guidance.plan import PAGE, with_buttons

_QUOTES = 3
_QUOTE_LENGTH = 12


def reading(
    case: Case,
    quotes: Sequence[str] = (),
    reason: str = "",
    *,
    closing: bool = True,
    room: int = PAGE,
) -> tuple[Say, ...]:
    """Returns a few bubbles about the message of a case.

    Args:
        case: The case with the analyser's fields.
        quotes: Phrases behind the findings, masked and defanged already, the
            weightiest first.
        reason: Why the first phrase matters, in plain words.
        closing: Whether the last bubble carries buttons; a question of the
            form that follows brings its own.
        room: How many bubbles there may be; what must be said comes first.
    """
    values = {
        "quotes": _joined(quotes),
        "reason": reason,
        "lender": case.message_lender or "",
        "kind": data.read("names")["kind"][kind_of(case)],
    }
    found = []
    for bubble in data.read("reading")["bubbles"]:
        said = _bubble(bubble, case, values)
        if said:
            found.append((bool(bubble.get("must")), said))
    room -= sum(must for must, _ in found)
    shown: list[Say] = []
    for must, said in found:
        if must or room > 0:
            room -= not must
            shown.append(said)
    if closing:
        shown[-1] = with_buttons(shown[-1], data.read("reading")["buttons"])
    return tuple(shown)


def dispute(quotes: Sequence[str] = ()) -> Say:
    """Returns the answer to a person who says the reading is wrong."""
    row = data.read("reading")["dispute"]
    if not quotes:
        return Say(row["plain"])
    return Say(row["say"], {"quotes": _joined(quotes)})


def _joined(quotes: Sequence[str]) -> str:
    """Joins the first few phrases, each cut to a length that fits a bubble."""
    distinct = list(dict.fromkeys(quote.strip() for quote in quotes if quote.strip()))
    cut = [
        quote if len(quote) <= _QUOTE_LENGTH else quote[: _QUOTE_LENGTH - 1] + "…"
        for quote in distinct[:_QUOTES]
    ]
    return str(data.read("names")["join"]).join(cut)


def _bubble(
    bubble: Mapping[str, Any], case: Case, values: Mapping[str, str]
) -> Say | None:
    if "needs" in bubble and not values[bubble["needs"]]:
        return None
    for choice in bubble["choices"]:
        if holds(case, choice.get("when")):
            response = choice["say"]
            if "plain" in choice and not values["quotes"]:
                response = choice["plain"]
            return Say(response, dict(values))
    return None
