"""Command line of the analyser: ``python -m wenzhu.analyse < messages.jsonl``.

Reads JSON lines with ``id``, ``sender`` and ``text``; writes one line for each line
read. Nothing else goes to standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wenzhu.adapters.ocr import NotReadable
from wenzhu.adapters.ocr import read as read_picture
from wenzhu.message import Analysis, analyse
from wenzhu.message.store import ModelError
from wenzhu.settings import MAX_PICTURE_BYTES

_REASONS = {
    "large": "the picture is too large",
    "kind": "the file is not a picture that can be read",
    "empty": "no text was found in the picture",
}


def as_record(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis in the form that is written out."""
    fields = analysis.fields
    return {
        "kind": analysis.kind,
        "kind_confidence": round(analysis.kind_confidence, 4),
        "verdict": analysis.verdict,
        "fields": {
            "lender": fields.lender,
            "amount_yuan": list(fields.amount_yuan),
            "overdue_days": fields.overdue_days,
            "links": list(fields.links),
            "phones": list(fields.phones),
            "deadline": fields.deadline,
        },
        "red_flags": [
            {
                "flag": finding.flag,
                "span": finding.span,
                "start": finding.start,
                "end": finding.end,
                "fact": finding.fact,
            }
            for finding in analysis.findings
        ],
    }


def answer(line: bytes) -> dict[str, Any]:
    """Answer one line; a bad one gives a record with ``error``."""
    try:
        request = json.loads(line.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return {"error": "not a JSON line"}
    if not isinstance(request, Mapping):
        return {"error": "not a JSON object"}
    name = {"id": request["id"]} if "id" in request else {}
    text, sender = request.get("text"), request.get("sender")
    if not isinstance(text, str):
        return {**name, "error": "text is missing or is not a string"}
    if isinstance(sender, int) and not isinstance(sender, bool):
        sender = str(sender)
    if sender is not None and not isinstance(sender, str):
        return {**name, "error": "sender is not a string"}
    try:
        return {**name, **as_record(analyse(text, sender))}
    except ModelError as error:
        return {**name, "error": str(error)}
    except Exception as error:
        return {**name, "error": f"{type(error).__name__} while reading the message"}


def answer_picture(path: Path) -> dict[str, Any]:
    """Answer a screenshot: its analysis and the text that was read in it."""
    try:
        with path.open("rb") as file:
            text = read_picture(file.read(MAX_PICTURE_BYTES + 1))
        return {"text": text, **as_record(analyse(text))}
    except OSError as error:
        return {"error": f"the file cannot be opened: {error.strerror}"}
    except NotReadable as refused:
        return {"error": _REASONS[refused.reason]}
    except ModelError as error:
        return {"error": str(error)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m wenzhu.analyse")
    parser.add_argument("--image", metavar="FILE", help="read a screenshot instead")
    options = parser.parse_args(arguments)
    if options.image:
        record = answer_picture(Path(options.image))
        _write(record)
        return 1 if "error" in record else 0
    failed = False
    for line in sys.stdin.buffer:
        record = answer(line)
        failed = failed or "error" in record
        _write(record)
    return 1 if failed else 0


def _write(record: Mapping[str, Any]) -> None:
    # ASCII escapes carry lone surrogates, which UTF-8 cannot.
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
