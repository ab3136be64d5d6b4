"""A second database beside the one at work: where the register moves to, or lay before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from regulars.kernel.addresses import postgres
from regulars.kernel.databases import is_file, migrating
from regulars.kernel.errors import Refused

_ALIAS = "elsewhere"
_QUICK = ("journal_mode = DELETE", "journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF")


def on_server(url: str, called: str) -> dict[str, Any]:
    """The settings of a PostgreSQL database."""
    return {"ENGINE": "regulars.kernel.databases.postgres", **postgres(url, called)}


def on_file(path: Path) -> dict[str, Any]:
    """The settings of an enciphered file."""
    return {"ENGINE": "regulars.kernel.databases.sqlcipher", "NAME": path}


@contextmanager
def opened(settings: dict[str, Any]) -> Iterator[Any]:
    """A connection to it, closed afterwards. Raises `Refused` where it does not answer or is not fit for the house."""
    known = connections.configure_settings({"default": {}, _ALIAS: settings})
    connections.settings[_ALIAS] = known[_ALIAS]
    connection = connections[_ALIAS]
    try:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            told = {"reason": (str(error).strip() or type(error).__name__).splitlines()[0]}
            raise Refused(_("The database does not answer: %(reason)s") % told) from error
        yield connection
    finally:
        connection.close()
        del connections[_ALIAS]
        connections.settings.pop(_ALIAS)


def make_tables(connection: Any) -> None:
    """The tables of this program's version, empty."""
    write_quickly(connection)
    migrating.take_steps(connection)
    for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def drop_tables(connection: Any) -> None:
    """Takes away the house's own tables with everything in them; others that stand beside them stay."""
    own = {*connection.introspection.django_table_names(include_views=False), "django_migrations"}
    with connection.cursor() as cursor:
        for table in sorted(own & set(connection.introspection.table_names())):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def write_quickly(connection: Any) -> None:
    """For a file that nobody knows yet: nothing of it must outlive a power cut before it is whole and in its place.
    Migrations leave references checked, so it is to be said again after them."""
    if is_file(connection):
        with connection.cursor() as cursor:
            for pragma in _QUICK:
                cursor.execute(f"PRAGMA {pragma}")
