"""The copy deck keeps its promises: nothing typed by hand, short, careful.

One test per response and rule, so that a failure names the response, the rule and
the words. What the rules mean for a writer: docs/knowledge-guide.md.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wenzhu.knowledge import PLACEHOLDER, NotSayable, load
from wenzhu.knowledge.paths import DATA
from wenzhu.knowledge.yaml_files import read_yaml

KNOWLEDGE = load()
TODAY = datetime.date.today()
LIMIT = 120
LIMIT_ENGLISH = 300
MOST_BUTTONS = 5

SAMPLES = {
    "amount": "3,500元",
    "contact": "contact@example",
    "date": "某年某月某日",
    "days": "45",
    "deadline": "今天18点前",
    "hours": "72",
    "kind": "违规催收",
    "lender": "内蒙古蒙商消费金融股份有限公司",
    "limit": "10000",
    "line": "某条短信的一句原话，大约二十个字长",
    "lines": "某条短信的一句原话，大约二十个字长",
    "operator": "某某运营机构",
    "quotes": "“今日不处理将上门”“通知您单位”",
    "reason": "它要你把钱转到个人账户",
    "standing": "你没借过，消息里有三处可疑",
}
"""How long the words are that an action passes; others count as eight."""

DESIGN_INTENTS = set(
    """
    greet goodbye thanks affirm deny dont_know paste_sms describe_sms ask_is_it_real
    ask_official_contact ask_company_info ask_how_to_evidence ask_rights
    ask_complain_where ask_letter ask_interest_legal ask_negotiate ask_credit_dispute
    ask_already_paid_scammer ask_clicked_link ask_delete_data ask_human
    ask_bot_identity start_over restart correct_previous out_of_scope abuse_at_bot
    """.split()  # noqa: SIM905
)

VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
BRACES = re.compile(r"\{[^{}]*\}")
PAYLOAD = re.compile(r"/([a-z_]+)(\{\{.*\}\})?")
NUMERAL = "零一二三四五六七八九十百千"


@dataclass(frozen=True)
class Reply:
    """One text of the copy deck."""

    file: str
    name: str
    content: Mapping[str, Any]
    comment: str
    siblings: int

    @property
    def text(self) -> str:
        return str(self.content.get("text") or "")

    @property
    def language(self) -> str:
        for each in self.content.get("condition") or []:
            if each.get("name") == "language":
                return str(each.get("value"))
        return "zh"

    @property
    def titles(self) -> list[str]:
        return [str(each.get("title")) for each in self.content.get("buttons") or []]

    @property
    def typed(self) -> str:
        """What the writer typed: the text without anything that is filled in."""
        return BRACES.sub("", "\n".join([self.text, *self.titles]))

    def said(self) -> str:
        """What a person reads, with samples for what an action passes."""
        text = KNOWLEDGE.fill(self.text, TODAY)
        return VARIABLE.sub(lambda found: SAMPLES.get(found[1], "某" * 8), text)


def _replies() -> Iterator[Reply]:
    for path in sorted((DATA / "responses").glob("*.yml")):
        comments = _comments(path)
        deck = (read_yaml(path) or {}).get("responses") or {}
        for name, variations in deck.items():
            for content in variations:
                yield Reply(
                    path.name, name, content, comments.get(name, ""), len(variations)
                )


def _comments(path: Path) -> Mapping[str, str]:
    """The comment that stands right above each response."""
    found: dict[str, str] = {}
    comment: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("#"):
            comment.append(line)
            continue
        name = re.match(r"  (utter_\w+):", line)
        if name:
            found[name[1]] = "".join(comment)
        comment = []
    return found


REPLIES = list(_replies())
IDS = [f"{each.file}:{each.name}:{each.language}" for each in REPLIES]
each_reply = pytest.mark.parametrize("reply", REPLIES, ids=IDS)

_HOTLINES = "|".join(
    sorted(
        {re.escape(each.number) for each in KNOWLEDGE.facts.values() if each.number},
        key=len,
        reverse=True,
    )
)
_COMPANIES = "|".join(
    re.escape(each.name)
    for each in KNOWLEDGE.facts.values()
    if each.name and each.name.endswith("公司")
)
TYPED_BY_HAND: Mapping[str, re.Pattern[str]] = {
    "an article of a law": re.compile(rf"第[{NUMERAL}\d]+条"),
    "the name of a law": re.compile(r"《[^》]*》?|GB\s*/?\s*T"),
    "a hotline": re.compile(
        rf"(?<!\d)(?:{_HOTLINES}|1[12]\d|12\d{{3}}|9[56]\d{{3,4}}|400-?\d+)(?!\d)"
    ),
    "a phone number": re.compile(r"\d(?:[ -]?\d){6,}"),
    "a rate": re.compile(rf"\d\s*[%％]|百分之|[{NUMERAL}\d]+倍\s*LPR|年化\d"),
    "a date": re.compile(r"\d{4}\s*年|\d{1,2}月\d{1,2}[日号]|\d{4}-\d{2}"),
    "an address": re.compile(
        r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|org|net|gov|top|xyz)\b", re.IGNORECASE
    ),
    "the name of a company": re.compile(rf"{_COMPANIES}|有限(?:责任)?公司"),
}

BANNED: Mapping[str, re.Pattern[str]] = {
    "an absolute word": re.compile(r"绝对|百分百|毫无疑问|无论如何都不会"),
    "a promise": re.compile(
        r"肯定(?:没|不|能|会)|一定(?:不会|没事|能|可以)|包你|保你|"
        r"(?<!不)(?<!无法)(?<!不能)(?<!一般)(?<!责任)保证(?!金|人|责任)"
    ),
    "soothing without reason": re.compile(r"放心吧|请放心|尽管放心|没事的|不用担心"),
    "calling a message safe": re.compile(
        r"(?:短信|消息|链接|网址|号码|这条|它)[^。，；！？]{0,6}(?:是|很|都)安全|安全的(?:短信|消息|链接|网址|号码)"
    ),
    "ignoring a court": re.compile(
        r"(?:法院|仲裁|传票|支付令|公证|执行)[^。！？]{0,18}(?:不用理|不用管|可以不理|不必理|不理就行|别理)"
    ),
    "help that is not coming": re.compile(
        r"已(?:经)?(?:帮|为|替)你(?:联系|报警|呼叫)|救援(?:已|马上)|转接中"
    ),
    "asking for what nobody may ask": re.compile(
        r"(?:请|把)你?的?(?:身份证号|银行卡号|验证码|密码)(?:发|告诉|输入|给)我?"
    ),
}

ONLY_IF = re.compile(r"只有[^。！？；]{1,40}才")
EXCEPTION = re.compile(r"但|除非|除外|例外|也可能|也可以|不一定")
REPORTED = re.compile(
    r"(?:LAW-GBT-(?:OBJECT|TIME|FREQ|EVAL)|"
    r"LAW-CBA-(?:TIME|FREQ|THIRD|VISIT|BAN)|LAW-RATE-(?:XD|MS))\b"
)


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> list[str]:
    return [
        f"{what}: “{match[0]}”"
        for what, pattern in patterns.items()
        for match in pattern.finditer(text)
    ]


def test_there_is_a_copy_deck() -> None:
    assert len(REPLIES) > 50


def test_a_name_is_used_once() -> None:
    files: dict[str, set[str]] = {}
    for each in REPLIES:
        files.setdefault(each.name, set()).add(each.file)
    assert not {name: found for name, found in files.items() if len(found) > 1}


@each_reply
def test_response_is_named_and_commented(reply: Reply) -> None:
    assert re.fullmatch(r"utter_[a-z0-9]+(_[a-z0-9]+)*", reply.name)
    assert "时机" in reply.comment and "语气" in reply.comment, (
        f"{reply.name}: a comment right above says 时机 and 语气"
    )


@each_reply
def test_one_text_per_language(reply: Reply) -> None:
    assert reply.text.strip(), "a reply is complete as text"
    assert "channel" not in reply.content, "Rasa puts a channel before a language"
    if reply.language == "zh":
        assert "condition" not in reply.content
    else:
        assert reply.language == "en"
    assert reply.siblings <= 2


@each_reply
def test_every_placeholder_can_be_filled(reply: Reply) -> None:
    wrong = []
    for braces in BRACES.findall(reply.text):
        if VARIABLE.fullmatch(braces):
            continue
        found = PLACEHOLDER.fullmatch(braces)
        if not found:
            wrong.append(f"{braces} is neither a fact nor a variable")
            continue
        try:
            KNOWLEDGE.render(found[1], TODAY)
        except NotSayable as error:
            wrong.append(f"{braces}: {error}")
    assert not wrong, "; ".join(wrong)
    assert not re.search(r"[{}]", BRACES.sub("", reply.text)), "a brace stands alone"


@each_reply
def test_nothing_is_typed_that_knowledge_holds(reply: Reply) -> None:
    found = _found(TYPED_BY_HAND, reply.typed)
    assert not found, f"{reply.name} types {'; '.join(found)}: use a placeholder"


@each_reply
def test_no_word_that_promises_or_frightens(reply: Reply) -> None:
    found = _found(BANNED, reply.said() + "\n" + "\n".join(reply.titles))
    assert not found, f"{reply.name} has {'; '.join(found)}"


@each_reply
def test_only_if_names_its_exception(reply: Reply) -> None:
    said = reply.said()
    if ONLY_IF.search(said):
        assert EXCEPTION.search(said), f"{reply.name}: 只有…才… needs its exception"


@each_reply
def test_what_was_only_reported_says_so(reply: Reply) -> None:
    if REPORTED.search(reply.text):
        said = reply.said()
        assert "据报道" in said or "eported" in said, f"{reply.name}: not read"


@each_reply
def test_bubbles_are_short(reply: Reply) -> None:
    limit = LIMIT if reply.language == "zh" else LIMIT_ENGLISH
    long = [
        f"{len(bubble)}: {bubble}"
        for bubble in reply.said().split("\n\n")
        if len(bubble.strip()) > limit
    ]
    assert not long, f"{reply.name} has bubbles over {limit}: {long}"


@each_reply
def test_buttons_are_few_and_known(reply: Reply) -> None:
    buttons = reply.content.get("buttons") or []
    assert len(buttons) <= MOST_BUTTONS
    for button in buttons:
        assert set(button) == {"title", "payload"}, button
        assert 0 < len(button["title"]) <= 20
        found = PAYLOAD.fullmatch(button["payload"])
        assert found, f"{button['payload']} is no payload"
        assert found[1] in DESIGN_INTENTS or found[1].startswith("inform_"), (
            f"{found[1]} is no intent of the design"
        )
        if found[2]:
            entities = json.loads(found[2][1:-1])
            assert entities and all(isinstance(each, str) for each in entities.values())


CASES: list[tuple[Callable[[], Mapping[str, re.Pattern[str]]], str, str | None]] = [
    (lambda: TYPED_BY_HAND, "依据民法典第一百八十八条", "an article of a law"),
    (lambda: TYPED_BY_HAND, "见《民法典》", "the name of a law"),
    (lambda: TYPED_BY_HAND, "拨12378投诉", "a hotline"),
    (lambda: TYPED_BY_HAND, "马上打110", "a hotline"),
    (lambda: TYPED_BY_HAND, "打010-12321", "a hotline"),
    (lambda: TYPED_BY_HAND, "客服400-810-8866", "a hotline"),
    (lambda: TYPED_BY_HAND, "座机02288886666", "a phone number"),
    (lambda: TYPED_BY_HAND, "超过24%的", "a rate"),
    (lambda: TYPED_BY_HAND, "四倍LPR以内", "a rate"),
    (lambda: TYPED_BY_HAND, "2026年起", "a date"),
    (lambda: TYPED_BY_HAND, "打开zxgk.court.gov.cn", "an address"),
    (lambda: TYPED_BY_HAND, "捷信消费金融有限公司", "the name of a company"),
    (lambda: TYPED_BY_HAND, "先喘口气，存3张截图，24小时内", None),
    (lambda: BANNED, "你绝对不会坐牢", "an absolute word"),
    (lambda: BANNED, "这肯定没事", "a promise"),
    (lambda: BANNED, "我保证对方会同意", "a promise"),
    (lambda: BANNED, "结果不保证，但值得一试；保证金别交", None),
    (lambda: BANNED, "这条短信是安全的", "calling a message safe"),
    (lambda: BANNED, "你现在安全吗？身边有人吗？", None),
    (lambda: BANNED, "法院的短信可以不理", "ignoring a court"),
    (lambda: BANNED, "已为你联系救援", "help that is not coming"),
]


@pytest.mark.parametrize(("patterns", "text", "what"), CASES)
def test_the_rules_find_what_they_look_for(
    patterns: Callable[[], Mapping[str, re.Pattern[str]]], text: str, what: str | None
) -> None:
    found = {each.partition(":")[0] for each in _found(patterns(), text)}
    assert (what in found) if what else not found
