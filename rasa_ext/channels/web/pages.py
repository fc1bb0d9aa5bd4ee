"""The files of the widget, as ``npm run build`` left them in ``web/dist``."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wenzhu.settings import ROOT

DIST = ROOT / "web" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}
SQUEEZED = ("text/", "application/manifest+json", "image/svg+xml")
NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>稳住</title>
<p>网页还没有生成。装好 Node.js 20 以上，再运行 <code>make run</code>，
或在 <code>web/</code> 里运行 <code>npm ci &amp;&amp; npm run build</code>。</p>
<p lang="en">The widget is not built:
install Node.js 20 or later, then <code>make run</code>.</p>
</html>
"""


@dataclass(frozen=True)
class Page:
    """A file as it is sent."""

    content: bytes
    squeezed: bytes | None
    media_type: str
    cached: str
    tag: str


def page(name: str, folder: Path = DIST) -> Page | None:
    """A file of the widget by its name below the channel; none if there is none."""
    if not (folder / "index.html").is_file() and name in ("", "index.html"):
        content = NOT_BUILT.encode()
        return Page(content, None, "text/html; charset=utf-8", ASK_AGAIN, "")
    if name.startswith("."):
        return None
    try:
        path = (folder / (name or "index.html")).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
        return _read(path, path.stat().st_mtime_ns, name.startswith("assets/"))
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, is_asset: bool) -> Page:
    content = path.read_bytes()
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = media_type or "application/octet-stream"
    is_text = media_type.startswith(SQUEEZED)
    return Page(
        content,
        gzip.compress(content, mtime=0) if is_text else None,
        f"{media_type}; charset=utf-8" if is_text else media_type,
        FOR_EVER if is_asset else ASK_AGAIN,
        f'"{hashlib.sha256(content).hexdigest()[:24]}"',
    )
