"""A database without its indexes and without what ties its tables together, while very many rows go in.

Made in one go over rows that are there, an index costs a tenth of what it costs row by row; and a reference is checked
once for all rows instead of once for each. Keys stay. What is put back is what the database itself said it had.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from regulars.kernel.databases import is_file

_TIES = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c
WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('u', 'f') AND c.conparentid = 0
ORDER BY c.contype DESC, 1, 2
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
_OF_THE_FILE = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"


@contextmanager
def bare(connection: Any) -> Iterator[None]:
    """Within it there are neither. To be used in a transaction, or on a file that nobody else knows: an error leaves
    them away. On the file references are not checked within; `loose_ends` does so afterwards."""
    putting_back = _from_file(connection) if is_file(connection) else _from_server(connection)
    yield
    with connection.cursor() as cursor:
        for statement in putting_back:
            cursor.execute(statement)


def loose_ends(connection: Any) -> list[str]:
    """The tables of the file in which a row points at nothing. (PostgreSQL has looked when the ties were put back.)"""
    if not is_file(connection):
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        return sorted({str(row[0]) for row in cursor.fetchall()})


def _from_server(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_TIES)
        ties = cursor.fetchall()
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        for table, name, _told in reversed(ties):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _told in indexes:
            cursor.execute(f"DROP INDEX {name}")
    return [told for _name, told in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {t}" for table, name, t in ties
    ]


def _from_file(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_THE_FILE)
        indexes = cursor.fetchall()
        for name, _told in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    return [told for _name, told in indexes]
