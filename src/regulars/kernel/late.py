"""Packages whose names are loaded when they are first asked for: most processes ask for few of them.

if TYPE_CHECKING:
    from regulars.areas.hats.actions.selling import sell as sell
else:
    __getattr__ = late(__name__, {"selling": ("sell",)})
"""

import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any

_LATE: list[tuple[Callable[[str], Any], Collection[str]]] = []


def late(package: str, shelves: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A package's `__getattr__`. `shelves` says which of its modules has what; `X as Y` is known here as Y."""
    parted = [(shelf, name.partition(" as ")) for shelf, names in shelves.items() for name in names]
    homes = {known or own: (shelf, own) for shelf, (own, _as, known) in parted}

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        shelf, own = homes[name]
        value = getattr(import_module(f"{package}.{shelf}"), own)
        setattr(sys.modules[package], name, value)
        return value

    _LATE.append((found, homes))
    return found


def load() -> None:
    """All of them now, for a process that is going to be forked: what it has, its children share."""
    for found, names in _LATE:  # grows meanwhile
        for name in names:
            found(name)
