"""Features of the crisis model: characters, fuzzy sounds and classes of words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.text.pinyin import fuzzy_syllable

FILE = "crisis_words.yml"
MOST_CLASSES = 14
"""Of a longer text so many different classes are paired, in order of appearance."""

SHORT = 12
LONG = 40

_DIGITS = re.compile(r"\d{2,}")
_NOT_CONTENT = re.compile(r"[\W_]")

BLOCKS = 3
"""Characters, sounds and classes; each is weighed and scaled on its own."""


@lru_cache(maxsize=1)
def _classes() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """One expression for all words, and the classes of each word."""
    by_word: dict[str, list[str]] = {}
    for name, words in read_yaml(KNOWLEDGE / FILE)["classes"].items():
        for word in words:
            by_word.setdefault(str(word), []).append(name)
    longest_first = sorted(by_word, key=lambda word: (-len(word), word))
    expression = re.compile("|".join(map(re.escape, longest_first)))
    return expression, {word: tuple(names) for word, names in by_word.items()}


def classes_in(text: str) -> list[str]:
    """The classes of the words of a folded text, in order, each once."""
    expression, by_word = _classes()
    return list(
        dict.fromkeys(
            name for word in expression.findall(text) for name in by_word[word]
        )
    )


def terms(text: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the terms of the three blocks in a folded text."""
    written = _DIGITS.sub("#", text)
    padded = f"^{written}$"
    characters = Counter(
        padded[start : start + size]
        for size in (1, 2, 3, 4)
        for start in range(len(padded) - size + 1)
    )
    sounds = [
        fuzzy_syllable(character) or character
        for character in written
        if not _NOT_CONTENT.match(character)
    ]
    spoken = Counter(
        " ".join(sounds[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(sounds) - size + 1)
    )
    return characters, spoken, _class_terms(text)


def _class_terms(text: str) -> Counter[str]:
    names = classes_in(text)[:MOST_CLASSES]
    found = Counter(names)
    found.update(
        f"{first}>{second}"
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    )
    size = "short" if len(text) <= SHORT else "long" if len(text) > LONG else "plain"
    found[f"={size}"] += 1
    if not names:
        found["=none"] += 1
    return found
