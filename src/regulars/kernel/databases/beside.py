"""Working on a database beside the house's own: the same code, aimed at a copy that nobody else has opened.

While it lasts nothing is said outside the database in its name: no head is signed (`at_work`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_AIMED: set[str] = set()


@contextmanager
def working_on(connection: Any, target: Path | str) -> Iterator[None]:
    """This connection speaks to the file `target`, or on PostgreSQL to the schema of that name, and then to the house
    again. Not inside a transaction."""
    settings = connection.settings_dict
    before = {"NAME": settings["NAME"], "OPTIONS": settings["OPTIONS"]}
    connection.close()
    if isinstance(target, Path):
        settings["NAME"] = str(target)
    else:
        settings["OPTIONS"] = {**before["OPTIONS"], "options": f"-c search_path={target}"}
    _AIMED.add(connection.alias)
    try:
        yield
    finally:
        connection.close()
        settings.update(before)
        _AIMED.discard(connection.alias)


def at_work(connection: Any) -> bool:
    """Whether this connection speaks to a database beside the house's own."""
    return connection.alias in _AIMED
