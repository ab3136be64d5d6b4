"""What deeds changed, value by value, from the payloads of their links."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import batched
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import QuerySet

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.kernel import registries
from regulars.kernel.tables import Canonical, Table, table_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a deed changed. `label` is for people, `field` the fact's name; `sealed` values are masked.

    `column` is the model's own field where no fact stands in it.
    """

    number: int | None
    field: str
    label: str
    was: Any
    now: Any
    column: Any = None


def differences(changeset: int, *, limit: int = 200) -> list[Difference]:
    """What one deed changed, value by value, in as many customers as make `limit` values."""
    found: list[Difference] = []
    for each in stated(models.Link.objects.filter(changeset_id=changeset), b'{"customer":'):
        found += differences_of(each, versions_ended((each.link, label, pk) for label, pk in each.ended()))
        if len(found) >= limit:
            break
    return found[:limit]


@dataclass(frozen=True, slots=True)
class Stated:
    """What one link did to one customer, as its payload says."""

    changeset: int
    link: int
    payload: dict[str, Any]

    def ended(self) -> Iterator[tuple[str, int]]:
        """(table, row) of each version that it ended."""
        yield from ((label, pk) for label, pk, _row in self.payload.get("set", ()))
        yield from ((label, pk) for label, pk in self.payload.get("gone", ()))


def stated(links: QuerySet[models.Link], mark: bytes) -> Iterator[Stated]:
    """The payloads that begin so; blocks are long, so only a few are held at a time."""
    found = links.order_by("number").values_list("changeset_id", "number", "block")
    for changeset, number, block in found.iterator(chunk_size=5):
        for payload in blocks.payloads(bytes(block)):
            if payload.startswith(mark):
                yield Stated(changeset, number, orjson.loads(payload))


_Versions = dict[tuple[int, str, int], Canonical]  # by the link that ended it, its table and its row


def differences_of(stated: Stated, were: _Versions) -> Iterator[Difference]:
    number = stated.payload["customer"]
    for label, _pk, row in stated.payload.get("new", ()):
        yield from _rows_differ(number, label, {}, row)
    for label, pk, row in stated.payload.get("set", ()):
        yield from _rows_differ(number, label, were.get((stated.link, label, pk), {}), row)
    for label, pk in stated.payload.get("gone", ()):
        yield from _rows_differ(number, label, were.get((stated.link, label, pk), {}), {})


def versions_ended(rows: Iterable[tuple[int, str, int]]) -> _Versions:
    """The versions of these rows that these links ended, from the twins: one statement a table for up to 500."""
    per: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for link, label, pk in rows:
        per[label].append((link, pk))
    found: _Versions = {}
    for table in tables():
        for part in batched(per.get(table.label, ()), 500):
            links, pks = sorted({link for link, _pk in part}), sorted({pk for _link, pk in part})
            # Found by row: one link of an import has ended thousands, one row has had few versions.
            where = f"{table.pk_in(len(pks))} AND until + 0 IN ({', '.join(['%s'] * len(links))})"
            with connection.cursor() as cursor:
                cursor.execute(table.select(where, past=True), [*pks, *links])
                for row in cursor.fetchall():
                    found[(row[-1], table.label, row[table.columns.index(table.pk)])] = table.canonical_raw(row)
    return found


@cache
def tables() -> list[Table]:
    return [table_of(model) for model in models.journaled_models()]


_HIDDEN = {"sealed", "blind", "primary", "hows", "field_id", "kind_of"}


def _rows_differ(number: int | None, label: str, was: Canonical, now: Canonical) -> Iterator[Difference]:
    whole = now or was
    for column in [*was, *(name for name in now if name not in was)]:
        if column in _HIDDEN or was.get(column) == now.get(column):
            continue
        named = _fact_of(label, column, whole)
        if named is None:
            continue
        name, text = named
        before, after = (registries.veiled(name, row.get(column)) for row in (was, now))
        own = None if label.startswith("customers.") else _column(label, column)
        yield Difference(number, name, text, before, after, own)


def _fact_of(label: str, column: str, row: Canonical) -> tuple[str, str] | None:
    """(name, label) of the fact that stands in this column; None for a column that says nothing to a person."""
    if column == "masked":
        column = "blind"
    for fact in registries.facts().values():
        source = fact.source
        if isinstance(source, registries.Column) and label == "customers.customer" and source.column == column:
            return fact.name, str(fact.label)
        if isinstance(source, registries.Member):
            group = registries.groups()[source.group]
            fixed = {**dict(group.where), **dict(source.where)}
            same_table = group.model.lower() == label and all(row.get(k) == v for k, v in fixed.items())
            stands_in = source.via or ("text" if source.column == "key" else source.column)
            if same_table and stands_in == column:
                return fact.name, str(fact.label)
        if isinstance(source, registries.Present) and source.model.lower() == label:
            if column == "kind" and all(row.get(k) == v for k, v in source.where):
                return fact.name, str(fact.label)
            continue
    if label.startswith("customers."):
        return None
    own = _column(label, column)
    return column, str(own.verbose_name) if own is not None else column.replace("_", " ")


def _column(label: str, column: str) -> Any:
    """The model's own field; None for one that a frozen payload tells of and that is no more."""
    try:
        return apps.get_model(label)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist):
        return None
