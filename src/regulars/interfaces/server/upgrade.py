"""The database brought to this program's version; one of a newer version or of other keys is refused, not harmed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from regulars.interfaces.server.lock import HomeLock
from regulars.kernel import crypto, databases, keyfile
from regulars.kernel.databases import resting
from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark

_UPGRADER = databases.WRITER + 1


def bring_up_to_date() -> bool:
    """Runs what migrations are due, after keeping a copy of a database that has data. True if any ran."""
    ran = _is_due() and _upgraded()
    _refuse_other_keys()
    resting.mend(connection)  # an import that was killed may have left its indexes at rest
    for name, value in (("steps", _steps()), ("keys", _keys())):
        if _mark(name) != value:
            Mark.objects.update_or_create(name=name, defaults={"value": value})
    return ran


def bring_up_to_date_alone() -> bool:
    """The same from a command: where an upgrade is due, no `serve` of the older version may be running on this home.

    Two small queries when nothing has changed since the last time.
    """
    if _mark("steps") == _steps() and _mark("keys") == _keys():
        return False
    if not _is_due():
        return bring_up_to_date()
    lock = HomeLock()
    lock.take("")
    try:
        return bring_up_to_date()
    finally:
        lock.release()


def _upgraded() -> bool:
    with _alone():
        executor = MigrationExecutor(connection)
        if executor.loader.applied_migrations:
            _refuse_other_keys()
            _keep_a_copy()
        call_command("migrate", interactive=False, verbosity=0)
    return True


def _is_due() -> bool:
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _mark(name: str) -> str | None:
    """What the database remembers; None before it remembers anything."""
    try:
        return Mark.objects.filter(name=name).values_list("value", flat=True).first()
    except DatabaseError:
        return None


def _steps() -> str:
    """The digest of all migrations of this program, by the names of their files."""
    folders = [(app.label, Path(app.path) / "migrations") for app in apps.get_app_configs()]
    names = sorted(f"{label}.{file.stem}" for label, folder in folders for file in folder.glob("[0-9]*.py"))
    return crypto.sha256("\n".join(names).encode()).hex()


def _keys() -> str:
    """The names of the keys that what is in the database needs."""
    own = keyfile.keys()
    return f"{own.chain.id} {own.fields.id}"


def _refuse_other_keys() -> None:
    """On PostgreSQL a foreign home would find a readable database, and write into it what nobody can join."""
    known = _mark("keys")
    if known is not None and known != _keys():
        raise Refused(
            _(
                "This database belongs to another home: its keys are not those in %(file)s. Set REGULARS_HOME and "
                "REGULARS_KEY_FILE to the home that it belongs to."
            )
            % {"file": keyfile.path()}
        )


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
