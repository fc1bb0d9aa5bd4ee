"""Are the answers of both sets the same, with one model? (``make compare-full``).

Every dev sentence is read by both, and seeded conversations are held with both: words,
buttons and slots must agree. What differs is printed; then the end is a failure.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launcher.environment import ROOT
from launcher.terminal import say, step
from launcher.training import MODEL
from scripts.full import environment
from scripts.full.servers import Served
from wenzhu.evaluate import DEV
from wenzhu.understanding.sentences import sentences_in

SEED = 20_270_101
TALKS, TURNS = 40, 9
PRESSES = 0.35
"""How often a button is pressed instead of something being typed."""

TOLERANCE = 0.005
"""By so much a confidence may differ: the sums are added in another order."""

MESSAGE = (
    "【捷信消费金融】提醒:您的贷款已逾期45天,欠款总额3,500.00元,"
    "今日不处理将上门并通知您单位,请联系微信jx8866"
)
ALWAYS = (
    ("你好", "有", MESSAGE, "怕被抓", "继续", "继续", "继续", "继续", "去哪投诉"),
    ("我不想活了", "没事", "我现在安全了，我妈陪着我，我们继续看那条短信吧"),
    ("我妈收到催收短信，我替她问问", "她借过", "不想说", "都怕", "帮我写信"),
    ("借了5000到手4200，分12期每期还520，合法吗", "2万", "重新开始"),
    ("", "😭😭", "<b>x</b>", '/inform_loan{"loan_state":"yes"}', "催" * 10_001),
)
SHOWN = 20


def answer_of(bubbles: list[dict[str, Any]]) -> list[tuple[str, list[Any]]]:
    """What a person sees of an answer."""
    return [(each.get("text", ""), each.get("buttons", [])) for each in bubbles]


def reading_of(parsed: dict[str, Any]) -> tuple[str, list[tuple[Any, ...]]]:
    """The intent and the entities of a parsed sentence, without confidences."""
    names = ("entity", "value", "start", "end")
    found = [tuple(each.get(name) for name in names) for each in parsed["entities"]]
    return parsed["intent"]["name"], found


def differs(slim: dict[str, Any], full: dict[str, Any]) -> bool:
    """Whether two readings of a sentence are not the same."""
    sure = [float(each["intent"]["confidence"]) for each in (slim, full)]
    return reading_of(slim) != reading_of(full) or abs(sure[0] - sure[1]) > TOLERANCE


def read_all(slim: Served, full: Served, sentences: list[str]) -> Iterator[str]:
    """One line for each sentence that is read differently."""
    for text in sentences:
        one, other = slim.parse(text), full.parse(text)
        if differs(one, other):
            yield f"{text!r}: {reading_of(one)} / {reading_of(other)}"


def talk(slim: Served, full: Served, number: int, texts: list[str]) -> Iterator[str]:
    """Hold one conversation with both; one line for each turn that differs."""
    chance = random.Random(SEED + number)  # noqa: S311 - a seed, no secret
    sender, offered = f"talk-{number}", []
    for turn, typed in enumerate(texts):
        is_free = turn and number >= len(ALWAYS)
        pressed = is_free and offered and chance.random() < PRESSES
        text = chance.choice(offered)["payload"] if pressed else typed
        one, other = (answer_of(bot.say(sender, text)) for bot in (slim, full))
        offered = [button for _, buttons in one for button in buttons]
        if one != other:
            yield f"{sender}, turn {turn + 1}, {text[:60]!r}:\n  {one}\n  {other}"
    mine, theirs = slim.slots(sender), full.slots(sender)
    for name in mine:
        if mine[name] != theirs.get(name):
            yield f"{sender}: slot {name}: {mine[name]!r} / {theirs.get(name)!r}"


def talks(sentences: list[str]) -> list[list[str]]:
    """What is typed in each conversation."""
    chance = random.Random(SEED)  # noqa: S311
    drawn = [chance.sample(sentences, TURNS) for _ in range(TALKS)]
    return [*map(list, ALWAYS), *drawn]


def main() -> None:
    """Compare, print what differs, and fail if anything does."""
    environment.install()
    project = environment.copy_project()
    sentences = [example.text for example in sentences_in(DEV)]
    found: list[str] = []
    held = talks(sentences)
    with tempfile.TemporaryDirectory() as space:
        own = Path(__file__).parent / "credentials.yml"
        slim = Served(Path(space) / "slim", MODEL, ROOT / "endpoints.yml", own)
        full = Served(
            Path(space) / "full",
            project / MODEL.relative_to(ROOT),
            project / "endpoints.yml",
            own,
            is_full=True,
            actions_full=True,
            folder=project,
        )
        with slim, full:
            with step(
                f"读 reading {len(sentences)} sentences", lambda: str(len(found))
            ):
                found += read_all(slim, full, sentences)
            with step(f"对话 holding {len(held)} talks", lambda: str(len(found))):
                for number, texts in enumerate(held):
                    found += talk(slim, full, number, texts)
    for line in found[:SHOWN]:
        say(line)
    turns = sum(map(len, held))
    say(f"\n{len(sentences)} sentences, {len(held)} talks with {turns} turns")
    if found:
        raise SystemExit(f"✗ {len(found)} 处不同 differ")
    say("✓ 回答都一样 all answers are the same")


if __name__ == "__main__":
    main()
