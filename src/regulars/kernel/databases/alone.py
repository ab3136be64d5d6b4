"""Nobody else at the database: for what moves or replaces the whole of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from regulars.kernel.databases import is_file, writer_lock
from regulars.kernel.errors import Refused

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""


@contextmanager
def alone(connection: Any) -> Iterator[None]:
    """One transaction in which nobody else is at the database. Raises `Refused` while others are.

    The file is closed to everybody until the connection is closed, which happens at the end. On PostgreSQL nobody
    writes meanwhile; who came in since the beginning is found at the end, and then all is as before.
    """
    if not is_file(connection):
        refuse_others(connection)
        with transaction.atomic(using=connection.alias):
            writer_lock(connection)
            _let_nobody_write(connection)
            yield
            refuse_others(connection)
        return
    _shut(connection)
    try:
        with transaction.atomic(using=connection.alias):
            yield
    finally:
        connection.close()


def refuse_others(connection: Any) -> None:
    """Raises `Refused` while others are connected. (Of a file `alone` finds it out by shutting it.)"""
    if is_file(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        (others,) = cursor.fetchone()
    if others:
        raise Refused(_in_use())


def _let_nobody_write(connection: Any) -> None:
    own = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = map(connection.ops.quote_name, own)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(f"LOCK TABLE {', '.join(sorted(quoted))} IN SHARE ROW EXCLUSIVE MODE")


def _shut(connection: Any) -> None:
    """The write-ahead log can only be left by the one connection there is; and it is needed to come in."""
    connection.close()
    connection.ensure_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 2000")
            cursor.execute("PRAGMA locking_mode = EXCLUSIVE")
            cursor.execute("PRAGMA journal_mode = DELETE")
            (mode,) = cursor.fetchone()
    except OperationalError as error:
        connection.close()
        if "locked" not in str(error):
            raise
        raise Refused(_in_use()) from error
    if mode != "delete":
        connection.close()
        raise Refused(_in_use())


def _in_use() -> str:
    return _("Others are at the database: a program, or `work` on another machine. End them, and try again.")
