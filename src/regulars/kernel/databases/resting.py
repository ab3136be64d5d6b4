"""Indexes at rest: a first import writes without those that nobody needs meanwhile, and makes them anew at its end.

An index over names or places gets its entries in no order, so that each row dirties a page of it, which is enciphered
and written with every commit. Made in one go from sorted keys it costs a tenth (docs/decisions/0024).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models, transaction

from regulars.kernel.databases import is_file, keeping_pages, writer_lock

Named = tuple[type[models.Model], str]
_FEW = 32 << 10  # KiB of pages while an index is made: the table is gone through once, and sorting needs the room


@contextmanager
def resting(connection: Any, named: Sequence[Named]) -> Iterator[None]:
    """Within it these indexes are not there: every question is answered, slower. `mend` brings them back at the end.

    After a kill `mend` does so at the next start.
    """
    with transaction.atomic():
        writer_lock(connection)
        with connection.cursor() as cursor:
            for _model, name in named:
                cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name)}")
    try:
        yield
    finally:
        mend(connection)


def mend(connection: Any) -> list[str]:
    """Makes every index that a model declares and the database lacks, each in a transaction of its own; their names.

    On both databases people can read meanwhile; writing waits for one index at a time.
    """
    made = []
    with keeping_pages(connection, _FEW):
        for model, index in _lacking(connection):
            with transaction.atomic():
                writer_lock(connection)
                if index.name in _present(connection):
                    continue
                with connection.cursor() as cursor:
                    cursor.execute(str(index.create_sql(model, connection.schema_editor())))
            made.append(index.name)
    return made


def _lacking(connection: Any) -> list[tuple[type[models.Model], models.Index]]:
    present = _present(connection)
    declared = [(model, index) for model in apps.get_models() for index in model._meta.indexes]
    return [(model, index) for model, index in declared if index.name not in present]


def _present(connection: Any) -> set[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'index'" if is_file(connection) else _OF_THE_SCHEMA
    with connection.cursor() as cursor:
        cursor.execute(names)
        return {name for (name,) in cursor.fetchall()}


_OF_THE_SCHEMA = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
