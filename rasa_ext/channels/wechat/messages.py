"""What WeChat sends, read without trust, and what it takes as an answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from rasa_ext.channels.wechat.crypto import Cipher, Refused, signature

MOST_BYTES = 64 * 1024
"""WeChat's longest push is a few kilobytes."""

_MOST_ELEMENTS = 256
_DEEPEST = 6
_NAME = re.compile(r"[A-Za-z0-9_@.=+-]{1,128}")


@dataclass(frozen=True)
class Message:
    """One push: something that a person said or did.

    Attributes:
        kind: ``text``, ``image``, ``voice``, ``location``, ``event``, …
        person: the OpenID; never logged, never stored.
        account: the id of the account it was sent to.
        key: the same for each attempt to deliver it, and for nothing else.
        text: what was typed, or what WeChat recognised in a voice message.
        event: ``subscribe``, ``SCAN``, ``CLICK``, …; empty for messages.
        event_key: which menu item was tapped or code was scanned.
        picture: where a picture can be fetched.
    """

    kind: str
    person: str
    account: str
    key: str
    text: str = ""
    event: str = ""
    event_key: str = ""
    picture: str = ""


def fields(body: bytes) -> Mapping[str, str]:
    """The fields of a push; what stands inside a field is left out.

    Read in one pass, without entities, declarations or other encodings.

    Raises:
        Refused: it is not such a document.
    """
    if len(body) > MOST_BYTES:
        raise Refused("too long", 413)
    reader = _Reader()
    try:
        body.decode()  # a byte-order mark would make expat read something else
        reader.parser.Parse(body, True)
    except (UnicodeDecodeError, expat.ExpatError) as error:
        raise Refused("not well-formed XML in UTF-8", 400) from error
    if reader.root != "xml":
        raise Refused("another kind of XML", 400)
    return reader.found


class _Reader:
    """Collects the text of the elements right under the root."""

    def __init__(self) -> None:
        self.root = ""
        self.found: dict[str, str] = {}
        self._depth = 0
        self._count = 0
        self._text: list[str] = []
        self.parser = expat.ParserCreate("UTF-8")  # whatever the document claims
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise Refused("it declares a document type", 400)

    def _hear(self, text: str) -> None:
        if self._depth == 2:
            self._text.append(text)

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise Refused("too many elements", 400)
        self.root = self.root or name

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth != 1:
            return
        text = "".join(self._text).strip()
        self._text.clear()
        if self.found.setdefault(name, text) != text:
            raise Refused("a field stands twice", 400)


def message_of(found: Mapping[str, str]) -> Message:
    """The message in the fields of a push.

    Raises:
        Refused: a field that each message has is missing or malformed.
    """
    person, account = found.get("FromUserName", ""), found.get("ToUserName", "")
    created, kind = found.get("CreateTime", ""), found.get("MsgType", "")
    named = _NAME.fullmatch(person) and _NAME.fullmatch(account)
    if not named or not kind.isascii() or not _is_number(created):
        raise Refused("a field is missing", 400)
    identity = found.get("MsgId", "")
    event, event_key = found.get("Event", ""), found.get("EventKey", "")
    if kind != "event" and not _is_number(identity):
        raise Refused("the message has no number", 400)
    parts = (person, created, event, event_key) if kind == "event" else (identity,)
    return Message(
        kind=kind,
        person=person,
        account=account,
        key=_digest(account, kind, *parts),
        text=found.get("Content") or found.get("Recognition") or "",
        event=event,
        event_key=event_key,
        picture=found.get("PicUrl", ""),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 32


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def answer_xml(message: Message, text: str, created: int) -> bytes:
    """The document that answers a message with a text."""
    return (
        f"<xml><ToUserName>{_cdata(message.person)}</ToUserName>"
        f"<FromUserName>{_cdata(message.account)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    ).encode()


def sealed_xml(
    cipher: Cipher, token: str, answer: bytes, created: int, nonce: str
) -> bytes:
    """An answer, encrypted and signed."""
    inside = cipher.encrypt(answer)
    proof = signature(token, str(created), nonce, inside)
    return (
        f"<xml><Encrypt>{_cdata(inside)}</Encrypt>"
        f"<MsgSignature>{_cdata(proof)}</MsgSignature>"
        f"<TimeStamp>{created}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    ).encode()


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
