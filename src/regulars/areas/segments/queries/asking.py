"""How many, which, in what order. The one door to the compiler; whoever asks sees only whom he may know of."""

import base64
import binascii
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import condition_on
from regulars.areas.house.queries import House
from regulars.areas.segments.language import Tree, parse
from regulars.areas.segments.language import sentence as wording
from regulars.areas.segments.language.check import NotShown, check, tells
from regulars.areas.segments.language.conditions import folds
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.ledgers import all_time
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.language.normal import normal
from regulars.areas.segments.language.order import After, Order, Rows
from regulars.areas.segments.language.places import CUSTOMER, Place, customer_column, field_of, place_of
from regulars.areas.segments.language.plan import Question
from regulars.areas.segments.language.relations import Relations, here
from regulars.areas.segments.language.running import answers
from regulars.areas.segments.language.sql import Compiler
from regulars.areas.segments.queries.columns import DEFAULT_COLUMNS, columns_named, listed_facts, values_of
from regulars.areas.segments.queries.defined import condition_of
from regulars.areas.segments.queries.ground import ground_of
from regulars.kernel.actor import Actor
from regulars.kernel.dialect import TRUE, Sql, dialect, indexed, kept, quoted
from regulars.kernel.registries import Column, Defined, Fact, Ledger, Present, Several, model_named

Criteria = str | Tree
MOST = 1_000  # customers on one page
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `rows` hold `number` and each column; `next` is the cursor of the page after, None at the
    end; `count` is exact, None where it was not asked for."""

    rows: list[dict[str, Any]]
    next: str | None
    count: int | None


def count(
    criteria: Criteria,
    *,
    by: Actor,
    today: date,
    zone: ZoneInfo,
    relations: Relations | None = None,
    rules: House | None = None,
) -> int:
    """Exactly how many customers; `rules` are the house's settings where they are known. Raises CriteriaError."""
    return _Asking(criteria, by, today, zone, relations or here(), rules).question().count()


def page(
    criteria: Criteria,
    *,
    by: Actor,
    today: date,
    zone: ZoneInfo,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    order: str = "",
    after: str | None = None,
    limit: int = 50,
    counted: bool = True,
    relations: Relations | None = None,
    rules: House | None = None,
) -> Page:
    """One page, at most 1,000 customers. `order` is a listed fact, `-` before it turns it round, '' is by name in the
    alphabet of the house's language. Ties go by number; who has no value comes last. `after` is a page's `next`.

    Raises CriteriaError for criteria, columns, order or cursor that are none.
    """
    asking = _Asking(criteria, by, today, zone, relations or here(), rules)
    facts, ordered = columns_named(columns, by, asking.ground.facts), asking.order(order)
    limit = max(1, min(limit, MOST))
    many, found = asking.question().page(ordered, limit + 1, _after(after, order, ordered), counted)
    shown = [number for number, _key, _known in found[:limit]]
    values = values_of(shown, facts, by=by, relations=asking.relations, ground=asking.ground)
    rows_shown = [{"number": number} | values[number] for number in shown]
    following = _cursor(found[limit - 1], order) if len(found) > limit else None
    return Page(rows_shown, following, many)


def numbers(
    criteria: Criteria, *, by: Actor, today: date, zone: ZoneInfo, order: str = "", relations: Relations | None = None
) -> "array[int]":
    """Every number in order, eight bytes each: who they are at this moment, for work over all of them."""
    asking = _Asking(criteria, by, today, zone, relations or here())
    statement = asking.question().numbers(asking.order(order))
    found = array("q")
    with answers(statement) as cursor:
        while chunk := cursor.fetchmany(10_000):
            found.extend(row[0] for row in chunk)
    return found


def rows(
    criteria: Criteria,
    *,
    by: Actor,
    today: date,
    zone: ZoneInfo,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    order: str = "",
    relations: Relations | None = None,
) -> Iterator[dict[str, Any]]:
    """Every customer with the chosen columns, for an export: who they are is settled first, their values are read a
    thousand at a time, so that memory stays flat."""
    facts, ground = columns_named(columns, by), ground_of(by, today, zone)
    found = numbers(criteria, by=by, today=today, zone=zone, order=order, relations=relations)
    return _rows_of(found, facts, by, relations, ground)


def _rows_of(
    found: "array[int]", facts: list[Fact], by: Actor, relations: Relations | None, ground: Ground
) -> Iterator[dict[str, Any]]:
    for chunk in batched(found, _CHUNK):
        values = values_of(chunk, facts, by=by, relations=relations, ground=ground)
        for number in chunk:
            yield {"number": number} | values[number]


def sentence(criteria: Criteria, *, by: Actor, today: date, zone: ZoneInfo) -> str:
    """The criterion as a readable sentence: `women whose city is Berlin`. Raises CriteriaError."""
    asking = _Asking(criteria, by, today, zone, here())
    assert asking.meaning is not None
    return wording.sentence_of(asking.tree, asking.ground)


class _Asking:
    """One question by one person: checked once, planned once."""

    def __init__(
        self,
        criteria: Criteria,
        by: Actor,
        today: date,
        zone: ZoneInfo,
        relations: Relations,
        rules: House | None = None,
    ) -> None:
        self.tree = parse(criteria) if isinstance(criteria, str) else criteria
        self.by = by
        self.ground = ground_of(by, today, zone, rules=rules)
        self.relations = relations
        self.meaning = check(self.tree, self.ground)

    @cached_property
    def _question(self) -> Question:
        compiler = self._compiler()
        return Question(compiler.settled(normal(self.meaning)), compiler, self._visible())

    def question(self) -> Question:
        return self._question

    def _visible(self) -> Sql:
        """The condition on `c` that keeps to whom the asker may know of."""
        return condition_on(self.by, "c") or TRUE

    def _compiler(self) -> Compiler:
        """What stands on another card is asked only of cards that the asker may know of."""
        return Compiler(self.relations, dialect(), condition_on(self.by, "o"))

    def order(self, name: str) -> Order:
        """The order of this name. Raises CriteriaError."""
        bare = name.removeprefix("-")
        descending = name.startswith("-")
        if bare in ("", "name"):
            key = Sql(f"c.{quoted('sort_key')}")
            return Order(key, textual=True, walked=True, column="sort_key", descending=descending)
        listed = listed_facts(self.by, self.ground.facts)
        fact = listed.get(bare)
        if fact is None:
            _refuse_words_of_order(name)
            message = _("There is nothing called “%(name)s” to sort by.") % {"name": bare[:60]}
            raise CriteriaError(message, nearest=nearest(bare, listed))
        if fact.protection == "sealed" or isinstance(fact.source, Several) or tells(fact, self.by):
            raise NotShown(_("A list cannot be sorted by “%(name)s”.") % {"name": fact.name})
        return self._order_by(fact, descending)

    def _order_by(self, fact: Fact, descending: bool) -> Order:
        compiler = self._compiler()
        if isinstance(fact.source, Ledger):
            value = compiler.measure_of(all_time(fact, self.ground.today))
            if fact.type == "text":
                return Order(
                    Sql(dialect().bytewise(value.text), value.params), True, walked=False, descending=descending
                )
            day = field_of(model_named(fact.source.model), fact.source.day) if fact.type == "date" else None
            return Order(value, textual=False, walked=False, descending=descending, field=day)
        if isinstance(fact.source, Defined):
            met = condition_of(fact, self.ground, self.relations)
            text = f"CASE WHEN {met.text} THEN 1 ELSE 0 END"
            return Order(Sql(text, met.params), textual=False, walked=False, descending=descending)
        if isinstance(fact.source, Present):
            _model, source, fixed = compiler.rows_for_order(fact)
            text = f"CASE WHEN EXISTS (SELECT 1 FROM {source.text} WHERE {fixed.text}) THEN 1 ELSE 0 END"
            return Order(Sql(text, (*source.params, *fixed.params)), False, walked=False, descending=descending)
        place = place_of(fact)
        if isinstance(fact.source, Column):
            name = place.folded if place.folded and folds(fact) else place.column
            field = field_of(model_named(CUSTOMER), name)
            key = compiler.key(fact, place, "c")
            walked = key.column and indexed(field)
            column = field.column if key.column else None
            ordered = key.ordered(dialect()) if place.textual else key.text
            return Order(Sql(ordered), place.textual, walked, column, descending, field)
        value, row = self._first(compiler, fact)
        rows = self._rows(compiler, fact, place, row)
        return Order(value, place.textual, walked=False, descending=descending, field=place.field, rows=rows)

    def _rows(self, compiler: Compiler, fact: Fact, place: Place, row: Sql) -> Rows | None:
        """The rows in which the keys lie, where an index begins with the key."""
        key = compiler.key(fact, place, "w")
        folded = field_of(place.model, place.folded or place.column) if not place.of else None
        if not (folded and key.column and key.bytewise and indexed(folded) and self.relations.live):
            return None
        pk = quoted(str(place.model._meta.pk.column))
        counts = Sql(f"w.{pk} = {row.text}", row.params)
        return Rows(quoted(place.model._meta.db_table), key.text, f"w.{quoted(customer_column(place.model))}", counts)

    def _first(self, compiler: Compiler, fact: Fact) -> tuple[Sql, Sql]:
        """The value that a list shows first, of the primary row, else the oldest; and that row."""
        place = place_of(fact)
        key = compiler.key(fact, place, "o" if place.of else "m")
        _model, source, fixed = compiler.rows_for_order(fact)
        primary = 'm."primary" DESC, ' if any(f.name == "primary" for f in place.model._meta.concrete_fields) else ""
        known = f"{key.text} <> ''" if place.textual else f"{key.text} IS NOT NULL"
        pk = quoted(str(place.model._meta.pk.column))
        value = key.ordered(dialect()) if place.textual else key.text
        rest = f"FROM {source.text} WHERE {fixed.text} AND {known} ORDER BY {primary}m.{pk} LIMIT 1"
        params = (*source.params, *fixed.params)
        return Sql(f"(SELECT {value} {rest})", params), Sql(f"(SELECT m.{pk} {rest})", params)


# --- cursors ----------------------------------------------------------------------------------------------------------


def _refuse_words_of_order(name: str) -> None:
    """Who writes `spent desc`, as databases have it, is told how it is written here."""
    fact, _blank, way = name.strip().removeprefix("-").partition(" ")
    ways = {"asc": fact, "ascending": fact, "desc": f"-{fact}", "descending": f"-{fact}"}
    if (right := ways.get(way.strip().lower())) is not None:
        message = _("“%(written)s” is written “%(right)s” here: a minus before the name turns the order round.")
        raise CriteriaError(message % {"written": name[:60], "right": right[:60]}, nearest=[right[:60]])


def _cursor(last: tuple[int, Any, bool], order: str) -> str:
    """Where a page ended, opaque."""
    number, key, known = last
    return base64.urlsafe_b64encode(orjson.dumps([order, number, known, _plain(key)])).decode().rstrip("=")


def _plain(key: Any) -> Any:
    """A key as JSON keeps it."""
    return key.isoformat() if isinstance(key, date | datetime) else key


def _key(plain: Any, order: Order) -> Any:
    """A key as the database keeps it; a moment that names no zone (SQLite's) is UTC."""
    kind = order.field.get_internal_type() if order.field is not None and plain is not None else ""
    if kind == "DateField":
        return kept(order.field, date.fromisoformat(plain))
    if kind == "DateTimeField":
        at = datetime.fromisoformat(plain)
        return kept(order.field, at if at.tzinfo else at.replace(tzinfo=UTC))
    return plain


def _after(cursor: str | None, name: str, order: Order) -> After | None:
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        of, number, known, key = orjson.loads(base64.urlsafe_b64decode(padded))
        if of != name or not isinstance(number, int) or not isinstance(known, bool) or isinstance(key, list | dict):
            raise ValueError
        return After(number, _key(key, order), known)
    except (ValueError, TypeError, binascii.Error):
        raise CriteriaError(_("This page belongs to another list: begin at its first page.")) from None
