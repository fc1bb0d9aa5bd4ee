"""Build the table that turns our simplified copy into traditional characters.

Run it when copy or facts change (``make tables``). OpenCC is needed here only: the
bot reads the table. Characters with one traditional form are converted one by one;
where OpenCC chooses by context, the words around are kept as exceptions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opencc
import yaml

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "wenzhu" / "text" / "tables" / "traditional.json"
REACH = 2


def strings(node: Any) -> list[str]:
    """Every string inside a YAML document."""
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node
    if isinstance(node, dict | list):
        return [text for child in children for text in strings(child)]
    return []


def main() -> None:
    """Write the table."""
    convert = opencc.OpenCC("s2t").convert
    texts: list[str] = []
    for folder in ("data/responses", "knowledge/facts", "knowledge/guidance"):
        for path in sorted((ROOT / folder).glob("*.yml")):
            texts += strings(yaml.safe_load(path.read_text(encoding="utf-8")))
    characters = {
        c: t
        for c in sorted(set("".join(texts)))
        if (t := convert(c)) != c and len(t) == 1
    }
    table = str.maketrans(characters)
    phrases: dict[str, str] = {}
    for text in texts:
        wanted, plain = convert(text), text.translate(table)
        if len(wanted) != len(plain):
            continue
        for at, (good, got) in enumerate(zip(wanted, plain, strict=True)):
            if good != got:
                start, end = max(0, at - 1), min(len(text), at + REACH)
                phrases[text[start:end]] = wanted[start:end]
    TARGET.write_text(
        json.dumps(
            {"characters": characters, "phrases": dict(sorted(phrases.items()))},
            ensure_ascii=False,
            indent=0,
        ),
        encoding="utf-8",
    )
    print(f"{len(characters)} characters, {len(phrases)} phrases")


if __name__ == "__main__":
    main()
