"""Puts SQLCipher in the place of Python's own SQLite before Django's engine is imported, and refuses an unsafe one.

Only Django's engine gets it: `sys.modules` is as before afterwards, so other libraries keep the module they know.
"""

import ctypes
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

_MEMSTATUS = 9  # SQLITE_CONFIG_MEMSTATUS, sqlite.org/c3ref/c_config_covering_index_scan.html
# SQLite 3.7.0 to 3.51.2 can lose commits in WAL mode when two connections meet at a reset; fixed in these lines.
FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def fixed(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset race."""
    return version >= FIXED[0] or any(line[:2] == version[:2] and version >= line for line in FIXED[1:])


def checked() -> Any:
    """The module `sqlcipher3`. Raises `Refused` for a library that loses data or enciphers nothing."""
    import sqlcipher3.dbapi2 as library  # type: ignore[import-untyped]

    if not fixed(library.sqlite_version_info):
        raise Refused(
            _("SQLite %(version)s can lose confirmed data. Install a newer sqlcipher3 (SQLite 3.51.3 or later).")
            % {"version": library.sqlite_version}
        )
    _uncounted()
    with _closing(library.connect(":memory:")) as connection:
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise Refused(_("This sqlcipher3 enciphers nothing. Install the package sqlcipher3 as published."))
    return library


@cache
def _uncounted() -> None:
    """Has SQLite no longer count every piece of memory it takes and gives back, under one lock for all of a process's
    connections: nobody asks for the figures, and a list that comes in takes a twenty-fifth more of the processor for
    them. Before the first connection, once. A build that shows no such function goes on counting."""
    from sqlcipher3 import _sqlite3 as built

    with suppress(OSError, AttributeError):
        functions = ctypes.CDLL(built.__file__)
        configure, shut, begin = functions.sqlite3_config, functions.sqlite3_shutdown, functions.sqlite3_initialize
        configure.argtypes = [ctypes.c_int]  # what follows it are variable arguments
        shut()
        configure(_MEMSTATUS, 0)
        begin()


def django_engine() -> Any:
    """Django's own `sqlite3.base`, working on SQLCipher."""
    import sqlcipher3

    library = checked()
    names = {"sqlite3": sqlcipher3, "sqlite3.dbapi2": library}
    before = {name: sys.modules.get(name) for name in names}
    for name in [name for name in sys.modules if name.startswith("django.db.backends.sqlite3")]:
        del sys.modules[name]  # imported earlier, on Python's own SQLite
    sys.modules.update(names)
    try:
        return import_module("django.db.backends.sqlite3.base")
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name)
            else:
                sys.modules[name] = module


def _closing(connection: Any) -> Any:
    from contextlib import closing

    return closing(connection)
