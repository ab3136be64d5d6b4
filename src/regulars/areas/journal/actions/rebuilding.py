"""The register made again from the chain: whether the two are the same, and the way back where they are not."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.db import models as django
from django.utils.translation import gettext as _

from regulars.areas.journal import models
from regulars.areas.journal.chain.replaying import Scratch, replay
from regulars.areas.journal.queries import verify
from regulars.kernel.actor import Actor
from regulars.kernel.databases import writer_lock
from regulars.kernel.dialect import quoted
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.registries import keepers

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that is not what the chain says: how many rows it lacks, how many it has that nobody wrote so."""

    table: str
    lacking: int
    strange: int

    def as_json(self) -> dict[str, Any]:
        return {"table": self.table, "lacking": self.lacking, "strange": self.strange}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: how many links were read, which tables differ, whether they were put right."""

    links: int
    differences: tuple[Difference, ...]
    restored: bool

    @property
    def same(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        told = [each.as_json() for each in self.differences]
        return {"same": self.same, "links": self.links, "differences": told, "restored": self.restored}


def rebuild(*, by: Actor, restore: bool = False, progress: Callable[[int], None] | None = None) -> Rebuilt:
    """Makes every journaled row, live and past, again from the payloads and holds it against the real one; with
    `restore` puts what differs right. Nobody can write meanwhile. Raises NotAllowed; Refused where the chain itself is
    broken and must not be built upon."""
    if not by.may("journal.verify") or (restore and not by.may("safekeeping.backup")):
        raise NotAllowed(_("Your account may not rebuild the register."))
    if restore and any(problem.kind != "row_differs" for problem in verify().problems):
        raise Refused(_("The chain itself is broken: nothing can be rebuilt from it. Prove the register and see."))
    with transaction.atomic(), _scratch() as tables:
        writer_lock(connection)
        links = replay(tables, progress)
        found = {table: told for table in tables.values() if (told := _held_against(table)) is not None}
        if restore:
            numbers = {number for table in found for number in _put_right(table)}
            last = models.Link.objects.order_by("-number").values_list("at", flat=True).first()
            for part in batched(sorted(numbers), _AT_ONCE):
                for keep in keepers():
                    assert last is not None, "there are rows, so there is a link"
                    keep(part, last)
    return Rebuilt(links, tuple(found.values()), restored=restore and bool(found))


@contextmanager
def _scratch() -> Iterator[dict[str, Scratch]]:
    tables = {table.label: table for table in map(Scratch, models.journaled_models())}
    for table in tables.values():
        table.make()
    yield tables
    for table in tables.values():
        table.drop()


def _held_against(table: Scratch) -> Difference | None:
    lacking = strange = 0
    for made, real, more in ((table.name, table.real.name, []), (table.past, table.real.past, ["until"])):
        columns = [*table.compared(), *more]
        objects = [columns.index(str(each.column)) for each in table.fields if isinstance(each, django.JSONField)]
        ours, theirs = _without(columns, made, real, objects), _without(columns, real, made, objects)
        lacking += len(ours - theirs)
        strange += len(theirs - ours)
    return Difference(table.label, lacking, strange) if lacking or strange else None


def _without(columns: list[str], of: str, other: str, objects: list[int]) -> set[tuple[Any, ...]]:
    """The rows of one table that the other has not. The members of an object (`objects` are its columns) may stand in
    any order in the database's text of it: they are sorted."""
    chosen = ", ".join(map(quoted, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chosen} FROM {quoted(of)} EXCEPT SELECT {chosen} FROM {quoted(other)}")
        return {tuple(_plain(at in objects, value) for at, value in enumerate(row)) for row in cursor}


def _plain(is_object: bool, value: Any) -> Any:
    """A value by which rows can be held against each other: SQLite reads days and moments of named columns alone."""
    if is_object and isinstance(value, str):
        return json.dumps(json.loads(value), sort_keys=True)
    if isinstance(value, date):
        return str(value)
    return bytes(value) if isinstance(value, memoryview) else value


def _put_right(table: Scratch) -> set[int]:
    """The rows as the chain says, in place of those that stand. Returns whose they are."""
    columns = ", ".join(map(quoted, table.columns))
    with connection.cursor() as cursor:
        whose: set[int] = set()
        if table.subject is not None:
            for name in (table.name, table.real.name):
                cursor.execute(f"SELECT DISTINCT {quoted(table.subject)} FROM {quoted(name)}")
                whose.update(row[0] for row in cursor.fetchall() if row[0] is not None)
        for made, real, more in ((table.name, table.real.name, ""), (table.past, table.real.past, ", until")):
            cursor.execute(f"DELETE FROM {quoted(real)}")
            cursor.execute(f"INSERT INTO {quoted(real)} ({columns}{more}) SELECT {columns}{more} FROM {quoted(made)}")
    return whose
