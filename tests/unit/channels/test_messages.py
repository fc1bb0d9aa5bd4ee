"""Reading what WeChat sends: all of it that is true, none of it that is not."""

from __future__ import annotations

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from rasa_ext.channels.wechat.crypto import Refused
from rasa_ext.channels.wechat.messages import (
    MOST_BYTES,
    Message,
    answer_xml,
    fields,
    message_of,
)
from tests.e2e.wechat_peer import push

SAID = Message("text", "oabc", "gh_1", "key")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        message_of(fields(body))
    except Refused as refused:
        assert 400 <= refused.status < 500
    else:
        raise AssertionError("no such bytes are a message")


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_message_is_read_or_refused(place: int, noise: bytes) -> None:
    body = push("oabc", Content="你好").encode()
    place %= len(body)
    try:
        message_of(fields(body[:place] + noise + body[place:]))
    except Refused as refused:
        assert 400 <= refused.status < 500


@given(
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
        )
    )
)
def test_an_answer_says_what_it_was_given(text: str) -> None:
    found = xmltodict.parse(answer_xml(SAID, text, 1), strip_whitespace=False)["xml"]
    assert (found["Content"] or "") == text
    assert (found["ToUserName"], found["FromUserName"]) == ("oabc", "gh_1")


def test_the_same_event_has_the_same_key_and_others_another() -> None:
    def key(**changes: str) -> str:
        given = {"Event": "CLICK", "EventKey": "a", **changes}
        base = {"ToUserName": "gh", "CreateTime": "5", "MsgType": "event"}
        return message_of({"FromUserName": "o1", **base, **given}).key

    assert key() == key()
    others = [key(FromUserName="o2"), key(CreateTime="6"), key(EventKey="b")]
    assert len({key(), *others}) == 4
    assert "o1" not in key()


def test_fields_within_fields_do_not_replace_fields() -> None:
    body = (
        b"<xml><A><FromUserName>x</FromUserName></A><FromUserName>y</FromUserName>"
        b"<P><i>1</i><i>2</i></P></xml>"
    )
    assert fields(body)["FromUserName"] == "y"


def test_the_longest_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused) as refused:
        fields(b"<" * (MOST_BYTES + 1))
    assert refused.value.status == 413
