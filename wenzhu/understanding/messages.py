"""What the analyser found in a pasted message, as entities of the utterance."""

from __future__ import annotations

from wenzhu.message import Analysis
from wenzhu.understanding.result import Understanding, entity


def add_message(understanding: Understanding, analysis: Analysis) -> None:
    """Add kind, verdict, fields and signs, each sign with its phrase and its fact."""
    fields = analysis.fields
    add = understanding.entities.append
    add(entity("message_kind", analysis.kind))
    add(entity("message_verdict", analysis.verdict))
    if fields.lender is not None:
        add(entity("message_lender", fields.lender))
    for amount in fields.amount_yuan:
        add(entity("message_amount", float(amount)))
    if fields.overdue_days is not None:
        add(entity("message_overdue_days", float(fields.overdue_days)))
    if fields.deadline is not None:
        add(entity("message_deadline", fields.deadline))
    for flag in dict.fromkeys(finding.flag for finding in analysis.findings):
        add(entity("red_flag", flag))
    understanding.signals["findings"] = [
        {
            "flag": finding.flag,
            "span": finding.span,
            "fact": finding.fact,
            "reason": finding.reason,
        }
        for finding in analysis.findings
    ]
