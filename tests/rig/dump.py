"""The whole database as text: equal dumps, and nothing at all has changed."""

from typing import Any

from django.apps import apps

Dump = dict[str, list[tuple[Any, ...]]]


def dump() -> Dump:
    """Every row of every table, past and present, journaled or not."""
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {name: sorted(model._default_manager.values_list(), key=repr) for name, model in sorted(tables.items())}


def differing(before: Dump, after: Dump) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in after if before.get(name) != after[name]]
