"""WeChat through the front door: a real server, encrypted, with service messages."""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e import wechat_peer as wechat
from tests.e2e.bot import Bot, end, wait_for
from tests.e2e.wechat_peer import APP_ID, Api, Peer, push

ACTION_SECONDS = "5"
"""How long a turn with a hung action server takes: longer than WeChat waits."""
DECK = yaml.safe_load(Path("data/responses/wechat.yml").read_text("utf-8"))["responses"]


def words(name: str) -> str:
    return str(DECK[name][0]["text"])


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with wechat.api() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    model: Path, tmp_path_factory: pytest.TempPathFactory, api: Api
) -> Iterator[Bot]:
    """A server at debug level with the channel on."""
    own = wechat.settings(sends=True, api=api.url)
    own["WENZHU_ACTION_TIMEOUT"] = ACTION_SECONDS
    bot = Bot(model, tmp_path_factory.mktemp("wechat"), debug=True, settings=own)
    with wechat.open_channel(bot):
        yield bot


@pytest.fixture
def bot(server: Bot, api: Api) -> Iterator[Bot]:
    """The server, healthy, with an API that works."""
    assert server.rasa.is_running, server.rasa.tail(40)
    yield server
    api.fault = None


@pytest.fixture
def peer(bot: Bot) -> Peer:
    return Peer(bot.port)


def pseudonym(bot: Bot, who: str) -> str:
    key = bytes.fromhex((bot.state / "secrets" / "people").read_text("ascii"))
    text = "\0".join(("wechat", APP_ID, who)).encode()
    return "wechat-" + hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def spoken(bot: Bot, who: str) -> list[str]:
    """What Rasa heard from a person."""
    events = bot.tracker(pseudonym(bot, who))["events"]
    return [event["text"] for event in events if event["event"] == "user"]


COUNTS = {
    "events": "select count(*) from events where sender_id = ?",
    "channel_turns": "select count(*) from channel_turns where person = ?",
    "channel_people": "select count(*) from channel_people where person = ?",
}


def rows(bot: Bot, table: str, who: str) -> int:
    path = next(bot.state.glob("*.db"))
    with sqlite3.connect(path) as database:
        found = database.execute(COUNTS[table], (pseudonym(bot, who),))
        return int(found.fetchone()[0])


def restart(bot: Bot) -> None:
    end(bot.rasa)
    bot.rasa.start()
    wait_for(bot.rasa)


# --- proving who asks -------------------------------------------------------------


def test_the_address_is_proved(bot: Bot, peer: Peer) -> None:
    from urllib.parse import urlencode

    query = peer.query(echostr="5231782")
    assert bot.request("GET", f"{wechat.PATH}?{urlencode(query)}") == (200, 5231782)
    query["signature"] = "0" * 40
    assert bot.request("GET", f"{wechat.PATH}?{urlencode(query)}")[0] == 403


def test_a_wrong_signature_is_refused(peer: Peer) -> None:
    body = push(wechat.person(), Content="你好")
    assert peer.deliver(body, signature="0" * 40).status == 403
    assert peer.post(body.encode(), {}).status == 403


def test_a_wrong_inner_signature_is_refused(peer: Peer) -> None:
    query = peer.query()
    body = peer.sealed(push(wechat.person(), Content="你好"), query)
    query["msg_signature"] = "0" * 40
    assert peer.post(body, query).status == 403


@pytest.mark.parametrize("shift", [-3600, 3600])
def test_what_was_signed_at_another_time_is_refused(peer: Peer, shift: int) -> None:
    body = push(wechat.person(), Content="你好")
    other = str(int(time.time()) + shift)
    assert peer.deliver(body, timestamp=other).status == 403


def test_a_signature_counts_for_one_message(peer: Peer) -> None:
    query = peer.query()
    first = peer.sealed(push(wechat.person(), Content="你好"), query)
    assert peer.post(first, query).status == 200
    assert peer.post(first, query).status == 200, "a retry may repeat it"
    other = peer.sealed(push(wechat.person(), Content="你好"), query)
    assert peer.post(other, query).status == 403


def test_plain_text_is_refused_in_safe_mode(peer: Peer) -> None:
    body = push(wechat.person(), Content="你好")
    assert peer.post(body.encode(), peer.query()).status == 403


def test_another_account_is_refused(peer: Peer) -> None:
    from wechatpy.crypto import WeChatCrypto

    query = peer.query()
    stranger = WeChatCrypto(wechat.TOKEN, wechat.AES_KEY, "wx_another_account")
    outer = stranger.encrypt_message(
        push(wechat.person(), Content="你好"), query["nonce"], query["timestamp"]
    )
    found = re.findall(r"<(Encrypt|MsgSignature)>.*?\[([^\]]+)\]", outer)
    sealed = dict(found)
    query["msg_signature"] = sealed["MsgSignature"]
    assert (
        peer.post(wechat.xml(Encrypt=sealed["Encrypt"]).encode(), query).status == 403
    )


# --- a conversation -----------------------------------------------------------------


@pytest.mark.parametrize("second", ["2", "2️⃣", "②", "２", "2.", "没借过"])
def test_a_choice_by_number_word_or_emoji(bot: Bot, peer: Peer, second: str) -> None:
    who = wechat.person()
    first = peer.say(who, "你好")
    assert "\n1. 借过\n2. 没借过\n" in first
    assert "没借过" in peer.say(who, second)
    assert bot.slots(pseudonym(bot, who))["has_loan"] == "no"


def test_two_people_are_not_crossed(bot: Bot, peer: Peer) -> None:
    people = [wechat.person() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda who: peer.insist(push(who, Content="你好")), people)
        )
    assert [each.fields["ToUserName"] for each in answers] == people
    assert all(len(spoken(bot, who)) == 1 for who in people)


def test_a_voice_message_is_what_was_recognised(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    voice = {"MediaId": "m", "Format": "amr"}
    heard = peer.insist(push(who, "voice", Recognition="没借过。", **voice))
    assert heard.text
    assert spoken(bot, who) == ["没借过。"]
    assert peer.insist(push(who, "voice", **voice)).text == words("utter_wechat_voice")


@pytest.mark.parametrize(
    ("kind", "fields", "response"),
    [
        ("image", {"PicUrl": "http://127.0.0.1:1/a.png"}, "utter_wechat_picture"),
        ("location", {"Location_X": "1", "Location_Y": "2"}, "utter_wechat_location"),
        ("video", {"MediaId": "m"}, "utter_wechat_other"),
        ("something_new", {"New": "1"}, "utter_wechat_other"),
    ],
)
def test_what_holds_no_words_gets_some(
    peer: Peer, kind: str, fields: dict[str, str], response: str
) -> None:
    answered = peer.insist(push(wechat.person(), kind, **fields))
    assert answered.text == words(response)


@pytest.mark.parametrize(
    "fields", [{"Event": "subscribe"}, {"Event": "SCAN", "EventKey": "7"}]
)
def test_who_subscribes_or_scans_is_welcomed(
    bot: Bot, peer: Peer, fields: dict[str, str]
) -> None:
    who = wechat.person()
    assert "1. 借过" in peer.insist(push(who, "event", **fields)).text


MENU = yaml.safe_load(Path("data/channels/wechat.yml").read_text("utf-8"))["menu"]


@pytest.mark.parametrize("say", [i["say"] for entry in MENU for i in entry["items"]])
def test_a_menu_item_says_its_sentence(bot: Bot, peer: Peer, say: str) -> None:
    who = wechat.person()
    click = push(who, "event", Event="CLICK", EventKey=say)
    assert peer.insist(click).text
    assert spoken(bot, who) == [say]
    confidence = bot.tracker(pseudonym(bot, who))["latest_message"]["intent"]
    assert confidence["name"] != "out_of_scope", confidence


@pytest.mark.parametrize(
    "fields",
    [
        {"Event": "LOCATION", "Latitude": "1", "Longitude": "2"},
        {"Event": "VIEW", "EventKey": "x"},
        {"Event": "CLICK", "EventKey": "/restart"},
        {"Event": "TEMPLATESENDJOBFINISH", "Status": "success"},
    ],
)
def test_other_events_are_taken_in_silence(
    bot: Bot, peer: Peer, fields: dict[str, str]
) -> None:
    who = wechat.person()
    assert peer.deliver(push(who, "event", **fields)).body == b"success"
    assert rows(bot, "events", who) == 0


def test_a_typed_command_is_text(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    peer.say(who, "你好")
    peer.say(who, "2")
    assert peer.say(who, '/inform_loan{"loan_state": "yes"}')
    assert bot.slots(pseudonym(bot, who))["has_loan"] == "no"


def test_a_crisis_is_answered_first(peer: Peer) -> None:
    who = wechat.person()
    peer.say(who, "你好")
    assert "12356" in peer.say(who, "我不想活了")


def test_identifiers_are_masked(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    peer.say(who, "我的手机是13812345678")
    assert spoken(bot, who) == ["我的手机是138●●●●5678"]
    account, mobile = "6222020200012345678", "13900001111"
    sms = f"【捷信】您的贷款逾期，今天联系{mobile}转账到{account}，否则通知您家人"
    assert peer.say(who, sms)
    stored = b"".join(path.read_bytes() for path in bot.state.glob("*.db*"))
    assert account.encode() not in stored
    assert mobile.encode() not in stored


def test_the_openid_is_kept_nowhere(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    hello = push(who, Content="你好")
    assert peer.deliver(hello, openid=who).text, "WeChat puts it into the address too"
    for path in bot.state.rglob("*"):
        if path.is_file():
            assert who.encode() not in path.read_bytes(), path.name
    assert wechat.SECRET.encode() not in bot.rasa.log.read_bytes()


# --- five seconds, three attempts ----------------------------------------------


def test_a_retry_gets_the_same_answer(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    body = push(who, Content="你好")
    first, second = peer.deliver(body), peer.deliver(body)
    assert first.text == second.text != ""
    assert spoken(bot, who) == ["你好"]


def test_attempts_at_once_share_one_answer(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    body = push(who, Content="你好")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: peer.deliver(body), range(3)))
    assert len({each.text for each in answers if each.text}) == 1
    assert {each.status for each in answers} <= {200, 503}
    assert spoken(bot, who) == ["你好"]


def slow_turn(bot: Bot, peer: Peer, who: str) -> None:
    """A turn that takes longer than WeChat waits."""
    with bot.faulty_actions("hung"):
        assert peer.deliver(push(who, Content="怎么投诉")).body == b"success"


def test_a_late_answer_is_sent_once(bot: Bot, peer: Peer, api: Api) -> None:
    who = wechat.person()
    body = push(who, Content="怎么投诉")
    with bot.faulty_actions("hung"):
        answered = peer.deliver(body)
        assert answered.body == b"success"
        assert answered.seconds < 5
        assert peer.deliver(body).body == b"success", "a retry changes nothing"
        assert len(api.heard(who)) == 1
    assert peer.deliver(body).body == b"success"
    assert len(api.heard(who)) == 1
    assert spoken(bot, who) == ["怎么投诉"]
    assert "没送到" not in peer.say(who, "你好")


def test_an_expired_token_is_renewed(bot: Bot, peer: Peer, api: Api) -> None:
    api.expire()
    who = wechat.person()
    slow_turn(bot, peer, who)
    assert len(api.heard(who)) == 1


def fault(code: int) -> wechat.Fault:
    def answer(_: Api, path: str, content: dict[str, Any]) -> Any:
        if path == "/cgi-bin/message/custom/send":
            return 200, "application/json", f'{{"errcode": {code}, "errmsg": "no"}}'
        return None

    return answer


def html(_: Api, path: str, content: dict[str, Any]) -> Any:
    return 502, "text/html", "<html>Bad Gateway</html>"


def hangs(_: Api, path: str, content: dict[str, Any]) -> Any:
    time.sleep(8)
    return 200, "application/json", "{}"


FAULTS = {
    "45009": fault(45009),
    "45015": fault(45015),
    "45047": fault(45047),
    "40001": fault(40001),
    "html": html,
    "hangs": hangs,
}


@pytest.fixture(scope="module")
def refused(server: Bot, api: Api) -> dict[str, str]:
    """A person for each fault whose late answer was refused that way."""
    people = {name: wechat.person() for name in FAULTS}
    names = {who: name for name, who in people.items()}

    def by_person(own: Api, path: str, content: dict[str, Any]) -> Any:
        name = names.get(content.get("touser", ""))
        return FAULTS[name](own, path, content) if name else None

    api.fault = by_person
    peer = Peer(server.port)
    with ThreadPoolExecutor(len(people)) as pool, server.faulty_actions("hung"):
        first = pool.map(
            lambda who: peer.deliver(push(who, Content="怎么投诉")), people.values()
        )
        assert [answered.body for answered in first] == [b"success"] * len(people)
        for who in people.values():
            wait_until_owed(server, who)
    api.fault = None
    return people


@pytest.mark.parametrize("name", FAULTS)
def test_an_answer_that_was_refused_stands_under_the_next(
    bot: Bot, peer: Peer, refused: dict[str, str], name: str
) -> None:
    answer = peer.say(refused[name], "你好")
    assert words("utter_wechat_owed") in answer
    assert "没能答上来" in answer.partition(words("utter_wechat_owed"))[2]
    again = peer.say(refused[name], "2")
    assert words("utter_wechat_owed") not in again, "said once"


def wait_until_owed(bot: Bot, who: str) -> None:
    path = next(bot.state.glob("*.db"))
    deadline = time.monotonic() + 30
    query = "select owed from channel_people where person = ?"
    while time.monotonic() < deadline:
        with sqlite3.connect(path) as database:
            row = database.execute(query, (pseudonym(bot, who),)).fetchone()
        if row and row[0]:
            return
        time.sleep(0.1)
    raise AssertionError("the answer was lost")


def test_what_is_owed_waits_while_life_is_at_stake(
    bot: Bot, peer: Peer, api: Api
) -> None:
    api.fault = fault(45009)
    who = wechat.person()
    slow_turn(bot, peer, who)
    wait_until_owed(bot, who)
    assert words("utter_wechat_owed") not in peer.say(who, "我不想活了")
    assert "没能答上来" not in peer.say(who, "继续")


def test_what_is_owed_survives_a_restart(bot: Bot, peer: Peer, api: Api) -> None:
    api.fault = fault(45009)
    who = wechat.person()
    slow_turn(bot, peer, who)
    wait_until_owed(bot, who)
    body = push(who, Content="你是谁")
    restart(bot)
    answer = peer.deliver(body).text
    assert words("utter_wechat_owed") in answer
    restart(bot)
    assert peer.deliver(body).text == answer
    assert spoken(bot, who).count("你是谁") == 1


def test_a_turn_cut_off_by_a_restart_is_owned_up_to(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    with bot.faulty_actions("hung"):
        assert peer.deliver(push(who, Content="怎么投诉")).body == b"success"
        bot.rasa.process.kill()  # type: ignore[union-attr]
        bot.rasa.process.wait()  # type: ignore[union-attr]
    restart(bot)
    assert words("utter_wechat_lost") in peer.say(who, "你好")


# --- deleting -------------------------------------------------------------------


def test_deleting_my_data_deletes_the_channels_rows(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    peer.say(who, "你好")
    assert rows(bot, "channel_turns", who) == 1
    peer.say(who, "删除我的数据")
    receipt = push(who, Content="是")
    answer = peer.deliver(receipt).text
    assert "删" in answer
    for table in ("events", "channel_turns", "channel_people"):
        assert rows(bot, table, who) == 0, table
    assert peer.deliver(receipt).text == answer, "a retry still gets the receipt"


def test_who_unsubscribes_leaves_no_row_of_the_channel(bot: Bot, peer: Peer) -> None:
    who = wechat.person()
    peer.say(who, "你好")
    gone = peer.deliver(push(who, "event", Event="unsubscribe"))
    assert gone.body == b"success"
    assert rows(bot, "channel_turns", who) == rows(bot, "channel_people", who) == 0
