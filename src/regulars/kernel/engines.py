"""Where a connection to DuckDB is opened, limited and locked down: in memory alone, no file, no extension, no network.

What lies in it is a copy of people's data: nothing of it may reach a disk, so that a question too large for the memory
ends in an error instead of a file.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "1200MB"  # a million cards are compared in this


def open_duckdb(*, memory: str = MEMORY, threads: int | None = None) -> "DuckDBPyConnection":
    """An empty database in memory. Its settings cannot be changed any more. To be closed."""
    import duckdb  # heavy, and only for whoever asks

    database = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": threads or min(4, os.cpu_count() or 1),
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,
        },
    )
    database.execute("ATTACH ':memory:' AS packed (COMPRESS)")  # texts take a quarter of the room
    database.execute("USE packed")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database
