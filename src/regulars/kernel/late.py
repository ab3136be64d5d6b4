"""Packages whose names are loaded when they are first asked for: most processes ask for few of them.

if TYPE_CHECKING:  # read by type checkers, and by `late` to know where a name is
    from regulars.areas.hats.actions.selling import sell
else:
    __getattr__ = late(__name__)
"""

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_LATE: list["_Late"] = []


def late(package: str) -> Callable[[str], Any]:
    """A package's `__getattr__`: its names are those that it imports where it says `if TYPE_CHECKING:`."""
    its = _Late(package)
    _LATE.append(its)
    return its.find


class _Late:
    """The names of one package; its source is read when the first of them is asked for."""

    def __init__(self, package: str) -> None:
        self.package = package
        self._homes: dict[str, tuple[str, str]] | None = None

    @property
    def homes(self) -> dict[str, tuple[str, str]]:
        """By name, the module that has it, and what it is called there."""
        if self._homes is None:
            spec = find_spec(self.package)
            source = getattr(spec and spec.loader, "get_source", lambda _name: None)(self.package)
            if source is None:
                raise ImportError(f"{self.package} cannot be read: its names are written there.")
            self._homes = dict(_imported(ast.parse(source)))
        return self._homes

    def find(self, name: str) -> Any:
        if name not in self.homes:
            raise AttributeError(f"module {self.package!r} has no attribute {name!r}")
        module, own = self.homes[name]
        value = getattr(import_module(module), own)
        setattr(sys.modules[self.package], name, value)
        return value


def _imported(source: ast.Module) -> Any:
    for part in source.body:
        if isinstance(part, ast.If) and isinstance(part.test, ast.Name) and part.test.id == "TYPE_CHECKING":
            for each in part.body:
                if isinstance(each, ast.ImportFrom) and each.module and not each.level:
                    for told in each.names:
                        yield told.asname or told.name, (each.module, told.name)


def load() -> None:
    """All of them now, for a process that is going to be forked: what it has, its children share."""
    for package in _LATE:  # grows meanwhile
        for name in package.homes:
            package.find(name)
