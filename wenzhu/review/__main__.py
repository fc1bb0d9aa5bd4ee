"""Teach it what it did not understand.

python -m wenzhu.review list                          what waits, with its number
python -m wenzhu.review accept ID --intent NAME …     into the training file
python -m wenzhu.review drop ID                       not worth learning from

Only sentences of people who agreed are here, masked; read them again before you
accept: a name or a place may still tell who it was. The database is the one in
DATABASE_URL; `make run` uses .wenzhu/run.db. Train afterwards: make train.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from wenzhu.adapters.review_store import ReviewStore, Utterance, review_store
from wenzhu.evidence.errors import StoreFailed
from wenzhu.knowledge.paths import DATA
from wenzhu.review.labels import Refused, checked
from wenzhu.review.training_file import append
from wenzhu.understanding.examples import CONTEXTS, LOAN_STATES, ROLES

FOLDER = DATA / "nlu"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 is well, 1 refused, 2 a database that will not open."""
    given = _parser().parse_args(arguments)
    try:
        store = review_store()
        if given.command == "list":
            return _list(store)
        return _decide(store, given)
    except Refused as error:
        _say(f"✗ {error}")
        return 1
    except StoreFailed as error:
        _say(f"✗ {error}")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wenzhu.review", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    accept = commands.add_parser("accept")
    accept.add_argument("id", type=int)
    accept.add_argument("--intent", required=True)
    accept.add_argument(
        "--context",
        choices=[*CONTEXTS, "none"],
        help="the question that was open; as it was, unless given",
    )
    accept.add_argument("--has-loan", choices=LOAN_STATES)
    accept.add_argument("--other-has-loan", choices=LOAN_STATES)
    accept.add_argument("--role", choices=ROLES)
    accept.add_argument("--fears", help="several with commas: arrest,lawsuit")
    accept.add_argument("--fears-denied", help="several with commas")
    commands.add_parser("drop").add_argument("id", type=int)
    return parser


def _list(store: ReviewStore) -> int:
    waiting = store.all()
    for one in waiting:
        read = json.dumps(one.understood, ensure_ascii=False)
        _say(f"{one.id}\t{one.why}\t{one.context or '-'}\t{one.text}\t{read}")
    _say(f"{len(waiting)} waiting")
    return 0


def _decide(store: ReviewStore, given: argparse.Namespace) -> int:
    found = {one.id: one for one in store.all()}.get(given.id)
    if found is None:
        raise Refused(f"nothing waits under {given.id}; see list")
    if given.command == "accept":
        labels = _labels(found, given)
        checked(found.text, given.intent, labels)
        path = append(FOLDER, found.text, given.intent, labels)
        _say(f"appended to {path.name}; train to have it learnt")
    store.remove(found.id)
    if given.command == "drop":
        _say(f"dropped {found.id}")
    return 0


def _labels(found: Utterance, given: argparse.Namespace) -> dict[str, Any]:
    asked = found.context if found.context in CONTEXTS else None
    context = given.context or asked
    labels = {
        "context": None if context == "none" else context,
        "has_loan": given.has_loan,
        "other_has_loan": given.other_has_loan,
        "role": None if given.role == "self" else given.role,
        "fears": sorted({*(given.fears or "").split(",")} - {""}),
        "fears_denied": sorted({*(given.fears_denied or "").split(",")} - {""}),
    }
    return {name: value for name, value in labels.items() if value}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
