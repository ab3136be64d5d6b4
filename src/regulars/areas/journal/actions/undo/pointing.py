"""Which rows name which, and which columns are one value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import ForeignKey

from regulars.areas.journal.actions.undo.conflicts import Edit
from regulars.areas.journal.actions.undo.steps import Step, stands
from regulars.areas.journal.models import Journaled
from regulars.areas.journal.queries.differences import Difference, differs_in, rows_differ, tables
from regulars.kernel import registries
from regulars.kernel.databases import among
from regulars.kernel.tables import Table, table_of

_TOLD = 3  # values by which a row is known to who reads


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column of one journaled table that names rows of another."""

    table: Table
    column: str
    target: Table
    may_be_empty: bool

    def rows(
        self, pks: Sequence[int], only: str = "", values: Sequence[Any] = ()
    ) -> list[tuple[int, int, int | None, int]]:
        """(row, the row it names, whose, its link) of what stands and names one of these; `only` is a further condition
        with its values."""
        condition, given = among(connection, self.column, sorted(pks))
        chosen = f"{self.table.pk}, {self.column}, {self.table.subject or 'NULL'}, link"
        where = f"{self.column} IS NOT NULL AND {condition}"  # said, so that an index over those that name any is used
        where += f" AND {only}" if only else ""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {chosen} FROM {self.table.name} WHERE {where}", [*given, *values])
            return list(cursor.fetchall())

    def edits(self, step: Step) -> Iterator[Edit]:
        """That the row names it, as a later edit that would go."""
        row = stands(step)
        named = differs_in(self.column, step.subject, self.table.label, {}, row)
        told = [named] if named else list(islice(rows_differ(step.subject, self.table.label, {}, row), _TOLD))
        if not told:
            name = self.table.label.partition(".")[2]
            told = [Difference(step.subject, name, str(self.table.model._meta.verbose_name), None, None)]
        yield from (Edit(each, each, step.last_link) for each in told)


@cache
def pointers_from(table: Table) -> tuple[Pointer, ...]:
    """What rows of this table name, their own card included."""
    return tuple(
        Pointer(table, str(field.column), table_of(field.related_model), bool(field.null))
        for field in table.fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, Journaled)
    )


@cache
def pointers_to(table: Table) -> tuple[Pointer, ...]:
    """What names rows of this table, apart from the rows of a card, which go with it."""
    found = (pointer for each in tables() for pointer in pointers_from(each))
    return tuple(each for each in found if each.target is table and each.column != each.table.subject)


def together(table: Table, columns: Iterable[str]) -> list[tuple[str, ...]]:
    """The columns, those that are one value as one, in order: an amount and its currency, the parts of an address."""
    groups = [*table.model.journal_together, *_amounts(table)]  # type: ignore[attr-defined]
    found: list[tuple[str, ...]] = []
    for column in columns:
        group = next((each for each in groups if column in each), (column,))
        if group not in found:
            found.append(group)
    return found


def _amounts(table: Table) -> Iterator[tuple[str, str]]:
    for fact in registries.facts_of(None) if table.is_card else ():
        if isinstance(fact.source, registries.Column) and fact.source.currency:
            yield fact.source.column, fact.source.currency
