"""Lets Rasa 3.6.21 run on today's libraries and without those the bot never uses.

A line in the environment's site-packages (``wenzhu_runtime.pth``) calls
:func:`activate` at interpreter start, so that bare ``rasa …`` commands work too. It
costs one comparison per import until something imports Rasa.

- ``stand_ins``: modules inside Rasa that need an absent package, replaced as a whole.
- ``mends``: single lines inside Rasa, edited as the module is loaded.
- ``loading``: the import machinery for both.

``python -m wenzhu_runtime`` prints what is stood in and mended here. Only Rasa's own
modules are ever touched: no module called ``tensorflow`` is faked.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class RasaGate:
    """Meta-path finder that lets every import pass but those of Rasa."""

    @staticmethod
    def find_spec(
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Hand a Rasa module to the loading machinery, everything else on."""
        if not fullname.startswith("rasa"):
            return None
        from wenzhu_runtime import loading

        return loading.find_spec(fullname, path, target)


def activate() -> None:
    """Put the gate before Python's own finders, once."""
    if RasaGate not in sys.meta_path:
        sys.meta_path.insert(0, RasaGate)
