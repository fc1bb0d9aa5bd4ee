"""Who is in danger: the person who writes, or somebody they speak of."""

from __future__ import annotations

import re
from functools import lru_cache

from wenzhu.crisis.patterns import expand
from wenzhu.crisis.rules import FILE
from wenzhu.knowledge.paths import KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml

REACH = 40
"""How far before the words the person they are about is looked for."""


@lru_cache(maxsize=1)
def _people() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    fragments = read_yaml(KNOWLEDGE / FILE)["fragments"]
    kin = expand("<kin>", fragments, FILE)
    me = expand("<me>", fragments, FILE)
    pronoun = expand("<pron>", fragments, FILE)
    others = f"(?:{me}|阿|个|一个|有个)?(?:{kin})|{pronoun}|有个(?:人|粉丝)|孩子他爸"
    english = r"my (?:husband|wife|son|daughter|friend|dad|mom|brother|sister|boyfriend|girlfriend)|\b(?:he|she|they)\b"
    somebody = re.compile(f"(?:{others}|{english})")
    says = re.compile(
        f"(?:{others}|{english})[^,.!?;。\\n]{{0,14}}?"
        r"(?:说|话(?=佢|唔|要)|讲|喊|写|发|留|念叨|告诉我|跟我|给我|said|says|texted|told)"
    )
    myself = re.compile(rf"(?:{me})(?!的?(?:{kin}))|(?<![a-z])i(?![a-z])")
    return somebody, says, myself


def speaks_of_somebody(text: str, start: int, end: int) -> bool:
    """Whether the words at a span are about somebody else.

    The nearest person named before the words decides; in a quotation ("my son says
    I do not want to live") it is the one who says it.

    Args:
        text: the folded text.
        start: where the words begin.
        end: where they end.
    """
    somebody, says, myself = _people()
    before = text[max(0, start - REACH) : end]
    if says.search(before):
        last_sentence = re.split(r"[。!?\n]", before)[-1]
        quoted = says.search(last_sentence)
        if quoted and not re.search("(?:催收|他们|对方|平台)", quoted[0]):
            return True
    other = max((m.start() for m in somebody.finditer(before)), default=-1)
    own = max((m.start() for m in myself.finditer(before)), default=-1)
    if other > own >= 0:
        # "对不起爸妈，不想活了": a person spoken to, in the clause before.
        return not re.search("[,。!?\n]", before[other:])
    return other > own
