"""What Rasa uses of ``pkg_resources``, which setuptools no longer has."""

from __future__ import annotations

from importlib import import_module, metadata
from pathlib import Path


def resource_filename(module: str, path: str) -> str:
    """Return where a file lies that belongs to a package or a module's package."""
    found = import_module(module)
    folders = getattr(found, "__path__", None)
    folder = Path(next(iter(folders))) if folders else Path(str(found.__file__)).parent
    return str(folder / path.lstrip("/"))


def get_distribution(name: str) -> metadata.Distribution:
    """Return an installed distribution; Rasa asks for its ``version``."""
    return metadata.distribution(name)
