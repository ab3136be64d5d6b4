"""The values of any chosen facts for a page of customers: one query a table, whatever was chosen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col
from django.utils.translation import gettext as _

from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.relations import Present as Now
from regulars.areas.segments.language.relations import Relations
from regulars.areas.segments.language.sql import CUSTOMER, Place, customer_column, field_of, place_of
from regulars.kernel.actor import Actor
from regulars.kernel.dialect import Sql, quoted
from regulars.kernel.registries import Asked, Column, Fact, Member, Present, Several, facts, model_named

DEFAULT_COLUMNS = ("name", "email", "phone", "city")
MASK = "•••"
Values = dict[int, dict[str, Any]]


def listed_facts(by: Actor) -> dict[str, Fact]:
    """The facts that may be list columns for this person, by name."""
    return {name: fact for name, fact in facts().items() if fact.listed and not isinstance(fact.source, Asked)}


def columns_named(names: Iterable[str], by: Actor) -> list[Fact]:
    """The facts of these columns. Raises CriteriaError with the nearest names for one that is none."""
    known = listed_facts(by)
    found = []
    for name in dict.fromkeys(names):
        if name not in known:
            message = _("There is no column “%(name)s”.") % {"name": name[:60]}
            raise CriteriaError(message, nearest=nearest(name, known))
        found.append(known[name])
    return found


def values_of(
    numbers: Sequence[int], chosen: Sequence[Fact], *, by: Actor, relations: Relations | None = None
) -> Values:
    """Per number, per fact its value: None, or a list for a many-valued fact (primary first, then oldest).

    Days and moments (UTC) are Python's, amounts exact text (`12.5`, `12.5 EUR`); masked and sealed facts are masked
    for everybody: to unmask is a deed of its own, and recorded.
    """
    reader = _Reader(numbers, relations or Now())
    for fact in chosen:
        reader.want(fact)
    return reader.read()


@dataclass(slots=True)
class _Wanted:
    """The columns of one model that are wanted, with the facts they become."""

    model: type[Model]
    where: tuple[tuple[str, Any], ...]
    facts: list[Fact]


class _Reader:
    """Gathers what is wanted of each table, then reads each once."""

    def __init__(self, numbers: Sequence[int], relations: Relations) -> None:
        self.numbers = list(numbers)
        self.relations = relations
        self.own: list[Fact] = []
        self.groups: dict[Any, _Wanted] = {}
        self.present: list[Fact] = []

    def want(self, fact: Fact) -> None:
        if isinstance(fact.source, Column | Several):
            self.own.append(fact)
        elif isinstance(fact.source, Present):
            self.present.append(fact)
        elif isinstance(fact.source, Member):
            place = place_of(fact)
            wanted = self.groups.setdefault((place.model, place.via), _Wanted(place.model, (), []))
            wanted.facts.append(fact)

    def read(self) -> Values:
        found: Values = {number: {} for number in self.numbers}
        if not self.numbers:
            return found
        if self.own:
            self._read_own(found)
        for wanted in self.groups.values():
            self._read_group(wanted, found)
        for model in {fact.source.model for fact in self.present}:  # type: ignore[union-attr]
            self._read_present(model_named(model), found)
        return found

    def _read_own(self, found: Values) -> None:
        model = model_named(CUSTOMER)
        names = {fact.source.column for fact in self.own if isinstance(fact.source, Column)}
        if any(isinstance(fact.source, Several) for fact in self.own):
            names |= {"title", "given_name", "middle_name", "family_name", "suffix", "organisation_name", "called_name"}
        fields = {name: field_of(model, name) for name in sorted(names | {"number"})}
        places = [(fact, None if isinstance(fact.source, Several) else place_of(fact)) for fact in self.own]
        for row in self._rows(model, "number", list(fields.values()), (), None):
            values = dict(zip(fields, row, strict=True))
            into = found[values["number"]]
            for fact, place in places:
                into[fact.name] = _named(model, values) if place is None else shown(fact, place, values)

    def _read_group(self, wanted: _Wanted, found: Values) -> None:
        model, first = wanted.model, place_of(wanted.facts[0])
        own = {place.column for place in map(place_of, wanted.facts) if not place.of}
        fixed = {column for fact in wanted.facts for column, _value in place_of(fact).where}
        more = {name for name in ("currency", "masked") if _has(model, name)}
        fields = {("m", name): field_of(model, name) for name in sorted(own | fixed | more)}
        if first.of:
            fields |= {("o", p.column): field_of(first.of, p.column) for p in map(place_of, wanted.facts) if p.of}
        link = customer_column(model)
        listed = [field_of(model, link), *(field for (alias, _n), field in fields.items() if alias == "m")]
        others = [field for (alias, _n), field in fields.items() if alias == "o"]
        names = [name for (alias, name) in fields if alias == "m"] + [name for (alias, name) in fields if alias == "o"]
        for fact in wanted.facts:
            for number in self.numbers:
                found[number].setdefault(fact.name, [])
        places = [(fact, place_of(fact)) for fact in wanted.facts]
        for row in self._rows(model, link, listed, others, first):
            values = dict(zip(names, row[1:], strict=True))
            for fact, place in places:
                _put(fact, place, values, found[row[0]][fact.name])
        for number in self.numbers:
            for fact in wanted.facts:
                if fact.name.startswith("custom."):
                    found[number][fact.name] = next(iter(found[number][fact.name]), None)

    def _read_present(self, model: type[Model], found: Values) -> None:
        wanted = [fact for fact in self.present if model_named(fact.source.model) is model]  # type: ignore[union-attr]
        columns = sorted({column for fact in wanted for column, _value in fact.source.where})  # type: ignore[union-attr]
        link = customer_column(model)
        for number in self.numbers:
            found[number].update({fact.name: False for fact in wanted})
        for row in self._rows(model, link, [field_of(model, each) for each in (link, *columns)], (), None):
            values = dict(zip(columns, row[1:], strict=True))
            for fact in wanted:
                if all(values[column] == value for column, value in fact.source.where):  # type: ignore[union-attr]
                    found[row[0]][fact.name] = True

    def _rows(
        self, model: type[Model], link: str, fields: Sequence[Any], others: Sequence[Any], place: Any
    ) -> Iterable[tuple[Any, ...]]:
        relation = self.relations.of(model)
        join = Sql("")
        if place is not None and place.of:
            of = self.relations.of(place.of)
            join = Sql(f" JOIN {of.text} o ON o.{quoted(place.of._meta.pk.column)} = m.{quoted(place.via)}", of.params)
        chosen = ", ".join([f"m.{quoted(f.column)}" for f in fields] + [f"o.{quoted(f.column)}" for f in others])
        marks = ", ".join(["%s"] * len(self.numbers))
        hers = f"m.{quoted(link)} IN ({marks})"
        text = f"SELECT {chosen} FROM {relation.text} m{join.text} WHERE {hers}{_oldest_first(model)}"
        turn = [_python(field) for field in (*fields, *others)]
        with connection.cursor() as cursor:
            cursor.execute(text, (*relation.params, *join.params, *self.numbers))
            for row in cursor.fetchall():
                yield tuple(each(value) for each, value in zip(turn, row, strict=True))


def _oldest_first(model: type[Model]) -> str:
    if model is model_named(CUSTOMER):
        return ""
    primary = 'm."primary" DESC, ' if _has(model, "primary") else ""
    return f" ORDER BY {primary}m.{quoted(str(model._meta.pk.column))}"


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _python(field: Any) -> Callable[[Any], Any]:
    """How what the driver gives becomes Python's."""
    column = Col("t", field)
    turns = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]

    def turned(value: Any) -> Any:
        for turn in turns:
            value = turn(value, column, connection)
        return value

    return turned


def _put(fact: Fact, place: Place, values: Mapping[str, Any], into: list[Any]) -> None:
    if all(values[column] == value for column, value in place.where):
        value = shown(fact, place, values)
        if value is not None and value not in into:
            into.append(value)


def shown(fact: Fact, place: Place, values: Mapping[str, Any]) -> Any:
    """One value as it may be shown."""
    value = values[place.column]
    if value is None or value == "":
        return None
    if fact.type == "sealed":
        return values.get("masked") or MASK
    if fact.protection == "masked":
        return MASK
    if fact.type in ("decimal", "money"):
        amount = f"{(Decimal(value) / 10_000).normalize():f}"
        return f"{amount} {values.get('currency', '')}".strip() if fact.type == "money" else amount
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _named(model: type[Model], values: Mapping[str, Any]) -> Any:
    """The customer's name, as the model puts it together, without making a whole instance of it."""
    return vars(model)["name"].fget(SimpleNamespace(**values))
