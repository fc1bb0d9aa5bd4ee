"""A process that adds items and says so, until it is killed.

python -m tests.unit.evidence.adder DATABASE FOLDER
"""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path

from tests.unit.evidence.databases import settings_of
from wenzhu.adapters.evidence_store import EvidenceStore
from wenzhu.evidence.records import Draft


def main() -> None:
    """Add for ever; a line on standard output is the acknowledgement."""
    store = EvidenceStore(settings_of(Path(sys.argv[2]), sys.argv[1]))
    chance = random.Random()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        content = chance.randbytes(chance.choice((20, 3_000, 400_000)))
        item = store.add("me", Draft("file", "sent"), content)
        sys.stdout.write(f"{item.number} {hashlib.sha256(content).hexdigest()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
