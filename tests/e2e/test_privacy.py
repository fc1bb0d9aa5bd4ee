"""200 identifiers are said; none is found in the database, the logs, the tracker."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.bot import Bot
from wenzhu.text.folding import fold

SEED = 20_260_101
PER_KIND = 40
CANARY = "蓝色热气球飘过屋顶"
"""A phrase without identifiers: not even that belongs in a log."""

CARRIERS = (
    "我的号码是{}，他们一直打",
    "没借过，可是短信里写着{}，怕被起诉",
    "{}",
    "【某某金融】尊敬的客户{}，您的贷款已逾期30天，请今日还款1200元，否则上门",
    "他让我把{}报给他，我该怎么办？",
    f"{CANARY}，{{}}，怎么投诉",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Identifier:
    """One identifier and how it is written."""

    kind: str
    bare: str
    written: str


def identity(chance: random.Random) -> str:
    """An 18-digit ID number with a right check digit, of nobody."""
    area = chance.choice(("110101", "310115", "440305", "510107"))
    born = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02}"
    body = f"{area}{born}{chance.randint(1, 28):02}{chance.randint(0, 999):03}"
    total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def mobile(chance: random.Random) -> str:
    """An 11-digit mobile number."""
    start = chance.choice(("138", "159", "176", "186", "199"))
    return start + f"{chance.randint(0, 99_999_999):08}"


def card(chance: random.Random) -> str:
    """A bank card number of 16 or 19 digits with a right check digit."""
    size = chance.choice((16, 19))
    body = "62" + "".join(str(chance.randint(0, 9)) for _ in range(size - 3))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def email(chance: random.Random) -> str:
    """An e-mail address."""
    letters = "abcdefghijkmnpqrstuvwxyz"
    name = "".join(chance.choice(letters) for _ in range(9)) + str(
        chance.randint(10, 99)
    )
    return f"{name}@{chance.choice(('qq.com', '163.com', 'mail.example.org'))}"


def code(chance: random.Random) -> str:
    """A verification code."""
    return f"{chance.randint(100_000, 999_999)}"


KINDS = {
    "identity": identity,
    "mobile": mobile,
    "card": card,
    "email": email,
    "code": code,
}


def full_width(text: str) -> str:
    """The text in full-width characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spaced(kind: str, text: str) -> str:
    """The text as people space it."""
    if kind == "email":
        return text
    if kind == "mobile":
        return f"{text[:3]} {text[3:7]} {text[7:]}"
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def identifiers() -> list[Identifier]:
    """The seeded identifiers: each kind plain, spaced and in full width."""
    chance = random.Random(SEED)
    found = []
    for kind, make in KINDS.items():
        for number in range(PER_KIND):
            bare = make(chance)
            written = (bare, spaced(kind, bare), full_width(bare))[number % 3]
            if kind == "code":
                lead = chance.choice(("验证码", "校验码是", "验证码："))
                written = f"{lead}{written}"
            found.append(Identifier(kind, bare, written))
    return found


IDENTIFIERS = identifiers()


def flat(text: str) -> str:
    """Folded, without anything between digits: how a reader would find one."""
    return "".join(c for c in fold(text).lower() if c.isalnum() or c in "@.")


@pytest.fixture(scope="module")
def told(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Both servers at debug level, after they were told every identifier."""
    with Bot(model, tmp_path_factory.mktemp("told"), debug=True) as bot:
        for number, one in enumerate(IDENTIFIERS):
            sentence = CARRIERS[number % len(CARRIERS)].format(one.written)
            assert bot.say(f"teller-{number % 10}", sentence)
        with bot.without_actions():  # error paths log too
            for number, one in enumerate(IDENTIFIERS[::20]):
                bot.say(f"teller-{number}", f"我的是{one.written}，怎么投诉")
        yield bot


def assert_absent(text: str, place: str) -> None:
    """No identifier stands in a text, in whatever spelling."""
    found = flat(text)
    leaks = [
        f"{one.kind} {one.written}"
        for one in IDENTIFIERS
        if one.written.lower() in text.lower()
        or (one.kind != "code" and flat(one.bare) in found)
    ]
    assert not leaks, f"{place} holds {len(leaks)}: {leaks[:5]}"


def test_the_set_is_what_it_says() -> None:
    assert len(IDENTIFIERS) == 200
    assert len({one.bare for one in IDENTIFIERS}) == 200


def test_the_database_files(told: Bot) -> None:
    files = sorted(told.state.glob("*.db*"))
    assert files
    content = b"".join(path.read_bytes() for path in files)
    assert b"teller-1" in content, "this is where conversations are kept"
    # Rasa writes JSON with \uXXXX: read it both ways
    text = content.decode("utf-8", "replace")
    assert_absent(text, "the database")
    assert_absent(unescaped(text), "the database, unescaped,")


def unescaped(text: str) -> str:
    """The text with its JSON escapes resolved."""
    import re

    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


@pytest.mark.parametrize("name", ["rasa.log", "actions.log"])
def test_the_logs(told: Bot, name: str) -> None:
    text = (told.state / name).read_text(encoding="utf-8", errors="replace")
    assert "DEBUG" in text or "debug" in text, "the servers run at debug level"
    assert_absent(text, name)
    assert_absent(unescaped(text), f"{name}, unescaped,")
    assert CANARY not in text
    assert CANARY not in unescaped(text)


def test_no_other_file(told: Bot) -> None:
    for path in told.state.rglob("*"):
        if path.is_file() and path.suffix != ".log" and ".db" not in path.name:
            text = path.read_bytes().decode("utf-8", "replace")
            assert_absent(text, path.name)


def test_the_trackers(told: Bot) -> None:
    for number in range(10):
        tracker = told.tracker(f"teller-{number}")
        assert len(tracker["events"]) > 100
        assert_absent(str(tracker), f"the tracker of teller-{number}")


def test_the_shape_is_kept(told: Bot, sender: str) -> None:
    """A person recognises the number, nobody else does."""
    told.say(sender, "我的手机是13812345678")
    texts = [e.get("text") for e in told.tracker(sender)["events"]]
    assert "我的手机是138●●●●5678" in texts


def test_replies_hold_none(told: Bot, sender: str) -> None:
    """What is quoted back is masked."""
    words = told.hear(
        sender,
        "【捷信】您的贷款逾期，今天内联系专员13900001111转账到6222020200012345678"
        "，否则通知您家人",
    )
    assert "13900001111" not in words
    assert "6222020200012345678" not in words
