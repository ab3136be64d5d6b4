"""A copy read as if it were the house, by this process's connection, for proving it. The house is not touched."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from regulars.kernel import crypto, databases, places
from regulars.kernel.databases import copying


@contextmanager
def read_instead(connection: Any, copied: Path) -> Iterator[None]:
    """Within it this connection reads the copy. For a process of its own, which reads nothing else afterwards.

    An archive of PostgreSQL is brought back into a database of its own, which is dropped at the end, also those that a
    killed process has left. Raises `Refused` where it does not come back whole.
    """
    connection.close()
    before = connection.settings_dict["NAME"]
    with _on_file(connection, copied) if databases.is_file(connection) else _restored(connection, copied):
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


def may_restore(connection: Any) -> bool:
    """Whether a copy can be read like the house at all: on PostgreSQL the role must be allowed to make a database."""
    if databases.is_file(connection):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@contextmanager
def scratch(connection: Any, copied: Path) -> Iterator[str]:
    """A database of its own on the same PostgreSQL, holding what the archive holds; its name. For as long as it is
    used, this connection holds the advisory lock of its name: several may prove at once."""
    name = f"{_prefix()}{crypto.random_bytes(4).hex()}"
    with connection.cursor() as cursor:
        _drop_leftovers(connection, cursor)
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        copying.fill(connection, name, copied)
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@contextmanager
def _on_file(connection: Any, copied: Path) -> Iterator[None]:
    connection.reads_copy, connection.settings_dict["NAME"] = True, str(copied)
    try:
        yield
    finally:
        connection.reads_copy = False


@contextmanager
def _restored(connection: Any, copied: Path) -> Iterator[None]:
    """The scratch database is made and dropped over a second connection; ours reads it."""
    beside = connection.copy()
    try:
        with scratch(beside, copied) as name:
            connection.settings_dict["NAME"] = name
            yield
            connection.close()
    finally:
        beside.close()


def _prefix() -> str:
    return f"regulars_proof_{places.home_id()}_"


def _drop_leftovers(connection: Any, cursor: Any) -> None:
    """Those of killed processes: their connection is gone, and the lock of the name with it."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix()])
    for (name,) in cursor.fetchall():
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if cursor.fetchone()[0]:
            with contextlib.suppress(connection.Database.Error):
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
