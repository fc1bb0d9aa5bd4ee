"""Decides, per Rasa module, who loads it: Python, a mend or a stand-in."""

from __future__ import annotations

import os
import zlib
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec as find_installed
from importlib.util import spec_from_loader
from typing import TYPE_CHECKING

from wenzhu_runtime import mends, stand_ins, surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

SKIP = (
    "WENZHU_RUNTIME_SKIP"  # names of mends or stood-in modules to leave out, or "all"
)


@cache
def skipped() -> frozenset[str]:
    """Return the names that the environment asks to leave alone."""
    return frozenset(filter(None, os.environ.get(SKIP, "").split(",")))


def is_skipped(name: str) -> bool:
    """Tell whether a mend or stand-in is switched off."""
    return name in skipped() or "all" in skipped()


@cache
def is_installed(package: str) -> bool:
    """Tell whether a package can be imported, without importing it."""
    try:
        return find_installed(package) is not None
    except ModuleNotFoundError:  # a sub-package of something absent
        return False


def find_spec(
    fullname: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    """Return the spec of a module that is stood in or mended, else nothing."""
    surroundings.prepare()
    stand_in = stand_ins.STAND_INS.get(fullname)
    if stand_in and not is_skipped(fullname) and not is_installed(stand_in.package):
        return spec_from_loader(fullname, stand_ins.StandInLoader(fullname, stand_in))

    active = mends.active(fullname, is_skipped)
    if not active:
        return None
    spec = PathFinder.find_spec(fullname, path, target)
    if spec and isinstance(spec.loader, SourceFileLoader) and spec.origin:
        spec.loader = MendedLoader(fullname, spec.origin, active)
    return spec


class MendedLoader(SourceFileLoader):
    """Loads a module from its source with some lines edited.

    The compiled result is kept beside Python's own, under another name: its stamp
    mixes in the edits, so that it is thrown away when a mend changes.
    """

    def __init__(self, name: str, path: str, edits: Sequence[mends.Mend]) -> None:
        """Remember the edits and their digest."""
        super().__init__(name, path)
        self.edits = edits
        self.stamp = zlib.crc32(mends.signature(edits))

    def get_data(self, path: str) -> bytes:
        """Return the edited source, or the compiled form that belongs to it."""
        if path != self.path:
            return super().get_data(self._own(path))
        source = super().get_data(path).decode("utf-8")
        for mend in self.edits:
            source = mend.apply(source)
        return source.encode("utf-8")

    def path_stats(self, path: str) -> dict[str, float]:  # type: ignore[override]
        """Return the file's stamp mixed with that of the edits."""
        stats = dict(super().path_stats(path))
        stats["mtime"] = int(stats["mtime"]) ^ self.stamp
        return stats

    def set_data(self, path: str, data: bytes, *, _mode: int = 0o666) -> None:
        """Keep the compiled form under its own name."""
        super().set_data(self._own(path), data, _mode=_mode)

    @staticmethod
    def _own(path: str) -> str:
        return path.replace(".pyc", ".wenzhu.pyc")
