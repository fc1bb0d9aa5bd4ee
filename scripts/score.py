"""Score a JSON lines file of sentences over a running bot (``make api``).

Each line: {"text": …, "context": open question or null, "meaning": {"intent": …,
"has_loan": …, "fears": […]}}. What a meaning leaves out is not judged.

    .venv/bin/python scripts/score.py sentences.jsonl [--url http://127.0.0.1:5005]
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

FORM = "triage_form"


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of the file; a bad line is named and left out."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield {"text": row["text"], **row}
        except (ValueError, KeyError, TypeError) as error:
            print(f"line {number} left out: {error!r}", file=sys.stderr)


def read(url: str, row: dict[str, Any]) -> dict[str, Any]:
    """What the bot understands of one row, in a conversation of its own."""
    sender = f"score-{uuid.uuid4().hex}"
    if row.get("context"):
        events = [
            {"event": "active_loop", "name": FORM},
            {"event": "slot", "name": "requested_slot", "value": row["context"]},
        ]
        requests.post(
            f"{url}/conversations/{sender}/tracker/events", json=events, timeout=30
        ).raise_for_status()
    requests.post(
        f"{url}/webhooks/rest/webhook",
        json={"sender": sender, "message": row["text"]},
        timeout=60,
    ).raise_for_status()
    tracker = requests.get(f"{url}/conversations/{sender}/tracker", timeout=30).json()
    return {
        "intent": tracker["latest_message"]["intent"].get("name"),
        "has_loan": tracker["slots"].get("has_loan"),
        "fears": sorted(set(tracker["slots"].get("fears") or [])),
    }


def main() -> int:
    """Print the figures and every wrong reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:5005")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for place, row in enumerate(rows_of(options.file), 1):
        meaning, found = row.get("meaning") or {}, read(options.url, row)
        for name in ("intent", "has_loan"):
            if name in meaning:
                counts[f"{name} judged"] += 1
                counts[f"{name} right"] += meaning[name] == found[name]
                if meaning[name] != found[name]:
                    print(f"{name}: {meaning[name]} → {found[name]}  {row['text']}")
        if "fears" in meaning:
            gold, said = set(meaning["fears"]), set(found["fears"])
            counts["fears right"] += len(gold & said)
            counts["fears all"] += len(gold) + len(said)
        if place % 50 == 0:
            print(f"· {place} read", file=sys.stderr)
    for name in ("intent", "has_loan"):
        if counts[f"{name} judged"]:
            share = counts[f"{name} right"] / counts[f"{name} judged"]
            print(f"{name}: {share:.3f} of {counts[f'{name} judged']}")
    if counts["fears all"]:
        print(f"fears micro-F1: {2 * counts['fears right'] / counts['fears all']:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
