"""A sentence with the label a reviewer gave it: checked before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wenzhu.crisis.examples import read_examples
from wenzhu.evaluate import HELD_OUT, SETS, TOPICS
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.settings import ROOT
from wenzhu.text.folding import fold
from wenzhu.understanding.examples import (
    CONTEXTS,
    FEARS,
    LOAN_STATES,
    ROLES,
    ContradictoryLabels,
    Example,
    refuse_contradictions,
)
from wenzhu.understanding.sentences import labelled, sentences_in, training_sentences

SHORT = 5
"""Words this short (“没借过”) are the same in every mouth."""
_NOT_CONTENT = re.compile(r"[\W_]+")
_SET_VALUES = {
    "context": CONTEXTS,
    "has_loan": LOAN_STATES,
    "other_has_loan": LOAN_STATES,
    "role": ROLES,
    "fears": FEARS,
    "fears_denied": FEARS,
}


class Refused(ValueError):
    """A label that cannot be taken; says why."""


def checked(text: str, intent: str, labels: Mapping[str, Any]) -> Example:
    """The sentence as an example.

    Args:
        text: the masked sentence.
        intent: what it means.
        labels: further labels, as in the metadata of ``data/nlu``.

    Raises:
        Refused: an unknown name, a held-out sentence, a contradiction, or a sentence
            that is learnt from already.
    """
    known = read_yaml(ROOT / "domain.yml")["intents"]
    if intent not in known:
        raise Refused(f"no intent “{intent}”; there are: {', '.join(known)}")
    for name, value in labels.items():
        for one in value if isinstance(value, list) else [value]:
            if one not in _SET_VALUES[name]:
                raise Refused(
                    f"no {name} “{one}”; there are: {', '.join(_SET_VALUES[name])}"
                )
    if "\n" in text:
        raise Refused("the sentence has several lines; the files hold one a line")
    if len(bare(text)) > SHORT and bare(text) in {bare(one) for one in held_out()}:
        raise Refused(f"«{text}» is held out for tests and must not be learnt from")
    example = labelled(text, intent, labels, place="this review")
    learnt = training_sentences()
    same = [
        one
        for one in learnt
        if one.text.strip() == text.strip() and one.context == example.context
    ]
    try:
        refuse_contradictions([*same, example])
    except ContradictoryLabels as error:
        raise Refused(str(error)) from error
    if same:
        raise Refused(f"«{text}» stands in {same[0].place} already; drop it instead")
    return example


def bare(text: str) -> str:
    """What is left of a sentence without its look: folded, no spaces or marks."""
    return _NOT_CONTENT.sub("", fold(text))


def held_out() -> Iterator[str]:
    """Every sentence that only measures and never teaches."""
    for name in SETS:
        yield from (example.text for example in sentences_in(HELD_OUT / name))
    for texts in read_yaml(TOPICS)["asks"].values():
        yield from texts
    for path in sorted(HELD_OUT.glob("crisis_held_out*.yml")):
        yield from (example.text for example in read_examples([path]))
