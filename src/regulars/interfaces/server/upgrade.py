"""The database brought to this program's version at start; one of a newer version is refused, not harmed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from regulars.interfaces.server.lock import HomeLock
from regulars.kernel import databases
from regulars.kernel.errors import Refused

_UPGRADER = databases.WRITER + 1


def bring_up_to_date() -> bool:
    """Runs what migrations are due, after keeping a copy of a database that has data. True if any ran."""
    if not _due():
        return False
    with _alone():
        executor = MigrationExecutor(connection)
        if executor.loader.applied_migrations:
            _keep_a_copy()
        call_command("migrate", interactive=False, verbosity=0)
    return True


def bring_up_to_date_alone() -> bool:
    """The same from a command: where an upgrade is due, no `serve` of the older version may be running on this home."""
    if not _due():
        return False
    lock = HomeLock()
    lock.take("")
    try:
        return bring_up_to_date()
    finally:
        lock.release()


def _due() -> bool:
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_newer(loader: MigrationLoader) -> None:
    known = set(loader.disk_migrations or ()) | set(loader.replacements)
    ours = {label for label, _name in known}
    unknown = sorted(key for key in loader.applied_migrations if key not in known and key[0] in ours)
    if unknown:
        raise Refused(
            _("A newer version of Regulars wrote this database (%(step)s). Install that version or a later one.")
            % {"step": ".".join(unknown[-1])}
        )


def _keep_a_copy() -> None:
    from django.utils import timezone

    from regulars.areas.safekeeping import actions

    actions.make_version(at=timezone.now(), why="upgrade")


@contextmanager
def _alone() -> Iterator[None]:
    """Two programs on one PostgreSQL upgrade it one after the other; on the file the home's lock has done that."""
    if databases.is_file(connection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_UPGRADER])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_UPGRADER])


def database_is_reachable() -> None:
    """Raises `Refused` with the reason when there is no speaking to the database."""
    from django.db import OperationalError

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refused(_("The database does not answer: %(reason)s") % {"reason": _first_line(error)}) from error


def _first_line(error: Any) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
