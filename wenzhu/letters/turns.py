"""What to say while a letter is chosen, previewed and handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wenzhu.case import Case, Say
from wenzhu.letters.choice import choose, fits, gate
from wenzhu.letters.library import file_name, letters
from wenzhu.letters.text import write

MOST = 5
BETWEEN = "、"
AFTER = "utter_letters_after_preview"
AFTER_BY_READER = {
    "regulator": "utter_letters_after_complaint",
    "industry": "utter_letters_after_complaint",
    "police": "utter_letters_after_police",
}
FORMS = ("docx", "pdf")


@dataclass(frozen=True)
class Choice:
    """A quick reply that picks a letter; its words are the letter's own title."""

    letter: str
    title: str

    @property
    def button(self) -> Mapping[str, str]:
        """The button as Rasa wants it."""
        return {
            "title": self.title,
            "payload": f'/ask_letter{{"letter":"{self.letter}"}}',
        }


def offer(case: Case) -> tuple[Say, ...]:
    """The letters that fit this case; ``choices`` are the buttons below."""
    listed = {"letters": BETWEEN.join(each.title for each in choices(case))}
    if case.message_verdict == "impersonation":
        return (Say("utter_letters_list_scam", listed),)
    if case.role == "third_party":
        return (Say("utter_letters_list_contact", listed),)
    says = (Say("utter_letters_list", listed),)
    return (Say("utter_letters_relative"), *says) if case.role == "relative" else says


def choices(case: Case, page: int = 0) -> tuple[Choice, ...]:
    """At most five letters to pick from, the fittest first."""
    found = choose(case)[page * MOST : (page + 1) * MOST]
    return tuple(Choice(each, letters()[each].title) for each in found)


def pick(letter_id: str, case: Case) -> tuple[Say, ...]:
    """Say what a letter is for and when not to send it, or what stands in the way.

    An unknown letter, for example from a stale button, gives the offer again.
    """
    letter = letters().get(letter_id)
    if letter is None:
        return offer(case)
    stop = gate(letter_id, case)
    if stop is not None:
        return (stop,)
    return (
        Say(
            "utter_letters_about",
            {
                "letter": letter.title,
                "about": letter.about,
                "when_not": letter.when_not,
            },
        ),
    )


def show(letter_id: str, case: Case, today: date | None = None) -> tuple[Say, ...]:
    """The preview, then what to mind with its reader and the way on.

    The preview is a document, longer than a bubble; everything else is short.
    """
    letter = letters().get(letter_id)
    if letter is None:
        return offer(case)
    stop = gate(letter_id, case)
    if stop is not None:
        return (stop,)
    written = write(letter_id, case, today)
    body = "\n\n".join(written.paragraphs)
    return (
        # Rasa makes a bubble of what stands between two blank lines.
        Say(
            "utter_letters_preview",
            {"text": _in_one(written.text)},
            {"card": "letter", "data": {"title": written.title, "text": body}},
        ),
        Say(AFTER_BY_READER.get(letter.send_to, AFTER)),
    )


def _in_one(text: str) -> str:
    return text.replace("\n\n", "\n")


def file_offer(letter_id: str | None, case: Case) -> tuple[Say, ...]:
    """Which form a file of this letter may have; without one, how to get there."""
    if letter_id is None or not may_hand_over(letter_id, case):
        return (Say("utter_letters_file_none"),)
    return (Say("utter_letters_file_which", {"letter": letters()[letter_id].title}),)


def file_ready(letter_id: str, form: str, link: str) -> Say:
    """The bubble with which a file is handed over."""
    return Say(
        "utter_letters_file",
        {"letter": letters()[letter_id].title, "form": file_name(form), "link": link},
    )


def may_hand_over(letter_id: str, case: Case) -> bool:
    """Whether a file of this letter may be made now."""
    letter = letters().get(letter_id)
    return letter is not None and fits(letter, case) and gate(letter_id, case) is None


__all__ = [
    "FORMS",
    "Choice",
    "choices",
    "file_offer",
    "file_ready",
    "may_hand_over",
    "offer",
    "pick",
    "show",
]
