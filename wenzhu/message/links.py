"""Links in a message, also those written to slip past filters.

No request is ever made: what a host is comes from the list of public suffixes
that ``tldextract`` brings along and from the domains that ``knowledge`` holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import tldextract

from wenzhu.message.analysis import Link
from wenzhu.text.normalise import Normalised

_TLD = (
    "com|cn|net|top|xyz|cc|vip|club|shop|site|info|org|io|me|im|ltd|link|online|fun|"
    "icu|work|app|co|tk|ru|pw|ws|live|life|wang|store|tech|pro|run|group|asia|biz|"
    "click|buzz|gov|mobi|hk|tw|us|ly|gd|so|ink|cloud|win|date|tax|lc|cyou|sbs|bond|"
    "cfd|ml|ga|gq|cf|la|nz|id|nu|gg|gl|at|mn|in|am|to|tv|jp|sg|uk|be|de|dev|art|red|"
    "love|host|space|website|press|loan|finance|credit|money|bank|pay|center|company|"
    "services|world|today|plus|page|fit|mom|lol|rest|cam|hair|quest|autos|beauty|world|"
    "zone|ren|中国|公司|网络|ci|st|sh|vc|fm|do|su|kim|pub|cool|fans|law"
)
_DOT = (
    r"(?:[ ]?(?:\.|。|·|\[\.\]|\(\.\)|【\.】|\{\.\}|\(点\)|\[点\]|【点】|"
    r"\(dot\)|\[dot\]|【dot】|\{dot\})[ ]?|点(?=[a-z])|[ ]dot[ ]|[ ]d0t[ ]|"
    r"d[o0]t(?=(?:com|cn|net|top|xyz|cc|vip)(?![a-z])))"
)
_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}?[a-z0-9])?"
_PATH = r"[ ]?[/?#](?:[a-z0-9\-._~:/?#@!$&'*+=%]*[a-z0-9/=_\-#])?"
_LINK = re.compile(
    r"(?<![a-z0-9@._-])"
    r"(?P<scheme>h[tx]{2}ps?[ ]?:[ ]?/[ ]?/[ ]?|ftp://)?"
    r"(?P<host>(?:(?P<ip>(?:[0-9]{1,3}\.){3}[0-9]{1,3})"
    rf"|(?:{_LABEL}{_DOT}){{1,5}}(?:xn--[a-z0-9]+|{_TLD})(?![a-z0-9-]|{_DOT}[a-z])))"
    r"(?P<port>:[0-9]{2,5})?"
    rf"(?P<path>{_PATH})?"
)
_ANY_SCHEME = re.compile(r"https?://[^\s\u3400-\u9fff,。;!?、<>【】\"()]{3,200}")
_DOTS = re.compile(_DOT)
_SHORT_PATH = re.compile(r"/[a-z0-9_-]{3,10}/?(?:\?.*)?")
_CHUNK = 400


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # No URL and no cache folder: only the snapshot inside the package is read.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """Return the domain that somebody registered, or the host itself."""
    found = _suffixes()(host)
    name: str = found.top_domain_under_public_suffix
    return name or host


class LinkFinder:
    """Finds links and says what their hosts are."""

    def __init__(self, known: Collection[str], short: Collection[str]) -> None:
        """Remember known domains and the hosts of link shorteners."""
        self.known = frozenset(known)
        self.short = frozenset(short)
        self._stems = tuple(
            sorted({domain.split(".")[0] for domain in self.known if "." in domain})
        )

    def find(self, message: Normalised) -> tuple[Link, ...]:
        """Find every link of a message, in order."""
        links: list[Link] = []
        text = message.text
        if not any(mark in text for mark in (".", "点", "。", "·", "dot", "d0t")):
            return ()
        end = 0
        for match in _LINK.finditer(text):
            link = self._read(match, message)
            if link is not None:
                links.append(link)
                end = match.end()
        if not end and "://" in text:
            for match in _ANY_SCHEME.finditer(text):
                links.append(self._link(message, match.span(), match.group()[8:]))
        return tuple(links)

    def _read(self, match: re.Match[str], message: Normalised) -> Link | None:
        host = _DOTS.sub(".", match["host"]).replace(" ", "").strip(".")
        start, end = match.span()
        if match["ip"]:
            numbers = [int(part) for part in match["ip"].split(".")]
            if max(numbers) > 255 or not (match["scheme"] or match["port"]):
                return None
        elif not match["scheme"] and not match["path"]:
            labels = host.split(".")
            if all(label.isdigit() for label in labels[:-1]) and len(host) < 6:
                return None
            # «45 days. Pay today»: a full stop and a space between two English words.
            if ". " in match["host"] and labels[-1] not in ("com", "cn", "net", "top"):
                return None
            # app.me and the like after a full stop are two sentences, not a link.
            if "。" in match["host"] and labels[-1] not in ("com", "cn", "net", "top"):
                return None
        return self._link(message, (start, end), host, bool(match["ip"]))

    def _link(
        self,
        message: Normalised,
        span: tuple[int, int],
        host: str,
        address: bool = False,
    ) -> Link:
        start, end = message.span(*span)
        host = re.split(r"[/?#:]", host)[0] or host
        domain = host if address else registrable(host)
        known = self._is_known(host, domain)
        path = message.text[span[0] : span[1]]
        path = path[path.find("/", 9) :] if "/" in path[9:] else ""
        return Link(
            text=message.original[start:end],
            start=start,
            end=end,
            host=host,
            registrable=domain,
            defanged=host.replace(".", "[.]"),
            short=not known and not address and self._is_short(host, domain, path),
            address=address,
            known=known,
            resembles=None if known or address else self._resembles(domain),
        )

    def _is_known(self, host: str, domain: str) -> bool:
        if domain in self.known or host in self.known:
            return True
        return any(host.endswith("." + known) for known in _parents(host) & self.known)

    def _is_short(self, host: str, domain: str, path: str) -> bool:
        if host in self.short or domain in self.short:
            return True
        stem = domain.split(".")[0]
        bare = host in (domain, f"www.{domain}")
        tiny = len(stem) <= 3 or (len(stem) <= 4 and any(c.isdigit() for c in stem))
        return bare and tiny and bool(_SHORT_PATH.fullmatch(path or ""))

    def _resembles(self, domain: str) -> str | None:
        """Name the known domain that this one is made to be taken for."""
        if domain.startswith("xn--") or ".xn--" in domain:
            try:
                domain = domain.encode("ascii").decode("idna")
            except UnicodeError:
                return None
        stem = domain.split(".")[0]
        plain = stem.translate(str.maketrans("0135", "oise")).replace("rn", "m")
        for known in self._stems:
            if len(known) >= 4 and (known in (plain, stem) or _near(plain, known)):
                return known
            if len(known) >= 5 and known in stem:
                return known
        return None


def _parents(host: str) -> frozenset[str]:
    labels = host.split(".")
    return frozenset(".".join(labels[index:]) for index in range(1, len(labels)))


def _near(left: str, right: str) -> bool:
    """Say whether two names of five letters or more differ in one place."""
    if min(len(left), len(right)) < 5 or abs(len(left) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    rest_left, rest_right = left[same:], right[same:]
    return (
        rest_left[1:] == rest_right[1:]
        or rest_left == rest_right[1:]
        or rest_left[1:] == rest_right
    )
