"""What lies in DuckDB never reaches a disk, and its limits cannot be lifted."""

from pathlib import Path

import duckdb
import pytest

from regulars.kernel.engines import open_duckdb


def test_neither_files_nor_extensions_nor_another_database(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    database = open_duckdb()
    try:
        for asked in (
            f"SELECT * FROM read_csv('{tmp_path}/list.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/other.db'",
            "INSTALL httpfs",
            "SET memory_limit = '90GB'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(asked)
    finally:
        database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_what_is_too_large_ends_in_an_error_and_no_file() -> None:
    database = open_duckdb(memory="20MB", threads=1)
    try:
        with pytest.raises(duckdb.OutOfMemoryException):
            database.execute("CREATE TABLE large AS SELECT range AS n, md5(range::text) AS t FROM range(3000000)")
    finally:
        database.close()
