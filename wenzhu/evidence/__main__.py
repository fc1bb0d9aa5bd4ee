"""What an operator does with kept evidence.

python -m wenzhu.evidence verify                 check every case
python -m wenzhu.evidence sweep [--dry-run]      conversations and cases past their time
python -m wenzhu.evidence stamp                  have chains stamped (RFC 3161)
python -m wenzhu.evidence rotate-key             wrap every key with a new one
python -m wenzhu.evidence export SENDER FILE     the ZIP of one conversation

The database is the one in DATABASE_URL; `make run` uses .wenzhu/run.db.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from wenzhu.adapters import clock
from wenzhu.adapters.evidence_export import export
from wenzhu.adapters.evidence_store import EvidenceStore, evidence_store
from wenzhu.adapters.time_stamps import authority
from wenzhu.evidence.errors import StoreFailed
from wenzhu.settings import settings


def main() -> int:
    """Run one command; 0 is well, 1 a failed check, 2 a store that will not open."""
    parser = argparse.ArgumentParser(prog="wenzhu.evidence", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("verify")
    commands.add_parser("sweep").add_argument("--dry-run", action="store_true")
    commands.add_parser("stamp")
    commands.add_parser("rotate-key")
    exporting = commands.add_parser("export")
    exporting.add_argument("sender")
    exporting.add_argument("file", type=Path)
    given = parser.parse_args()
    try:
        store = evidence_store()
        if given.command == "verify":
            return _verify(store)
        if given.command == "sweep":
            return _sweep(store, given.dry_run)
        if given.command == "stamp":
            return _stamp(store)
        if given.command == "rotate-key":
            _say(f"{store.rotate()} keys are wrapped with the new service key")
            return 0
        return _export(store, given.sender, given.file)
    except StoreFailed as error:
        _say(f"✗ {error}")
        return 2


def _verify(store: EvidenceStore) -> int:
    checked, failed = 0, 0
    for held in store.all_cases():
        checked += 1
        failure = store.verify(held)
        if failure is not None:
            failed += 1
            _say(f"✗ case {held.id}: item {failure.number}: {failure.why}")
    _say(f"{checked} cases, {failed} failed")
    return 1 if failed else 0


def _sweep(store: EvidenceStore, dry_run: bool) -> int:
    swept = store.sweep(dry_run)
    verb = "would remove" if dry_run else "removed"
    _say(
        f"{verb} {swept.people} people, {swept.talks} talks, {swept.cases} cases, "
        f"{swept.links} links, {swept.orphans} files without a row"
    )
    return 0


def _stamp(store: EvidenceStore) -> int:
    named = authority(settings())
    if named is None:
        _say("no authority is set in WENZHU_TIMESTAMP_URL")
        return 2
    _say(f"{store.stamp(named)} chains were stamped")
    return 0


def _export(store: EvidenceStore, sender: str, path: Path) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in export(store, sender, clock.now()):
            file.write(piece)
    _say(f"{path}: {path.stat().st_size} bytes")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
