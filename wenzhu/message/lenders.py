"""Names of lenders, platforms and institutions, found in a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wenzhu.text.folding import fold
from wenzhu.text.pinyin import fuzzy_syllable

_LEGAL = re.compile(
    r"[\u4e00-\u9fff()]{2,16}?(?:消费金融|小额贷款|银行|农村信用合作联社|信托|融资租赁|村镇银行|"
    r"农商行|信用社|农信社)(?:股份|有限|责任|公司|集团)*"
)
_NOT_IN_NAME = re.compile(
    r".*(?:您|你|我|在|向|的|由|于|与|和|为|将|从|自|是|到|至|请|及|各|该|本|以|被|给|用|"
    r"联系|关于|来自|合作|通过|其他|多家|任意|绑定|冒充)"
)
_SIGNATURE = re.compile(r"【([^】]{1,40})】")
_ACCOUNT = re.compile(
    r"(?:开户行|开户银行|收款行|收款银行|转账至|转入|汇至|打款至|绑定的?|尾号[0-9*]{3,4}的?|"
    r"账户|账号|收款|汇入|存入|从您的?)[:是为在您的 ]{0,3}$"
)
_LOAN_NEAR = re.compile(
    r"(?:贷|借|欠|还款|账单|信用卡|债|逾期|额度|客户|消金|消费金融|委托|授权|受托)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in the normalised text."""

    start: int
    end: int
    name: str
    legal_name: str | None
    group: str
    score: float = 0.0


class LenderFinder:
    """Finds who is named, and which lender a message speaks for."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Build the lookups from the content of ``knowledge/lenders.yml``."""
        self._names: dict[str, list[tuple[str, str | None, str]]] = {}
        self._sounds: dict[str, tuple[str, str]] = {}
        known: dict[str, tuple[str | None, str]] = {}
        for record in data["institutions"]:
            known.update(dict.fromkeys(record["names"], (None, "institution")))
        for record in data["platforms"]:
            known.update(dict.fromkeys(record["names"], (None, "platform")))
        for record in data["lenders"]:
            legal = record["legal_name"]
            names = [legal]
            for key in ("names", "old_names", "products", "misspelt"):
                names.extend(record.get(key, ()))
            known.update(dict.fromkeys(names, (legal, "lender")))
        for name, (legal_name, group) in known.items():
            plain = fold(name)
            self._names.setdefault(plain[0], []).append((plain, legal_name, group))
            sound = _sound(plain)
            # Short names sound like too much else; 消费金融 carries a long one.
            if legal_name and sound and len(plain) >= 5 and "消费金融" in plain:
                self._sounds[sound] = (plain, legal_name)
        for names_here in self._names.values():
            names_here.sort(key=lambda entry: -len(entry[0]))
        self._not_after: dict[str, str] = {
            name: chars for name, chars in data["not_after"].items() if chars
        }

    def mentions(self, text: str) -> list[Mention]:
        """Find every name, the longest at each place."""
        found: list[Mention] = []
        index = 0
        while index < len(text):
            for name, legal, group in self._names.get(text[index], ()):
                if text.startswith(name, index) and self._fits(text, index, name):
                    found.append(Mention(index, index + len(name), name, legal, group))
                    index += len(name) - 1
                    break
            index += 1
        return found

    def _fits(self, text: str, index: int, name: str) -> bool:
        before = text[index - 1] if index else ""
        if before and before in self._not_after.get(name, ""):
            return False
        if name.isascii():
            after = text[index + len(name) : index + len(name) + 1]
            edges = f"{before} {after}"
            return not any(char.isascii() and char.isalnum() for char in edges)
        return True

    def lender(self, text: str, mentions: list[Mention]) -> str | None:
        """Return the legal name of the lender spoken of, or None."""
        scored = [self._score(text, one) for one in mentions if one.legal_name]
        scored = [pair for pair in scored if pair[0] > 0]
        if scored:
            return max(scored, key=lambda pair: pair[0])[1]
        return self._by_sound(text) or self._unlisted(text, mentions)

    def _score(self, text: str, mention: Mention) -> tuple[float, str]:
        before = text[max(0, mention.start - 12) : mention.start]
        after = text[mention.end : mention.end + 24]
        score = 1.0 - mention.start / 10_000
        bank = mention.name.endswith(("银行", "行")) or mention.name == "邮储"
        signature = any(
            match.start() <= mention.start < match.end()
            for match in _SIGNATURE.finditer(text)
        )
        if signature:
            score += 3
        if mention.name == mention.legal_name:
            score += 1
        if not bank:
            score += 1.2
        if _LOAN_NEAR.search(after[:12]) or _LOAN_NEAR.search(before):
            score += 1
        if bank and not signature and _ACCOUNT.search(before):
            payee = re.search(r"(?:开户|收款|转账|汇|打款|转入)", before)
            score = 0 if payee else score - 1.5
        if bank and re.match(r"[:,]?(?:卡号|账号|账户)?[: ]?[0-9]{12,}", after):
            score = 0
        return score, mention.legal_name or ""

    def _by_sound(self, text: str) -> str | None:
        if "金融" not in text and "消" not in text:
            return None
        sounds = [fuzzy_syllable(char) or "_" for char in text]
        joined = " ".join(sounds)
        if "xiao fei jin lon" not in joined:
            return None
        for sound, (_, legal) in self._sounds.items():
            if sound in joined:
                return legal
        return None

    def _unlisted(self, text: str, mentions: list[Mention]) -> str | None:
        """Return a lender that names itself in full but is not in the list."""
        for match in _LEGAL.finditer(text):
            name = _NOT_IN_NAME.sub("", match.group()).strip("()")
            full = name.endswith(("公司", "联社")) and "有限" in name
            rural = name.endswith(("农商行", "村镇银行", "联社", "农村商业银行"))
            known = any(
                one.start < match.end() and match.start() < one.end and one.legal_name
                for one in mentions
            )
            if not known and len(name) >= 5 and (full or rural):
                return name
        return None


def _sound(name: str) -> str | None:
    sounds = [fuzzy_syllable(char) for char in name]
    return None if None in sounds else " ".join(filter(None, sounds))
