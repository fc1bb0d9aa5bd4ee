"""Keeping in conversation: recognised, confirmed, agreed to, then kept."""

from __future__ import annotations

import hashlib

import pytest

from tests.unit.evidence.conftest import Clock
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.notes import read_note
from wenzhu.evidence.records import WORDING_VERSION
from wenzhu.evidence.turns import Keeper, KeepTurn, Pending, pending_from_slot
from wenzhu.knowledge.paths import DATA, KNOWLEDGE
from wenzhu.knowledge.yaml_files import read_yaml
from wenzhu.privacy import mask
from wenzhu.privacy.originals import Originals
from wenzhu.understanding.keeping import keep_request
from wenzhu.understanding.payloads import from_payload
from wenzhu.understanding.result import Conversation

REQUESTS = read_yaml(KNOWLEDGE / "keep_requests.yml")["requests"]
SENTENCE = "帮我记一下，他10点打了三个电话说要去我单位"
MESSAGE = "【捷信】张三，您的13812345678已逾期，今天18点前还款"

WORDINGS = {"2026-11-28": "e489"}
"""Version of the consent wording: first digits of the SHA-256 of both questions."""


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [(r["request"], s) for r in REQUESTS for s in r["matches"]],
)
def test_a_request_is_recognised(request_: str, sentence: str) -> None:
    assert keep_request(sentence) == request_


@pytest.mark.parametrize("sentence", [s for r in REQUESTS for s in r["must_not_match"]])
def test_what_is_no_request_is_left_alone(sentence: str) -> None:
    assert keep_request(sentence) is None


def test_a_button_is_a_request() -> None:
    payload = '/ask_how_to_evidence{"keep":"export"}'
    understood = from_payload(payload, Conversation())
    assert understood.signals == {"keep": "export"}
    assert understood.entities == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            SENTENCE,
            {"day": "2026-11-24", "when": "10点", "times": "三", "said": "要去我单位"},
        ),
        (
            "麻烦帮我记下来：昨晚8点半 13900001111 打来，威胁我要找我妈",
            {
                "day": "2026-11-23",
                "when": "8点半",
                "number": "13900001111",
                "said": "要找我妈",
            },
        ),
        (
            "帮我记一下 前天下午三点一刻有人打了好几个电话",
            {"day": "2026-11-22", "when": "下午三点一刻", "times": "好几"},
        ),
        ("帮我记个，上门的人没出示证件", {"day": "2026-11-24"}),
    ],
)
def test_a_call_is_taken_apart(
    sentence: str, expected: dict[str, str], clock: Clock
) -> None:
    assert dict(read_note(sentence, clock()).about) == expected


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("2", 2), ("二", 2), ("十", 10), ("十二", 12), ("二十一", 21)],
)
def test_a_correction_names_its_item(numeral: str, number: int, clock: Clock) -> None:
    note = read_note(f"更正第{numeral}条，是11点打的", clock())
    assert (note.corrects, note.text, note.when) == (number, "是11点打的", "11点")


@pytest.fixture
def held() -> Originals:
    return Originals()


@pytest.fixture
def keeper(store: EvidenceStore, held: Originals, clock: Clock) -> Keeper:
    return Keeper("me", store, held, mask, clock())


def names(turn: KeepTurn) -> list[str]:
    return [say.response for say in turn.says]


def talk(keeper: Keeper, *requests: str, text: str = "") -> list[str]:
    """Hear requests one after the other; the responses of all turns."""
    said, pending = [], None
    for request in requests:
        turn = keeper.hear(request, text, pending)
        said += names(turn)
        pending = turn.pending
    return said


def test_the_message_is_kept_after_two_yeses(
    keeper: Keeper, store: EvidenceStore, held: Originals
) -> None:
    held.hold("me", "message", MESSAGE)
    assert talk(keeper, "message", "yes", "yes") == [
        "utter_keep_case_ask",
        "utter_keep_originals_ask",
        "utter_keep_done",
    ]
    (item,) = store.items("me")
    assert b"".join(store.read(store.case("me"), item)).decode() == MESSAGE
    assert held.get("me", "message") is None
    held.hold("me", "message", "第二条")
    assert talk(keeper, "message") == ["utter_keep_done"], "asked once"


def test_a_no_to_the_original_keeps_it_masked(
    keeper: Keeper, store: EvidenceStore, held: Originals
) -> None:
    held.hold("me", "message", MESSAGE)
    assert talk(keeper, "message", "yes", "no")[-1] == "utter_keep_done_masked"
    (item,) = store.items("me")
    content = b"".join(store.read(store.case("me"), item)).decode()
    assert "13812345678" not in content and "138●●●●5678" in content
    assert item.source == "pasted, masked"


def test_a_no_keeps_nothing(
    keeper: Keeper, store: EvidenceStore, held: Originals
) -> None:
    held.hold("me", "message", MESSAGE)
    said = talk(keeper, "message", "no")
    assert said == ["utter_keep_case_ask", "utter_keep_refused"]
    assert list(store.all_cases()) == []
    assert store.allows("me", "case") is None


def test_a_call_is_shown_before_it_is_kept(
    keeper: Keeper, store: EvidenceStore
) -> None:
    turn = keeper.hear("note", SENTENCE, None)
    assert names(turn) == ["utter_keep_note_confirm"]
    assert turn.says[0].variables["when"] == "10点"
    assert turn.says[0].variables["number"] == "没说"
    assert turn.pending == Pending("note", "note")
    said = talk(keeper, "note", "yes", "yes", "yes", text=SENTENCE)
    assert said[-1] == "utter_keep_done"
    (item,) = store.items("me")
    assert item.kind == "call_note"
    assert item.about["said"] == "要去我单位"


def test_a_wrong_call_is_not_kept(keeper: Keeper, store: EvidenceStore) -> None:
    said = talk(keeper, "note", "no", text=SENTENCE)
    assert said[-1] == "utter_keep_note_again"
    assert talk(keeper, "yes") == ["utter_keep_nothing_open"]
    assert store.items("me") == []


def test_a_correction_is_a_new_item(keeper: Keeper, store: EvidenceStore) -> None:
    talk(keeper, "note", "yes", "yes", "yes", text=SENTENCE)
    wrong = keeper.hear("note", "更正第7条，是11点打的", None)
    assert names(wrong) == ["utter_keep_no_such_item"]
    said = talk(keeper, "note", "yes", text="更正第1条，是11点打的")
    assert said == ["utter_keep_note_corrects", "utter_keep_done"]
    assert [item.corrects for item in store.items("me")] == [None, 1]


def test_timeline_and_link(keeper: Keeper, store: EvidenceStore) -> None:
    assert talk(keeper, "show", "export") == ["utter_keep_empty"] * 2
    talk(keeper, "note", "yes", "yes", "yes", text=SENTENCE)
    shown = keeper.hear("show", "", None).says[0]
    assert shown.variables["lines"] == "1. 11-24 10点 来电 要去我单位"
    rows = [{"when": "11-24 10点", "text": "来电 要去我单位"}]
    assert shown.card == {"card": "timeline", "data": {"items": rows}}
    link = str(keeper.hear("export", "", None).says[0].variables["link"])
    assert mask(link) == link, "a link that is masked does not open"
    file = (keeper.hear("export", "", None).says[0].card or {})["document"]
    assert file["url"].startswith("/downloads/")
    assert store.open_link(link.removeprefix("/downloads/")).sender == "me"
    everything = keeper.hear("export_all", "", None).says[0]
    assert everything.response == "utter_keep_link_all"


def test_without_the_original_it_is_asked_for_again(
    keeper: Keeper, held: Originals
) -> None:
    assert talk(keeper, "message") == ["utter_keep_no_message"]
    held.hold("me", "message", MESSAGE)
    turn = keeper.hear("message", "", None)
    held.drop("me")
    turn = keeper.hear("yes", "", turn.pending)
    turn = keeper.hear("yes", "", turn.pending)
    assert names(turn) == ["utter_keep_gone"]
    assert turn.pending is None


@pytest.mark.parametrize(
    "value", [None, "x", {}, {"purpose": "message"}, {"purpose": 1, "question": "case"}]
)
def test_a_strange_slot_is_nothing(value: object) -> None:
    assert pending_from_slot(value) is None


def test_originals_are_few_and_short_lived() -> None:
    time = [0.0]
    held = Originals(minutes=30, most=2, now=lambda: time[0])
    for number in range(3):
        held.hold(f"p{number}", "message", "text")
    assert held.get("p0", "message") is None
    assert held.get("p2", "message") == "text"
    time[0] = 30 * 60 + 1
    assert held.get("p2", "message") is None
    assert len(held) == 0


def test_the_wording_that_people_agree_to_has_its_version() -> None:
    """Changed the wording? Raise ``WORDING_VERSION`` and note the new digits here."""
    deck = {
        name: texts
        for file in ("keep", "web")
        for name, texts in read_yaml(DATA / "responses" / f"{file}.yml")[
            "responses"
        ].items()
    }
    questions = (
        "utter_keep_case_ask",
        "utter_keep_originals_ask",
        "utter_web_keep_ask",
    )
    text = "\n".join(deck[name][0]["text"] for name in questions)
    digits = hashlib.sha256(text.encode()).hexdigest()[:4]
    assert {WORDING_VERSION: digits} == WORDINGS
