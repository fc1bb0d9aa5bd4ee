"""Runs a graph of functions in one thread: what Rasa uses of the package ``dask``.

Rasa asks dask for nothing but this, and dask's own planning is a fifth of a turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def get(graph: Mapping[str, Any], targets: Sequence[str]) -> tuple[Any, ...]:
    """Return the values of some nodes, each node computed at most once.

    Args:
        graph: per node either ``(function, *names of nodes)`` or plain data.
        targets: the nodes that are wanted, in this order.
    """
    values: dict[str, Any] = {}

    def value(name: str) -> Any:
        if name not in graph:
            return name  # dask, too, hands on a word that names no node
        if name not in values:
            node = graph[name]
            is_task = isinstance(node, tuple) and node and callable(node[0])
            values[name] = node[0](*map(value, node[1:])) if is_task else node
        return values[name]

    return tuple(value(target) for target in targets)
