#!/usr/bin/env python3
"""Check an unpacked export: python3 verify.py [folder]. Needs only Python itself.

核对一份导出的证据：解压后，在这个文件夹里运行 python3 verify.py。
Every file must have the SHA-256 in manifest.json, and every item must be tied to the
one before it; the first item that fails is named. Exit status 0: all as it was kept.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

LINKED = (
    "number",
    "kind",
    "source",
    "media_type",
    "about",
    "corrects",
    "captured_at",
    "sha256",
    "size",
)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def fault(folder: Path, manifest: dict[str, Any]) -> str | None:
    """The first item that fails and why, or None."""
    before = manifest["start"]
    for place, item in enumerate(manifest["items"], start=1):
        name = f"第 {place} 条 item {place}"
        fields = {key: item[key] for key in LINKED}
        text = json.dumps(
            fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        link = hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
        if item["number"] != place:
            return f"{name}: 顺序不对 it is missing or moved"
        if link != item["link"]:
            return f"{name}: 说明或顺序被改过 its description or place was changed"
        path = folder / "originals" / Path(item["file"]).name
        if not path.is_file():
            return f"{name}: 文件不在 the file is missing: {path.name}"
        if digest_of(path) != (item["sha256"], item["size"]):
            return f"{name}: 内容和 SHA-256 不符 the content was changed: {path.name}"
        before = link
    if before != manifest["head"]:
        return "末尾少了条目 items are missing at the end"
    return stamp_fault(folder, manifest)


def stamp_fault(folder: Path, manifest: dict[str, Any]) -> str | None:
    """The first time stamp that is of another chain, or None.

    Its signature is for others to check: the index says how, with OpenSSL.
    """
    links = {item["number"]: item["link"] for item in manifest["items"]}
    for stamp in manifest["timestamps"]:
        name = f"第 {stamp['number']} 条 item {stamp['number']}"
        path = folder / "timestamps" / Path(stamp["file"]).name
        if not path.is_file():
            return f"{name}: 时间戳不在 its time stamp is missing: {path.name}"
        link = str(stamp["link"])
        stamped = hashlib.sha512(link.encode()).digest() in path.read_bytes()
        if not stamped or links.get(stamp["number"]) != link:
            return f"{name}: 时间戳对不上 its time stamp is of another chain"
    return None


def main() -> int:
    """Check the folder given, or the one this file lies in."""
    given = sys.argv[1:]
    folder = Path(given[0]) if given else Path(__file__).resolve().parent
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = fault(folder, manifest)
    count = len(manifest["items"])
    line = f"✗ {found}" if found else f"✓ {count} 条都和存下时一样 all {count} as kept"
    sys.stdout.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
