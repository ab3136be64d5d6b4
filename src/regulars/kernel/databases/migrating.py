"""Bringing a database to this program's version, and whether it is one of a newer version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
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
        take_steps(connection)


def take_steps(connection: Any) -> None:
    """Takes all steps that are lacking, without asking whether any are."""
    with forwards():
        call_command("migrate", interactive=False, verbosity=0, database=connection.alias)


@contextmanager
def forwards() -> Iterator[None]:
    """Within it an index or a constraint that a step adds or takes away is noted in the model as it is. Django makes
    that model and all that are related to it anew for each, which took half the time of all steps. For steps forwards
    alone: one that is taken back needs its model as it was before."""
    state: Any = ProjectState
    before = state._append_option, state._remove_option
    state._append_option, state._remove_option = _with, _without
    try:
        yield
    finally:
        state._append_option, state._remove_option = before


def _with(state: Any, label: str, model: str, kind: str, added: Any) -> None:
    _note(state, label, model, kind, [*state.models[label, model].options[kind], added])


def _without(state: Any, label: str, model: str, kind: str, gone: str) -> None:
    _note(state, label, model, kind, [each for each in state.models[label, model].options[kind] if each.name != gone])


def _note(state: Any, label: str, model: str, kind: str, stands: list[Any]) -> None:
    state.models[label, model].options[kind] = stands
    if "apps" in vars(state):  # otherwise no model was made yet
        about = state.apps.get_model(label, model)._meta
        setattr(about, kind, about._format_names(stands))
        about._expire_cache()


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
