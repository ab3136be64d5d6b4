"""The two databases, and everything in which they differ. `if sqlite` stands nowhere else in the house.

SQLite comes through SQLCipher (`databases.sqlcipher`), PostgreSQL 15 or newer by `REGULARS_DATABASE_URL`
(`databases.postgres`). Values written past the ORM go through `adapter`, so that both keep the same ones.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from regulars.kernel.databases import beside
from regulars.kernel.databases.fields import KeyField
from regulars.kernel.errors import Refused

__all__ = [
    "KeyField",
    "adapt",
    "adapter",
    "among",
    "analyse",
    "bulk_insert",
    "bulk_writing",
    "by_indexes",
    "can_write",
    "columns",
    "each_of",
    "fold_sql",
    "is_file",
    "is_true",
    "keeping_pages",
    "quick_integrity",
    "scrub",
    "small_cache",
    "tidy",
    "writer_lock",
]

_MANY, _SHORT = 50, 40  # rows from which it is worth looking for what all have in common; signs of a text that all have
WRITER = 0x5245_4755  # the advisory lock of the house's one writer


def is_file(connection: Any) -> bool:
    """Whether the house lies in one encrypted file of its own (and not in PostgreSQL)."""
    return bool(connection.vendor == "sqlite")


def writer_lock(connection: Any) -> None:
    """Waits until this transaction is the house's only writer, until it ends. To be called first in a deed.

    On SQLite the transaction is that already (`BEGIN IMMEDIATE`); in a database that is built beside the house's nobody
    else is.
    """
    if not is_file(connection) and not beside.at_work(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER])


def bulk_insert(connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts many rows at the database's own speed: database-ready values (`adapter`), in the order of `columns`."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    target = connection.ops.quote_name(table)
    if is_file(connection):
        marks, rows = _said_once(rows, len(columns))
        with connection.wrap_database_errors:
            connection.ensure_connection()
            connection.connection.executemany(f"INSERT INTO {target} ({names}) VALUES ({marks})", rows)
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _said_once(rows: Iterable[Sequence[Any]], width: int) -> tuple[str, Iterable[Sequence[Any]]]:
    """What stands behind VALUES, and the rows without what is the same in all: handing a value over takes longer than
    the statement takes to know it, and most columns of most tables are empty throughout."""
    rows = list(rows)
    if len(rows) < _MANY:
        return ", ".join("?" * width), rows
    across = list(zip(*rows, strict=True))
    same = [_is_plain(column[0]) and column.count(column[0]) == len(rows) for column in across]
    if all(same):
        return ", ".join("?" * width), rows
    marks = ", ".join(_literal(column[0]) if once else "?" for column, once in zip(across, same, strict=True))
    return marks, zip(*(column for column, once in zip(across, same, strict=True) if not once), strict=True)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) < _SHORT and value.isascii() and value.isprintable()
    return value is None or (isinstance(value, int) and value in (0, 1))


def _literal(value: str | int | None) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(int(value))


def among(connection: Any, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column (quoted) has one of these texts or whole numbers, however many, in one parameter."""
    if is_file(connection):
        import orjson

        return f"{column} IN (SELECT value FROM json_each(%s))", [orjson.dumps(list(values)).decode()]
    return f"{column} = ANY(%s)", [list(values)]


def each_of(connection: Any, numbers: Sequence[int]) -> tuple[str, list[Any]]:
    """The same whole numbers as rows of a subquery."""
    if is_file(connection):
        import orjson

        return "SELECT value FROM json_each(%s)", [orjson.dumps(list(numbers)).decode()]
    return "SELECT unnest(%s::bigint[])", [list(numbers)]


def adapter(connection: Any, field: Any) -> Callable[[Any], Any] | None:
    """How a Python value of this model field becomes the one kept in the database; None where it is kept as it is.

    Moments are aware UTC, dates plain; JSON is text on the wire of both.
    """
    kind = field.get_internal_type()
    if kind == "JSONField":
        return _json
    if is_file(connection):
        return _ON_FILE.get(kind)
    return None


def adapt(connection: Any, field: Any, value: Any) -> Any:
    """One value as `adapter` gives it."""
    turn = adapter(connection, field)
    return value if turn is None else turn(value)


def fold_sql(sql: str) -> str:
    """The SQL of a text folded as `kernel.text.fold` does it. Slow over many rows: where one asks often, keep a key."""
    return f"house_fold({sql})"


def is_true(sql: str) -> str:
    """The condition that a yes/no column is yes, written so that a partial index over it is used."""
    return f"({sql})"


IMPORT_CACHE = 192 << 10  # KiB of pages a bulk writer keeps, so that all of an import stays under 600 MB


@contextmanager
def bulk_writing(connection: Any) -> Iterator[None]:
    """For an import: the file's write-ahead log is brought home after every 64 MB instead of every 4 MB."""
    if not is_file(connection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 16000")
    try:
        with keeping_pages(connection, IMPORT_CACHE):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 1000")
            if not connection.in_atomic_block:  # a log that somebody still reads is brought home later
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


@contextmanager
def by_indexes(connection: Any) -> Iterator[None]:
    """For a long deed, which looks for a few keys in each transaction: PostgreSQL knows little yet of tables that fill
    at this moment and would read them whole, ever longer. Within it an index is used where there is one."""
    if is_file(connection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # of a connection that was lost it went as well
            cursor.execute("RESET enable_seqscan")


@contextmanager
def keeping_pages(connection: Any, kib: int) -> Iterator[None]:
    """Within it so many KiB of a file's pages are kept in memory at most; what is there above that goes at once."""
    if not is_file(connection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{int(kib)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")


def small_cache(connection: Any) -> None:
    """For one of several processes that each read through the whole register once: what is kept would not be used."""
    if is_file(connection):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -32768")


def analyse(connection: Any) -> None:
    """Brings the planner's statistics up to date; for after an import and once a night."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000") if is_file(connection) else None
        cursor.execute("PRAGMA optimize = 0x10002" if is_file(connection) else "ANALYZE")


def tidy(connection: Any) -> None:
    """Once a night: the log of writes is brought home and emptied, dead rows go, the planner's statistics are renewed.
    Nothing of what was erased during the day stays in any of them."""
    if not is_file(connection) and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        return
    analyse(connection)
    if is_file(connection):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scrub(connection: Any) -> None:
    """After something was erased: nothing of it stays in the file's log. PostgreSQL's dead rows go at night."""
    if connection.in_atomic_block or not is_file(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 200")  # whoever still reads keeps the log; the night empties it
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")


def can_write(connection: Any) -> bool:
    """Whether a write would be kept now: takes the write lock and leaves it, changing nothing."""
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("UPDATE kernel_job SET id = id WHERE id = -1")
    except (DatabaseError, OSError, Refused):
        return False
    return True


def columns(connection: Any, table: str) -> set[str]:
    """The names of a table's columns, of a table that is there. Django's own introspection reads the statements that
    made the table as well; for all tables that takes a second, this a hundredth."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")
        return {each[0] for each in cursor.description}


def quick_integrity(connection: Any) -> list[str]:
    """What is rotten in the database's own pages, a sentence each; empty when all can be read and is authentic."""
    return _rotten_pages(connection) if is_file(connection) else _rotten_tables(connection)


def _rotten_pages(connection: Any) -> list[str]:
    first = _checked(connection, "PRAGMA cipher_integrity_check")
    # A checkpoint may have written the very page that was being read, or the power was cut while it did: then the log
    # has the page whole and brings it home. What is rotten is rotten twice.
    if first and not connection.in_atomic_block:
        _checked(connection, "PRAGMA wal_checkpoint(PASSIVE)")
    rotten = [line for line in _checked(connection, "PRAGMA cipher_integrity_check") if line in first] if first else []
    return rotten or [line for line in _checked(connection, "PRAGMA quick_check") if line != "ok"]


def _rotten_tables(connection: Any) -> list[str]:
    from django.db import DatabaseError

    problems = []
    for table in connection.introspection.table_names():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        except DatabaseError as error:
            problems.append(_("Table %(table)s cannot be read: %(reason)s") % {"table": table, "reason": error})
    return problems


def _checked(connection: Any, pragma: str) -> list[str]:
    from django.db import DatabaseError

    try:
        with connection.cursor() as cursor:
            cursor.execute(pragma)
            return [str(row[0]) for row in cursor.fetchall()]
    except DatabaseError as error:
        return [str(error)]


def _json(value: Any) -> Any:
    import orjson

    return None if value is None else orjson.dumps(value).decode()


def _moment(value: Any) -> Any:
    return None if value is None else str(value.replace(tzinfo=None))


def _day(value: Any) -> Any:
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else value


def _decimal(value: Any) -> Any:
    return None if value is None else str(value)


_ON_FILE: dict[str, Callable[[Any], Any]] = {"DateTimeField": _moment, "DateField": _day, "DecimalField": _decimal}
