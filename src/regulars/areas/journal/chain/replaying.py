"""The rows made again from nothing but the payloads of the chain, into scratch tables beside the real ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any

import orjson
from django.db import connection
from django.db import models as django

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.chain.forgotten import Accounts
from regulars.kernel.databases import among, bulk_insert
from regulars.kernel.dialect import quoted
from regulars.kernel.tables import Canonical, Table, table_of

_LINKS_AT_ONCE = 20
_ROWS_AT_ONCE = 5_000


class Scratch(Table):
    """A journaled table under another name, with its twin, for the length of a connection; kept in memory alone."""

    def __init__(self, model: type[models.Journaled]) -> None:
        super().__init__(model)
        self.real = table_of(model)
        self.name, self.past = f"again_{self.real.name}", f"again_{self.real.past}"

    def make(self) -> None:
        with connection.cursor() as cursor:
            for name, of in ((self.name, self.real.name), (self.past, self.real.past)):
                cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
                cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} AS SELECT * FROM {quoted(of)} WHERE 1 = 0")
            cursor.execute(
                f"CREATE UNIQUE INDEX {quoted(self.name + '_pk')} ON {quoted(self.name)} ({quoted(self.pk)})"
            )

    def drop(self) -> None:
        with connection.cursor() as cursor:
            for name in (self.name, self.past):
                cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")

    def compared(self) -> list[str]:
        """The columns that the journal states, and the links: derived ones follow from them (`verify` sees to it)."""
        return [name for name in self.columns if name not in self.derived]

    def instance(self, pk: int, subject: int | None, row: Canonical) -> Any:
        """A row as it was written, from its canonical form; what a form leaves out is empty."""
        made: Any = self.model()
        setattr(made, self.pk_attname, pk)
        if self.subject is not None and not self.is_card:
            setattr(made, self.subject, subject)
        for each, column in self.kept:
            setattr(made, each.attname, _value(each, row[column]) if column in row else _empty(each))
        made.derive()
        return made


def _value(own: "django.Field[Any, Any]", stated: Any) -> Any:
    if isinstance(own, django.DateTimeField):
        return datetime.fromisoformat(stated)
    if isinstance(own, django.DateField):
        return date.fromisoformat(stated)
    return bytes.fromhex(stated) if isinstance(own, django.BinaryField) else stated


def _empty(own: "django.Field[Any, Any]") -> Any:
    if own.null:
        return None
    if isinstance(own, django.JSONField):
        return own.get_default()
    return False if isinstance(own, django.BooleanField) else ""


@dataclass(slots=True)
class _Stated:
    """What one link states: the rows that it wrote, those that it ended, the customers that it touched."""

    written: dict[str, dict[int, tuple[int | None, Canonical]]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    touched: set[int] = field(default_factory=set)


def replay(tables: dict[str, Scratch], progress: Callable[[int], None] | None = None) -> int:
    """Writes again, link by link, what the payloads state. Returns how many links there were."""
    number, accounts = 0, Accounts()
    for number, at, block in _links():
        stated = _read(_payloads(number, block, accounts))
        for label in (*stated.written, *(label for label in stated.gone if label not in stated.written)):
            if label in tables:
                _write(tables[label], number, at, stated)
        for table in tables.values():
            if table.stamped and stated.touched:
                _stamp(table, number, at, stated.touched)
        if progress is not None:
            progress(number)
    return number


def _links() -> Iterator[tuple[int, datetime, bytes]]:
    rows, last = models.Link.objects.order_by("number").values_list("number", "at", "block"), 0
    while page := list(rows.filter(number__gt=last)[:_LINKS_AT_ONCE]):
        yield from ((number, at, bytes(block)) for number, at, block in page)
        last = page[-1][0]


def _payloads(link: int, block: bytes, accounts: Accounts) -> Iterator[dict[str, Any]]:
    """What a link says, with what was said anew when somebody was forgotten in the place where it stood."""
    opened = list(blocks.opened(block))
    for salted in opened:
        if salted is not None and "restates" not in (payload := orjson.loads(salted[blocks.SALT :])):
            yield payload
    if None in opened:
        yield from accounts.restated(link)


def _read(payloads: Iterable[dict[str, Any]]) -> _Stated:
    stated = _Stated()
    for payload in payloads:
        subject = payload.get("customer")
        for label, pk, row in (*payload.get("new", ()), *payload.get("set", ())):
            stated.written[label][pk] = (subject, row)
        for label, pk in payload.get("gone", ()):
            stated.gone[label].append(pk)
        if subject is not None and not payload.keys().isdisjoint(("new", "set", "gone")):
            stated.touched.add(subject)
    return stated


def _write(table: Scratch, link: int, at: datetime, stated: _Stated) -> None:
    written = stated.written.get(table.label, {})
    ended = [*written, *stated.gone.get(table.label, ())]
    for part in batched(ended, _ROWS_AT_ONCE):
        where, parameters = among(connection, quoted(table.pk), part)
        with connection.cursor() as cursor:
            cursor.execute(table.copy_to_past(where), [link, *parameters])
            cursor.execute(table.delete(where), parameters)
    for rows in batched(written.items(), _ROWS_AT_ONCE):
        made = [table.instance(pk, subject, row) for pk, (subject, row) in rows]
        for each in made:
            each.link = link
            if table.stamped:
                each.version, each.updated_at = link, at
        bulk_insert(connection, table.name, table.columns, [table.prepared(each) for each in made])


def _stamp(table: Scratch, link: int, at: datetime, touched: set[int]) -> None:
    when = table.model._meta.get_field("updated_at").get_db_prep_save(at, connection)  # type: ignore[union-attr]
    for part in batched(sorted(touched), _ROWS_AT_ONCE):
        where, parameters = among(connection, quoted(table.pk), part)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {quoted(table.name)} SET version = %s, updated_at = %s WHERE {where}",
                           [link, when, *parameters])  # fmt: skip
