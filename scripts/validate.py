"""Rasa's own check of the data, with meaning: ``make validate``.

``rasa data validate`` warns of two things that are right here, and would fail on them
or else on nothing. Both are left out, and looked after elsewhere; any other warning or
error fails.
"""

from __future__ import annotations

import re
import subprocess
import sys

COMMAND = (sys.executable, "-m", "rasa", "data", "validate", "--max-history", "5")
RIGHT_HERE = (
    # said by an action or the gate; tests/contract finds the ones that nobody says
    r"The utterance '\w+' is not used in any story or rule\.",
    # read in the light of the open question; training refuses two in the same light
    r"The example '.+' was found labeled with multiple different intents",
)
COLOUR = re.compile(r"\x1b\[\d*m")
LOUD = re.compile(r"Warning: (?P<warning>.*)|(?P<line>.*\b(?:WARNING|ERROR)\b.*)")


def complaints(output: str) -> list[str]:
    """Every warning and error of the output that is not right here."""
    found = []
    for line in COLOUR.sub("", output).splitlines():
        if loud := LOUD.search(line):
            text = loud["warning"] or loud["line"]
            if not any(re.search(known, text) for known in RIGHT_HERE):
                found.append(text.strip())
    return found


def main() -> None:
    """Run the check; the whole output is shown when it fails."""
    done = subprocess.run(
        COMMAND,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    found = complaints(done.stdout)
    if done.returncode or found:
        raise SystemExit(
            "\n".join([*found, "", f"✗ rasa data validate ({done.returncode})"])
            if found
            else f"{done.stdout}\n✗ rasa data validate ({done.returncode})"
        )
    known = len(re.findall("|".join(RIGHT_HERE), done.stdout))
    print(f"✓ rasa data validate: 没有问题 clean ({known} known remarks left out)")


if __name__ == "__main__":
    main()
