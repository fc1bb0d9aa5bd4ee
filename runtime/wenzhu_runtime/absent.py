"""Names that Rasa imports from packages that may be absent."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from wenzhu_runtime.stand_ins import stand_in_class


def optional(module: str, name: str) -> Any:
    """Return a name from a package, or a class that says which package is absent."""
    try:
        return getattr(import_module(module), name)
    except ImportError:
        return stand_in_class(name, module, module.partition(".")[0])


def optional_error(module: str, name: str) -> type[BaseException]:
    """Return an exception of a package, or one that is never raised."""
    try:
        return getattr(import_module(module), name)  # type: ignore[no-any-return]
    except ImportError:
        return type(name, (Exception,), {"__module__": module})


def no_sentry(event_level: int | None = None) -> Any:
    """Return a structlog processor that hands each entry on as it is."""
    return lambda logger, method, entry: entry
