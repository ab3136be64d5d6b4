"""Bringing a database to this program's version, and whether it is one of a newer version."""

from typing import Any

from django.core.management import call_command
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from regulars.kernel.errors import Refused


def is_due(connection: Any) -> bool:
    """Whether steps are lacking. Raises `Refused` for a database that a newer version wrote."""
    executor = MigrationExecutor(connection)
    refuse_newer(executor.loader)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def has_begun(connection: Any) -> bool:
    """Whether any version of this program has ever written this database."""
    return bool(MigrationExecutor(connection).loader.applied_migrations)


def bring_up(connection: Any) -> None:
    """Takes the steps that are lacking."""
    if is_due(connection):
        call_command("migrate", interactive=False, verbosity=0, database=connection.alias)


def refuse_newer(loader: MigrationLoader) -> None:
    """Raises `Refused` where steps of our own rooms were taken that this program does not know."""
    known = set(loader.disk_migrations or ()) | set(loader.replacements)
    ours = {label for label, _name in known}
    unknown = sorted(key for key in loader.applied_migrations if key not in known and key[0] in ours)
    if unknown:
        raise Refused(
            _("A newer version of Regulars wrote this database (%(step)s). Install that version or a later one.")
            % {"step": ".".join(unknown[-1])}
        )
