"""Our cryptography against wechatpy's, both ways, and against forgers."""

from __future__ import annotations

import base64

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from rasa_ext.channels.wechat import crypto, messages
from tests.e2e.wechat_peer import AES_KEY, APP_ID, TOKEN, signature

OURS = crypto.Cipher(AES_KEY, APP_ID)
THEIRS = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=600
)


def test_signatures_agree() -> None:
    assert crypto.signature(TOKEN, "1700000000", "nonce") == signature(
        TOKEN, "1700000000", "nonce"
    )


@given(TEXTS)
def test_they_read_what_we_encrypt(text: str) -> None:
    message = messages.Message("text", "oabc", "gh_1", "key")
    inside = messages.answer_xml(message, text, 1)
    sealed = messages.sealed_xml(OURS, TOKEN, inside, 1, "nonce")
    found = xmltodict.parse(sealed)["xml"]
    opened = THEIRS.decrypt_message(
        sealed.decode(), found["MsgSignature"], found["TimeStamp"], found["Nonce"]
    )
    assert opened.encode() == inside


@given(TEXTS)
def test_we_read_what_they_encrypt(text: str) -> None:
    sealed = xmltodict.parse(THEIRS.encrypt_message(text, "nonce", "1"))["xml"]
    assert OURS.decrypt(sealed["Encrypt"]) == text.encode()


@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_never_worse(rubbish: bytes) -> None:
    with pytest.raises(crypto.Refused):
        OURS.decrypt(base64.b64encode(rubbish).decode())


@pytest.mark.parametrize("text", ["", "!", "not base64", "中文", "QUJD"])
def test_what_is_no_ciphertext_is_refused(text: str) -> None:
    with pytest.raises(crypto.Refused):
        OURS.decrypt(text)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_never_goes_unseen_with_its_signature(
    place: int, change: int
) -> None:
    sealed = OURS.encrypt("你好".encode())
    proof = crypto.signature(TOKEN, "1", "n", sealed)
    raw = bytearray(base64.b64decode(sealed))
    raw[place % len(raw)] ^= change
    with pytest.raises(crypto.Refused):
        crypto.check(proof, TOKEN, "1", "n", base64.b64encode(bytes(raw)).decode())


def test_another_account_is_refused() -> None:
    with pytest.raises(crypto.Refused, match="another account"):
        OURS.decrypt(crypto.Cipher(AES_KEY, "wx-other").encrypt(b"x"))


@pytest.mark.parametrize("key", ["", "short", AES_KEY + "x", "中" * 43, "!" * 43])
def test_a_key_of_another_kind_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="AES key"):
        crypto.Cipher(key, APP_ID)


@pytest.mark.parametrize(
    "stamp", ["", "x", "-5", "1e9", "９９９", "9" * 30, "699", "1301"]
)
def test_another_time_is_refused(stamp: str) -> None:
    with pytest.raises(crypto.Refused):
        crypto.check_age(stamp, 1000.0, 300)


@pytest.mark.parametrize("stamp", ["700", "1000", "1300"])
def test_the_same_time_is_taken(stamp: str) -> None:
    crypto.check_age(stamp, 1000.0, 300)
