"""Whole numbers laid aside for the time of a work: a table of this connection alone, in memory, kept nowhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from regulars.kernel.databases import is_file


@contextmanager
def laid_aside(connection: Any, name: str, columns: Sequence[str]) -> Iterator[None]:
    """Within it there is an empty table of this name with these columns, in which no row can stand twice. What a
    transaction writes into it goes with the transaction."""
    typed = ", ".join(f"{column} bigint NOT NULL" for column in columns)
    rows = "WITHOUT ROWID" if is_file(connection) else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({typed}, PRIMARY KEY ({', '.join(columns)})) {rows}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
