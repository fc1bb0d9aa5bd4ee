"""The last step of the pipeline: findings, kind and verdict joined by rules."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from wenzhu.message.analysis import Analysis, Finding
from wenzhu.message.senders import is_private_mobile
from wenzhu.message.verdict import verdict

CLAIM = re.compile(
    r"(?:欠款|欠[^,。;!?]{0,4}[0-9一二两三四五六七八九十千百万]+(?:元|块|千|万)|欠钱|欠费|逾期|拖欠|贷款|借款|网贷|贷|借条|额度|放款|下款|还款|账单|债务|债权|征信|案件|立案|"
    r"起诉|诉讼|传票|仲裁|调解|律师函|催收|信用卡|分期|资金周转|周转|用钱|信用|黑户|利息|还清|结清|还钱|借钱|"
    r"校园贷|保障服务|会员|用款|月息|垫还|套现|提额)"
)
COURT_CHANNEL = re.compile(r"人民法院在线服务|12368|court\.gov\.cn")
COURT_HOST, COURT_NUMBER = ("court.gov.cn", "gov.cn"), "12368"
# Who speaks is named at the start, in the signature or by introducing himself; a
# court that is only threatened with names nobody.
_INTRODUCED = re.compile(
    r"(?:^|【[^】]{0,14}|(?:我|我们|这里|这边|此处|本人)(?:是|系)[^,。;!?]{0,14}|——)$"
)
# What is harmless in a message of these kinds: a parcel kept until tonight.
_HARMLESS = {
    "other": frozenset(
        {
            "deadline_pressure",
            "contact_third_party",
            "threatens_family",
            "threatens_arrest",
            "upfront_fee",
            "asks_screen_share",
        }
    ),
    "lender_notice": frozenset(
        {
            "deadline_pressure",
            "contact_third_party",
            "threatens_family",
            "upfront_fee",
        }
    ),
    "loan_marketing": frozenset({"contact_third_party", "threatens_family"}),
}
_SURE = 0.5
FACTS = {
    "link": ("non_official_domain", "SMS-LINK",
             "这个网址不是已知机构的网址。不要点，要查就自己打开官方App或自己输入网址。"),
    "short": ("short_link", "SCAM-PHISH",
              "这是短链接，点开之前看不出去哪里。不要点。"),
    "sender": ("personal_mobile_sender", "SMS-PERSONAL",
               "发信的是个人手机号。正规机构一般用端口短号，但单凭号码也不能断定。"),
    "unknown": ("unknown_lender", "CFC-NAME-RULE",
                "没有写清是哪家机构。先要对方写明债权人全称和合同编号。"),
}  # fmt: skip

for _name in ("sender", "normalised", "mentions", "analysis", "spans_taken"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
for _name in ("fact", "reason"):
    if not Span.has_extension(_name):
        Span.set_extension(_name, default="")


@Language.component("wenzhu_verdict")
def verdict_rules(doc: Doc) -> Doc:
    """Join everything into the finished analysis."""
    first: Analysis = doc._.analysis
    message = doc._.normalised
    kind, confidence = "other", 0.0
    if doc.cats and message.text.strip():
        kind, confidence = max(doc.cats.items(), key=lambda pair: pair[1])
    findings = [
        Finding(
            span.label_, span.text, span.start, span.end, span._.fact, span._.reason
        )
        for span in doc.spans.get("signs", ())
    ]
    if confidence >= _SURE:
        harmless = _HARMLESS.get(kind, frozenset())
        findings = [one for one in findings if one.flag not in harmless]
    claim = CLAIM.search(message.text)
    named = _is_named(doc)
    if claim and not named and kind != "other":
        start, end = message.span(*claim.span())
        flag, fact, reason = FACTS["unknown"]
        findings.append(Finding(flag, doc.text[start:end], start, end, fact, reason))
    sender = doc._.sender
    if is_private_mobile(sender):
        flag, fact, reason = FACTS["sender"]
        findings.append(Finding(flag, sender, None, None, fact, reason))
    flags = {finding.flag for finding in findings}
    doc._.analysis = Analysis(
        kind=kind,
        kind_confidence=confidence,
        verdict=verdict(
            kind,
            flags,
            named=named,
            claim=bool(claim),
            own_channel=_keeps_to_official_channel(message.text, first),
        ),
        fields=first.fields,
        findings=tuple(findings),
        links=first.links,
        sender_type=first.sender_type,
    )
    return doc


def _keeps_to_official_channel(text: str, first: Analysis) -> bool:
    """Say whether a message names a court's official channel and no other way."""
    strange_link = any(
        not link.registrable.endswith(COURT_HOST) for link in first.links
    )
    strange_number = any(number != COURT_NUMBER for number in first.fields.phones)
    return bool(COURT_CHANNEL.search(text)) and not strange_link and not strange_number


def _is_named(doc: Doc) -> bool:
    """Say whether the message makes clear who is speaking or who lent."""
    text = doc._.normalised.text
    if doc._.analysis.fields.lender is not None:
        return True
    if any(
        span.label_ in ("impersonates_court", "impersonates_police")
        for span in doc.spans.get("signs", ())
    ):
        return True
    return any(
        one.group != "institution" or _INTRODUCED.search(text[: one.start])
        for one in doc._.mentions
    )
