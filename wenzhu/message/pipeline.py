"""The spaCy pipeline of the analyser and its named components.

Importing this module registers the factories, so that ``spacy.load`` can read a
saved pipeline. Tokens are the characters of the text as given: a token index is
an offset in the original.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from wenzhu.message.amounts import find_amounts
from wenzhu.message.analysis import Analysis, Fields
from wenzhu.message.kind import KindModel, plain_form
from wenzhu.message.lenders import LenderFinder
from wenzhu.message.links import LinkFinder
from wenzhu.message.phones import find_phones
from wenzhu.message.rules import CLAIM, FACTS
from wenzhu.message.senders import sender_type
from wenzhu.message.signs import SignRuler
from wenzhu.message.times import find_deadline, find_overdue_days
from wenzhu.text.normalise import normalise

COMPONENTS = ("normaliser", "names", "fields", "sign_ruler", "kind", "verdict")


@registry.tokenizers("wenzhu.characters.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], CharacterTokenizer]:
    """Return the factory that the pipeline's settings name."""

    def create(nlp: Language) -> CharacterTokenizer:
        return CharacterTokenizer(nlp.vocab)

    return create


class CharacterTokenizer:
    """Makes each character a token, so offsets and token indices agree."""

    def __init__(self, vocab: Vocab) -> None:
        """Remember the vocabulary."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Split a text into its characters."""
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text))

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing: there is no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> CharacterTokenizer:
        """Return itself: there is no state."""
        return self

    def to_disk(self, _path: Path | str, **_: Any) -> None:
        """Write nothing: there is no state."""

    def from_disk(self, _path: Path | str, **_: Any) -> CharacterTokenizer:
        """Return itself: there is no state."""
        return self


@Language.component("wenzhu_normaliser")
def normaliser(doc: Doc) -> Doc:
    """Normalise the text; later components read it with its way back."""
    doc._.normalised = normalise(doc.text)
    return doc


class _FromFile:
    """A component whose data is one JSON file of the saved pipeline."""

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        self.data: dict[str, Any] = data or {}
        if data:
            self.build()

    def build(self) -> None:
        """Prepare what is looked up while reading."""
        raise NotImplementedError

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Write the data."""
        Path(path).write_text(
            json.dumps(self.data, ensure_ascii=False), encoding="utf-8"
        )

    def from_disk(self, path: Path | str, **_: Any) -> _FromFile:
        """Read the data."""
        self.data = json.loads(Path(path).read_text(encoding="utf-8"))
        self.build()
        return self


class NameMatcher(_FromFile):
    """Finds lenders, platforms and institutions."""

    def build(self) -> None:
        """Prepare the lookups."""
        self.finder = LenderFinder(self.data)

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions, also as spans of the text."""
        message = doc._.normalised
        doc._.mentions = self.finder.mentions(message.text)
        spans = []
        for one in doc._.mentions:
            start, end = message.span(one.start, one.end)
            spans.append(Span(doc, start, end, label=one.group))
        doc.spans["names"] = spans
        return doc


class FieldMatcher(_FromFile):
    """Finds links, telephone numbers, amounts and times."""

    def build(self) -> None:
        """Collect the domains that are known."""
        known = set(self.data["known_domains"])
        for record in self.data["lenders"]:
            known.update(domain["host"] for domain in record.get("domains", ()))
        self.finder = LinkFinder(known, self.data["short_hosts"])
        self.names = LenderFinder(self.data)

    def __call__(self, doc: Doc) -> Doc:
        """Write the fields into a first, unfinished analysis."""
        message = doc._.normalised
        links = self.finder.find(message)
        taken = [
            (
                _position(message.offsets, link.start),
                _position(message.offsets, link.end),
            )
            for link in links
        ]
        phones = find_phones(message, taken)
        deadline = find_deadline(message)
        fields = Fields(
            lender=self.names.lender(message.text, doc._.mentions),
            amount_yuan=find_amounts(message, taken),
            overdue_days=find_overdue_days(message),
            links=tuple(dict.fromkeys(link.text for link in links)),
            phones=tuple(phones),
            deadline=message.quote(*deadline) if deadline else None,
        )
        doc._.spans_taken = taken
        doc._.analysis = Analysis(
            "other", 0.0, "insufficient", fields, (), links, sender_type(doc._.sender)
        )
        return doc


class SignMatcher(_FromFile):
    """Finds red flags in the wording, the links and the sender."""

    def build(self) -> None:
        """Compile the patterns."""
        self.ruler = SignRuler(self.data)

    def __call__(self, doc: Doc) -> Doc:
        """Write one span group with a label, a fact and a reason each."""
        message, first = doc._.normalised, doc._.analysis
        spans: list[Span] = []
        for match in self.ruler.find(message.text):
            start, end = message.span(match.start, match.end)
            spans.append(_span(doc, start, end, match.flag, match.fact, match.reason))
        for link in first.links:
            if not link.known:
                spans.append(_span(doc, link.start, link.end, *FACTS["link"]))
            if link.short:
                spans.append(_span(doc, link.start, link.end, *FACTS["short"]))
        doc.spans["signs"] = spans
        return doc


class KindClassifier:
    """Classifies the message with the trained weights."""

    def __init__(self, model: KindModel | None = None) -> None:
        """Hold the model; without one every message is ``other``."""
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Write the kind and its probability as a category."""
        if self.model is not None:
            plain, signs = features(doc)
            doc.cats = dict(self.model.probabilities(plain, signs))
        return doc

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Write the weights."""
        if self.model is not None:
            self.model.save(Path(path))

    def from_disk(self, path: Path | str, **_: Any) -> KindClassifier:
        """Read the weights."""
        self.model = KindModel.load(Path(path))
        return self


@Language.factory("wenzhu_names")
def create_names(nlp: Language, name: str) -> NameMatcher:
    """Create the component; its data comes from disk or from training."""
    return NameMatcher()


@Language.factory("wenzhu_fields")
def create_fields(nlp: Language, name: str) -> FieldMatcher:
    """Create the component; its data comes from disk or from training."""
    return FieldMatcher()


@Language.factory("wenzhu_sign_ruler")
def create_signs(nlp: Language, name: str) -> SignMatcher:
    """Create the component; its data comes from disk or from training."""
    return SignMatcher()


@Language.factory("wenzhu_kind")
def create_kind(nlp: Language, name: str) -> KindClassifier:
    """Create the component; its weights come from disk or from training."""
    return KindClassifier()


def features(doc: Doc) -> tuple[str, list[str]]:
    """Return what the kind classifier reads of a document."""
    message, first = doc._.normalised, doc._.analysis
    names = [
        (one.start, one.end, {"lender": "€", "platform": "£"}.get(one.group, one.name))
        for one in doc._.mentions
    ]
    names += [(start, end, "¢") for start, end in doc._.spans_taken]
    plain = plain_form(message.text, sorted(names))
    signs = {f"flag:{span.label_}" for span in doc.spans.get("signs", ())}
    fields = first.fields
    signs |= {
        f"has:{name}"
        for name in ("lender", "amount_yuan", "overdue_days", "phones", "deadline")
        if getattr(fields, name)
    }
    if any(number.startswith("1") and len(number) == 11 for number in fields.phones):
        signs.add("phone:mobile")
    signs |= {f"names:{one.group}" for one in doc._.mentions}
    signs |= {f"link:{'known' if link.known else 'strange'}" for link in first.links}
    signs.add(f"sender:{first.sender_type}")
    signs.add(f"claim:{bool(CLAIM.search(message.text))}")
    signs.add(f"length:{min(len(plain) // 60, 5)}")
    return plain, sorted(signs)


def build(
    lenders: dict[str, Any],
    signs: dict[str, Any],
    model: KindModel | None,
    version: str,
) -> Language:
    """Build the pipeline from data, before it is saved.

    Args:
        lenders: The content of ``knowledge/lenders.yml``.
        signs: The content of ``knowledge/scam_signs.yml``.
        model: The trained weights, or None while training.
        version: The version written into the pipeline's own description.
    """
    nlp = spacy.blank(
        "zh", config={"nlp": {"tokenizer": {"@tokenizers": "wenzhu.characters.v1"}}}
    )
    nlp.meta.update(name="wenzhu_message", version=version)
    nlp.add_pipe("wenzhu_normaliser", name="normaliser")
    for name, data in (("names", lenders), ("fields", lenders), ("sign_ruler", signs)):
        component = nlp.add_pipe(f"wenzhu_{name}", name=name)
        component.data = data  # type: ignore[attr-defined]
        component.build()  # type: ignore[attr-defined]
    nlp.add_pipe("wenzhu_kind", name="kind").model = model  # type: ignore[attr-defined]
    nlp.add_pipe("wenzhu_verdict", name="verdict")
    return nlp


def _span(doc: Doc, start: int, end: int, flag: str, fact: str, reason: str) -> Span:
    span = Span(doc, start, end, label=flag)
    span._.fact = fact
    span._.reason = reason
    return span


def _position(offsets: tuple[int, ...], original: int) -> int:
    """Return the first place in the normalised text at or after an offset."""
    low, high = 0, len(offsets)
    while low < high:
        middle = (low + high) // 2
        if offsets[middle] < original:
            low = middle + 1
        else:
            high = middle
    return low
