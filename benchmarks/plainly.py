"""What a hand-written loop does to write rows: `executemany`, and nothing thought about it."""

from collections.abc import Iterable, Sequence
from typing import Any


def executemany(connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Each value of each row handed over to an INSERT of SQLite."""
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    connection.ensure_connection()
    connection.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
