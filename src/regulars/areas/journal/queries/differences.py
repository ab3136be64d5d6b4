"""What deeds changed, value by value, from the payloads of their links."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import batched
from types import MappingProxyType
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import ForeignKey, QuerySet
from django.utils.translation import ngettext_lazy

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.money import plain
from regulars.kernel.tables import Canonical, Table, table_of

_NO_NAMES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a deed changed. `label` is for people, `field` the fact's name; `sealed` values are masked.

    `column` is the model's own field where no fact stands in it. A value that points to another row (`refers`, its
    table) has that row's name of today in `names`, as far as whoever asks may know it; with `by_name` the name is the
    fact's value, and the key is the house's own affair. An `amount` is exact text, whatever it is kept as. Values
    of one row have the same `row`.
    """

    number: int | None
    field: str
    label: str
    was: Any
    now: Any
    column: Any = None
    refers: str = ""
    by_name: bool = False
    names: Mapping[int, str] = _NO_NAMES
    amount: bool = False
    row: object = dataclasses.field(default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The contract's shape of one change."""
        was, now = (self.called(each) or each if self.by_name else each for each in (self.was, self.now))
        return {"field": self.field, "from": was, "to": now}

    def called(self, value: Any) -> str:
        """The name of the row that this value points to; '' where it points to none."""
        return self.names.get(value, "") if self.refers and isinstance(value, int) else ""


@registries.steady(anew=False)
def differences(changeset: int, *, by: Actor, limit: int = 200) -> list[Difference]:
    """What one deed changed, value by value, in as many customers as make `limit` values."""
    found: list[Difference] = []
    for each in stated(models.Link.objects.filter(changeset_id=changeset), b'{"customer":'):
        found += differences_of(each, versions_ended((each.link, label, pk) for label, pk in each.ended()))
        if len(found) >= limit:
            break
    return named(found[:limit], by)


def named(found: Sequence[Difference], by: Actor) -> list[Difference]:
    """The same with the names of the rows that values point to: one question a table, however many values."""
    keys: dict[str, set[int]] = defaultdict(set)
    for each in found:
        if each.refers:
            keys[each.refers] |= {key for key in (each.was, each.now) if isinstance(key, int)}
    names = {table: registries.names_of(table, sorted(each), by) for table, each in keys.items()}
    return [replace(each, names=names[each.refers]) if each.refers else each for each in found]


Place = tuple[int, int]  # a link, and a payload's place in its block


@registries.steady(anew=False)
def difference_page(
    changeset: int, *, by: Actor, after: Place = (0, -1), customer: int | None = None, limit: int = 200
) -> tuple[list[Difference], Place | None]:
    """What one deed changed, in all or in one customer, in whole customers until there are `limit` values; and where
    that ended, None at the end of the deed."""
    mark = b'{"customer":' if customer is None else b'{"customer":%d,' % customer
    found: list[Difference] = []
    links = models.Link.objects.filter(changeset_id=changeset, number__gte=after[0]).order_by("number")
    last: Place | None = None
    for number, block in links.values_list("number", "block").iterator(chunk_size=5):
        for place, payload in enumerate(blocks.payloads(bytes(block))):
            if not payload.startswith(mark) or (number, place) <= after:
                continue
            if last is not None and len(found) >= limit:
                return named(found, by), last
            each = Stated(changeset, number, orjson.loads(payload))
            found += differences_of(each, versions_ended((number, label, pk) for label, pk in each.ended()))
            last = (number, place)
    return named(found, by), None


def cards_named(numbers: Iterable[int | None], by: Actor) -> Mapping[int, str]:
    """What these customers are called today by whoever asks."""
    card = next(table for table in tables() if table.is_card)
    return registries.names_of(card.label, sorted({each for each in numbers if each is not None}), by)


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
            if payload.startswith(mark) and "restates" not in (told := orjson.loads(payload)):
                yield Stated(changeset, number, told)


_Versions = dict[tuple[int, str, int], Canonical]  # by the link that ended it, its table and its row


def differences_of(stated: Stated, were: _Versions) -> Iterator[Difference]:
    number = stated.payload["customer"]
    for label, _pk, row in stated.payload.get("new", ()):
        yield from rows_differ(number, label, {}, row)
    for label, pk, row in stated.payload.get("set", ()):
        yield from rows_differ(number, label, were.get((stated.link, label, pk), {}), row)
    for label, pk in stated.payload.get("gone", ()):
        yield from rows_differ(number, label, were.get((stated.link, label, pk), {}), {})


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


_ENTRIES = models.Counted(
    "entries",
    ngettext_lazy("other entry of the house goes again", "other entries of the house go again", "count"),
    ngettext_lazy(
        "other entry of the house becomes what it was before",
        "other entries of the house become what they were before",
        "count",
    ),
)


def counted_as(table: Table) -> models.Counted | None:
    """What rows of this table are counted as where a deed is taken back: for themselves, as entries of the house, or,
    where they go and come with a card, not at all."""
    counted: models.Counted | None = table.model.journal_counted  # type: ignore[attr-defined]
    return counted or (None if table.subject else _ENTRIES)


_HIDDEN = {"sealed", "blind", "primary", "hows", "field_id", "kind_of", "blanked", "restated", "codes"}


def rows_differ(number: int | None, label: str, was: Canonical, now: Canonical) -> Iterator[Difference]:
    """What differs between two versions of a row, none being an empty one: each value under the fact that it is."""
    amounts, row = set[str](), object()
    for column in [*was, *(name for name in now if name not in was)]:
        if column in _HIDDEN or was.get(column) == now.get(column):
            continue
        told = differs_in(column, number, label, was, now)
        if told is None or told.field in amounts:
            continue
        if told.amount:
            amounts.add(told.field)  # its two columns are one value
        yield replace(told, row=row)


def differs_in(column: str, number: int | None, label: str, was: Canonical, now: Canonical) -> Difference | None:
    """What differs in one column of a row, as it is told; None where it says nothing to a person."""
    told = _told_of(label, column, now or was)
    if told is None:
        return None
    difference, value_in = told
    before, after = (registries.veiled(difference.field, value_in(row, column)) for row in (was, now))
    return replace(difference, number=number, was=before, now=after, amount=value_in is not _plainly)


ValueIn = Callable[[Canonical, str], Any]


def _told_of(label: str, column: str, row: Canonical) -> tuple[Difference, ValueIn] | None:
    """What a change of this column is told as, and how its value is found; None where it says nothing to a person."""
    if column in _of_model(label, "journal_silent", ()):
        return None
    own = _column(label, column)
    refers = own.related_model._meta.label_lower if isinstance(own, ForeignKey) else ""
    fact = _fact_of(label, "blind" if column == "masked" else column, row)
    if fact is not None:
        by_name = isinstance(fact.source, registries.Member) and bool(fact.source.via)
        difference = Difference(None, fact.name, str(fact.label), None, None, refers=refers, by_name=by_name)
        return difference, _value_in(fact)
    told = _of_model(label, "journal_told", {}).get(column)
    if told is not None:
        return Difference(None, column, str(told), None, None, own, refers), _plainly
    if label.startswith("customers.") or column == _of_model(label, "journal_subject", None):
        return None  # whose row it is the deed says itself
    text = str(own.verbose_name) if own is not None else column.replace("_", " ")
    return Difference(None, column, text, None, None, own, refers), _plainly


def _plainly(row: Canonical, column: str) -> Any:
    return row.get(column)


def _value_in(fact: registries.Fact) -> ValueIn:
    """The value as the card's JSON has it: decimals and amounts are exact text, `42.5`, `12.5 EUR`."""
    if fact.type not in ("decimal", "money"):
        return _plainly
    number, currency = _columns_of(fact)

    def exact(row: Canonical, _column: str) -> str | None:
        value = row.get(number)
        return None if value is None else f"{plain(int(value))} {row.get(currency, '')}".strip()

    return exact


def _columns_of(fact: registries.Fact) -> tuple[str, str]:
    """The column of an amount and that of its currency."""
    source = fact.source
    if isinstance(source, registries.Column):
        return source.column, source.currency
    return (source.column, "currency") if isinstance(source, registries.Member) else ("", "")


def _fact_of(label: str, column: str, row: Canonical) -> registries.Fact | None:
    """The fact that stands in this column of such a row."""
    for fact in registries.facts().values():
        source = fact.source
        if isinstance(source, registries.Column) and label == "customers.customer":
            if column in (source.column, source.currency):
                return fact
            continue
        if isinstance(source, registries.Member):
            group = registries.groups()[source.group]
            fixed = {**dict(group.where), **dict(source.where)}
            same_table = group.model.lower() == label and all(row.get(k) == v for k, v in fixed.items())
            stands_in = source.via or ("text" if source.column == "key" else source.column)
            if same_table and (stands_in == column or (fact.type == "money" and column == "currency")):
                return fact
        if isinstance(source, registries.Present) and source.model.lower() == label:
            if column == "kind" and all(row.get(k) == v for k, v in source.where):
                return fact
            continue
    return None


def _column(label: str, column: str) -> Any:
    """The model's own field; None for one that a frozen payload tells of and that is no more."""
    try:
        return apps.get_model(label)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist):
        return None


def _of_model(label: str, what: str, otherwise: Any) -> Any:
    """What a table says of itself; `otherwise` for one that is no more."""
    try:
        return getattr(apps.get_model(label), what, otherwise)
    except LookupError:
        return otherwise
