"""Names that are imported when they are first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Lazy:
    """Stands for a module, or one name of it, until something is asked of it."""

    def __init__(self, module: str, name: str = "") -> None:
        """Remember what to import.

        Args:
            module: the module's full name.
            name: a name inside it; the module itself without one.
        """
        self._module = module
        self._name = name

    def _real(self) -> Any:
        module = import_module(self._module)
        return getattr(module, self._name) if self._name else module

    def __getattr__(self, name: str) -> Any:
        """Hand the question to the real thing."""
        return getattr(self._real(), name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the real thing."""
        return self._real()(*arguments, **named)
