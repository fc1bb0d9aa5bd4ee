"""A letter as text for one case: facts filled in, blanks left for the person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from wenzhu.case import Case
from wenzhu.knowledge import load
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.letters.choice import values_of
from wenzhu.letters.library import FOLDER, Letter, letters

BLANK = re.compile(r"〔([^〔〕]+)〕")
BLOCK = re.compile(
    r"^:::if ([a-z]+) ([a-z_ ]+)\n(.*?)^:::\n?", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class LetterText:
    """A letter ready to be shown, read aloud or made into a file.

    Attributes:
        id: the letter.
        title: its title.
        paragraphs: what follows, blanks as 〔…〕.
        when_not: when not to send it; shown beside it, never part of it.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...]
    when_not: str

    @property
    def text(self) -> str:
        """The whole letter, one paragraph after the other."""
        return "\n\n".join((self.title, *self.paragraphs))

    @property
    def blanks(self) -> tuple[str, ...]:
        """What is left to fill in, each once."""
        return tuple(dict.fromkeys(BLANK.findall("\n".join(self.paragraphs))))


def write(letter_id: str, case: Case, today: date | None = None) -> LetterText:
    """The letter for this case.

    Args:
        letter_id: which one.
        case: decides which blocks it has; nothing of the message is copied.
        today: with it, a fact whose time is over is refused.

    Raises:
        KeyError: there is no such letter.
        NotSayable: a fact it rests on cannot be said any more.
    """
    letter = letters()[letter_id]
    body = load().fill(_with_blocks(letter.body, case), today)
    title, paragraphs = _split(body)
    return LetterText(
        letter.id, title, (_address(letter), *paragraphs), letter.when_not
    )


def preview(letter_id: str, case: Case, today: date | None = None) -> str:
    """The whole letter as plain text, before any file is made."""
    return write(letter_id, case, today).text


def _with_blocks(body: str, case: Case) -> str:
    def chosen(found: re.Match[str]) -> str:
        wanted = set(found[2].split())
        return found[3] if wanted & set(values_of(case, found[1])) else ""

    return BLOCK.sub(chosen, body)


def _split(body: str) -> tuple[str, tuple[str, ...]]:
    blocks = [each.strip() for each in re.split(r"\n\s*\n", body) if each.strip()]
    return blocks[0].removeprefix("# "), tuple(blocks[1:])


def _address(letter: Letter) -> str:
    label: str = read_yaml(FOLDER / "words.yml")["address"]
    return label.format(address=letter.address)
