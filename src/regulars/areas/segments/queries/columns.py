"""The values of any chosen facts for a page of customers: one query a table, whatever was chosen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col
from django.utils.translation import gettext as _

from regulars.areas.customers.models import NAMED, called
from regulars.areas.customers.queries import condition_on
from regulars.areas.house.queries import house
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.ledgers import all_time
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.language.places import CUSTOMER, customer_column, field_of, place_of
from regulars.areas.segments.language.relations import Relations, here
from regulars.areas.segments.language.sql import Compiler
from regulars.areas.segments.queries.defined import ground_now, meeting
from regulars.kernel.actor import Actor
from regulars.kernel.dates import day_of
from regulars.kernel.dialect import Sql, dialect, joined, quoted
from regulars.kernel.money import in_coins
from regulars.kernel.registries import (
    Asked,
    Column,
    Defined,
    Fact,
    Ledger,
    Member,
    Present,
    Several,
    facts,
    model_named,
)

DEFAULT_COLUMNS = ("name", "email", "phone", "city")
MASK = "•••"
Values = dict[int, dict[str, Any]]


def listed_facts(by: Actor, known: Mapping[str, Fact] | None = None) -> dict[str, Fact]:
    """The facts that may be list columns for this person, by name; `known` spares reading them again."""
    every = facts() if known is None else known
    return {name: fact for name, fact in every.items() if _is_listed(fact)}


def _is_listed(fact: Fact) -> bool:
    return fact.listed and not isinstance(fact.source, Asked)


def columns_named(names: Iterable[str], by: Actor, known: Mapping[str, Fact] | None = None) -> list[Fact]:
    """The facts of these columns. Raises CriteriaError with the nearest names for one that is none."""
    every = facts() if known is None else known
    found = []
    for name in dict.fromkeys(names):
        fact = every.get(name)
        if fact is None or not _is_listed(fact):
            message = _("There is no column “%(name)s”.") % {"name": name[:60]}
            raise CriteriaError(message, nearest=nearest(name, listed_facts(by, every)))
        found.append(fact)
    return found


def values_of(
    numbers: Sequence[int],
    chosen: Sequence[Fact],
    *,
    by: Actor,
    relations: Relations | None = None,
    ground: Ground | None = None,
) -> Values:
    """Per number, per fact its value: None, or a list for a many-valued fact (primary first, then oldest). `ground` is
    that of the question they answer; without one, facts that depend on the day are those of the house's.

    Days and moments (UTC) are Python's, amounts exact text (`12.5`, `12.5 EUR`); masked and sealed facts are masked
    for everybody: to unmask is a deed of its own, and recorded.
    """
    found: Values = {number: {} for number in numbers}
    if not found:
        return found
    read = _Reading(list(found), relations or here(), condition_on(by, "o"))
    own = [fact for fact in chosen if isinstance(fact.source, Column | Several)]
    if own:
        _read_own(read, own, found)
    for (model, _via), members in _by_table(chosen).items():
        _read_group(read, model, members, found)
    for model, marks in _by_model(chosen).items():
        _read_marks(read, model, marks, found)
    if ledgers := [fact for fact in chosen if isinstance(fact.source, Ledger)]:
        _read_ledgers(read, ledgers, found, (ground or ground_now(by)).today)
    if defined := [fact for fact in chosen if isinstance(fact.source, Defined)]:
        for number, meets in meeting(defined, read.numbers, ground or ground_now(by), read.relations):
            found[number].update(zip((fact.name for fact in defined), meets, strict=True))
    return found


def _by_table(chosen: Sequence[Fact]) -> dict[tuple[type[Model], str | None], list[Fact]]:
    tables: dict[tuple[type[Model], str | None], list[Fact]] = {}
    for fact in chosen:
        if isinstance(fact.source, Member):
            place = place_of(fact)
            tables.setdefault((place.model, place.via), []).append(fact)
    return tables


def _by_model(chosen: Sequence[Fact]) -> dict[type[Model], list[tuple[str, dict[str, Any]]]]:
    models: dict[type[Model], list[tuple[str, dict[str, Any]]]] = {}
    for fact in chosen:
        if isinstance(fact.source, Present):
            models.setdefault(model_named(fact.source.model), []).append((fact.name, dict(fact.source.where)))
    return models


# --- the customer's own row ----------------------------------------------------------------------------------------


def _read_own(read: "_Reading", own: Sequence[Fact], found: Values) -> None:
    model = model_named(CUSTOMER)
    sources = [fact.source for fact in own if isinstance(fact.source, Column)]
    columns = {each for source in sources for each in (source.column, source.currency) if each}
    named = [fact.name for fact in own if isinstance(fact.source, Several)]
    names = list(dict.fromkeys(["number", *sorted(columns), *(NAMED if named else ())]))
    parts = [names.index(part) for part in NAMED if named]
    shown = [
        (fact.name, names.index(fact.source.column), _shown(fact, names.index(fact.source.currency or "number")))
        for fact in own
        if isinstance(fact.source, Column)
    ]
    for row in read.rows(model, names):
        into = found[row[0]]
        for name, place, show in shown:
            into[name] = show(row[place], row)
        for name in named:
            into[name] = called(*[row[place] for place in parts]) or str(row[0])


# --- rows of hers --------------------------------------------------------------------------------------------------


def _read_group(read: "_Reading", model: type[Model], members: Sequence[Fact], found: Values) -> None:
    """Reads the rows of one table once, for all the facts that stand in it."""
    places = [place_of(fact) for fact in members]
    extra = [name for name in ("currency", "masked") if _has(model, name)]
    own = {p.column for p in places if not p.of} | {column for p in places for column, _value in p.where}
    names = [customer_column(model), *sorted({*own, *extra})]
    of = places[0].of
    others = sorted({p.column for p in places}) if of else []
    takers = []
    for fact, place in zip(members, places, strict=True):
        at = len(names) + others.index(place.column) if of else names.index(place.column)
        aside = (
            names.index("masked") if fact.type == "sealed" else names.index("currency") if fact.type == "money" else at
        )
        where = [(names.index(column), value) for column, value in place.where]
        takers.append((fact.name, at, where, _shown(fact, aside)))
    for each in found.values():
        each.update({fact.name: [] for fact in members})
    for row in read.rows(model, names, others, places[0]):
        into = found[row[0]]
        for name, at, where, show in takers:
            for column, fixed in where:
                if row[column] != fixed:
                    break
            else:
                value = show(row[at], row)
                if value is not None and value not in into[name]:
                    into[name].append(value)
    for name in [fact.name for fact in members if fact.group == "custom"]:
        for each in found.values():
            each[name] = each[name][0] if each[name] else None


def _read_marks(
    read: "_Reading", model: type[Model], marks: Sequence[tuple[str, dict[str, Any]]], found: Values
) -> None:
    link = customer_column(model)
    columns = sorted({column for _name, where in marks for column in where})
    for each in found.values():
        each.update({name: False for name, _where in marks})
    for row in read.rows(model, [link, *columns]):
        values = dict(zip(columns, row[1:], strict=True))
        for name, where in marks:
            if all(values[column] == value for column, value in where.items()):
                found[row[0]][name] = True


# --- what ledgers come to --------------------------------------------------------------------------------------------


def _read_ledgers(read: "_Reading", chosen: Sequence[Fact], found: Values, today: date) -> None:
    """What each comes to over all time, in one statement."""
    compiler = Compiler(read.relations, dialect())
    values = [compiler.measure_of(all_time(fact, today), told=True) for fact in chosen]
    customers = read.relations.of(model_named(CUSTOMER))
    asked = joined(", ", [Sql("c.number"), *values])
    hers = f"c.number IN ({', '.join(['%s'] * len(read.numbers))})"
    text = f"SELECT {asked.text} FROM {customers.text} c WHERE {hers}"
    with connection.cursor() as cursor:
        cursor.execute(text, (*asked.params, *customers.params, *read.numbers))
        rows = cursor.fetchall()
    currency = house().currency if any(fact.type == "money" for fact in chosen) else ""
    for number, *each in rows:
        for fact, value in zip(chosen, each, strict=True):
            found[number][fact.name] = _come_to(fact, value, currency)


def _come_to(fact: Fact, value: Any, currency: str) -> Any:
    assert isinstance(fact.source, Ledger)
    if value is None:
        value = fact.source.of_nothing
    if value is None:
        return None
    if fact.type == "money":
        exact = int(value)  # what was divided has digits that no coin has
        shown = in_coins(exact, currency) if fact.source.aggregate == "average" else exact
        return f"{_amount(shown)} {currency}"
    if fact.type == "date":
        return day_of(value)
    if fact.type == "yesno":
        return bool(value)
    return str(value) if fact.type == "text" else int(value)


# --- values --------------------------------------------------------------------------------------------------------


def _shown(fact: Fact, aside: int = 0) -> Callable[[Any, Sequence[Any]], Any]:
    """How a value may be shown, from the value and its row; `aside` is where its mask or its currency stands."""
    if fact.type == "sealed":
        return lambda value, row: (row[aside] or MASK) if value else None
    if fact.protection == "masked":
        return lambda value, row: None if value in (None, "") else MASK
    if fact.type == "money":
        return lambda value, row: None if value is None else f"{_amount(value)} {row[aside]}".strip()
    if fact.type == "decimal":
        return lambda value, row: None if value is None else _amount(value)
    return lambda value, row: None if value == "" else value


def _amount(value: int) -> str:
    return f"{(Decimal(value) / 10_000).normalize():f}"


class _Reading:
    """Reads rows of these customers, each value as Python has it."""

    def __init__(self, numbers: Sequence[int], relations: Relations, linked: Sql | None) -> None:
        self.numbers, self.linked = numbers, linked
        self.relations = relations

    def rows(
        self, model: type[Model], names: Sequence[str], further: Sequence[str] = (), place: Any = None
    ) -> Iterable[Sequence[Any]]:
        """The chosen columns of a table (`names`, the customer's number first) and of what it points to (`further`),
        the oldest row first."""
        of = place.of if further else None
        chosen, turns = _chosen(model, tuple(names), of, tuple(further), connection.vendor)
        relation, join = self.relations.of(model), Sql("")
        if of is not None:
            pointed = self.relations.of(of)
            on, params = f"o.{quoted(of._meta.pk.column)} = m.{quoted(place.via)}", pointed.params
            if self.linked is not None and of is model_named(CUSTOMER):  # a stranger's name is not told
                on, params = f"{on} AND {self.linked.text}", (*params, *self.linked.params)
            join = Sql(f" JOIN {pointed.text} o ON {on}", params)
        hers = f"m.{quoted(names[0])} IN ({', '.join(['%s'] * len(self.numbers))})"
        text = f"SELECT {chosen} FROM {relation.text} m{join.text} WHERE {hers}{_oldest_first(model)}"
        with connection.cursor() as cursor:
            cursor.execute(text, (*relation.params, *join.params, *self.numbers))
            given: list[Sequence[Any]] = cursor.fetchall()
        return [_turned(row, turns) for row in given] if turns else given


Turn = Callable[[Any], Any]


@lru_cache(2_048)
def _chosen(
    model: type[Model], names: tuple[str, ...], of: type[Model] | None, further: tuple[str, ...], _vendor: str
) -> tuple[str, list[tuple[int, Turn]]]:
    """These columns for a SELECT, and which of them become Python's values, and how: once for each database."""
    fields = [("m", field_of(model, name)) for name in names] + [("o", field_of(of, name)) for name in further if of]
    turns = [(place, turn) for place, (_alias, field) in enumerate(fields) if (turn := _turn(field)) is not None]
    return ", ".join([f"{alias}.{quoted(field.column)}" for alias, field in fields]), turns


def _turn(field: Any) -> Turn | None:
    """How what the driver gives becomes Python's; None where it is that already."""
    column = Col("t", field)
    turns = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]

    def turned(value: Any) -> Any:
        for turn in turns:
            value = turn(value, column, connection)
        return value

    return turned if turns else None


def _turned(row: Sequence[Any], turns: Sequence[tuple[int, Turn]]) -> list[Any]:
    values = list(row)
    for place, turn in turns:
        values[place] = turn(values[place])
    return values


@cache
def _oldest_first(model: type[Model]) -> str:
    if model is model_named(CUSTOMER):
        return ""
    primary = 'm."primary" DESC, ' if _has(model, "primary") else ""
    return f" ORDER BY {primary}m.{quoted(str(model._meta.pk.column))}"


@cache
def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)
