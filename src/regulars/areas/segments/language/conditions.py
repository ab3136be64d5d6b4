"""One fact's condition on one row, and the values in use that are like a given one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.likeness import alike
from regulars.areas.segments.language.meaning import Holds
from regulars.areas.segments.language.places import CUSTOMER, Key, Place, field_of, place_of
from regulars.areas.segments.language.relations import Relations
from regulars.kernel.databases import KeyField
from regulars.kernel.dialect import TRUE, Dialect, Sql, indexed, joined, kept, quoted
from regulars.kernel.registries import Column, Fact, model_named
from regulars.kernel.text import fold

MOST_ALIKE = 20_000  # values that `~` may find


class Conditions:
    """Writes conditions on the rows of given relations, one fact at a time."""

    def __init__(self, relations: Relations, dialect: Dialect, linked: Sql | None = None) -> None:
        """`linked` is the condition on another customer `o` to whom a row of hers points; None: any may be asked of."""
        self.linked = linked
        self.relations = relations
        self.dialect = dialect
        self.used: set[str] = {"number"}  # columns of the customer's row that the condition reads

    def own(self, holds: Holds, wanted: bool, *, shielded: bool) -> Sql:
        """A condition on the customer's own row."""
        place = place_of(holds.fact)
        self.used |= {each for each in (place.column, place.folded, place.currency) if each}
        if holds.relation in ("empty", "filled"):  # never NULL
            asked = (holds.relation == "empty") == wanted
            return self.holds(Holds(holds.fact, "empty" if asked else "filled"), place, "c", shielded)
        return unless(self.holds(holds, place, "c", shielded), wanted)

    def holds(self, holds: Holds, place: Place, alias: str, shielded: bool) -> Sql:
        """The condition on one row; NULL or false where the value is unknown."""
        value = f"{alias}.{quoted(place.field.column)}"
        if holds.relation in ("empty", "filled"):
            return _emptiness(value, place.textual, holds.relation == "empty")
        if holds.fact.type == "birthday":
            return self._birthday(holds, value, place.textual)
        key = self.key(holds.fact, place, alias)
        if key.column and (shielded or self._is_slow_day(place)):
            key = replace(key, text=self.dialect.shield(key.text))
        if holds.relation == "written":
            among = self.dialect.among(value, holds.values)
            return Sql(f"({value} > '' AND {among.text})", among.params)
        bound = [self._bound(holds.fact, place, each) for each in holds.values]
        condition = self._relation(holds.relation, key, bound, textual=place.textual)
        if holds.currency:
            currency = f"{alias}.{quoted(place.currency)} = %s"
            condition = Sql(f"{condition.text} AND {currency}", (*condition.params, holds.currency))
        return Sql(f"({condition.text})", condition.params)

    def _is_slow_day(self, place: Place) -> bool:
        """Whether days stand in a column without an index: SQLite then tries each as a number unless shielded."""
        return place.field.get_internal_type() in ("DateField", "DateTimeField") and not indexed(place.field)

    def key(self, fact: Fact, place: Place, alias: str) -> "Key":
        """What is compared."""
        folded = place.folded if folds(fact) else None
        field = field_of(place.of or place.model, folded or place.column)
        column = f"{alias}.{quoted(field.column)}"
        if folds(fact) and not folded:
            return Key(self.dialect.fold(column), column=False, bytewise=False)
        return Key(column, column=True, bytewise=isinstance(field, KeyField))

    def _bound(self, fact: Fact, place: Place, value: Any) -> Any:
        return value if place.textual or fact.type == "sealed" else kept(place.field, value)

    def _relation(self, relation: str, compared: "Key", values: list[Any], *, textual: bool) -> Sql:
        key = compared.text
        known = f" AND {key} <> ''" if textual else ""
        ordered = key if not textual or compared.bytewise else self.dialect.bytewise(key)
        match relation:
            case "eq":
                return Sql(f"{key} = %s", (values[0],))
            case "ne":
                return Sql(f"{key} <> %s{known}", (values[0],))
            case "lt" | "le":
                return Sql(f"{ordered} {'<' if relation == 'lt' else '<='} %s{known}", (values[0],))
            case "gt" | "ge":
                return Sql(f"{ordered} {'>' if relation == 'gt' else '>='} %s", (values[0],))
            case "among":
                return self.dialect.among(key, values)
            case "range":
                return Sql(f"{ordered} BETWEEN %s AND %s", (values[0], values[1]))
            case "span":
                return Sql(f"{key} >= %s AND {key} < %s", (values[0], values[1]))
            case "outside":
                return Sql(f"{key} < %s OR {key} >= %s", (values[0], values[1]))
            case "starts":
                return self._starts(ordered, values[0])
            case "contains":
                return self.dialect.contains(key, values[0])
        raise ValueError(relation)

    def _starts(self, key: str, text: str) -> Sql:
        after = following(text)
        if after is None:
            return Sql(f"{key} >= %s", (text,))
        return Sql(f"{key} >= %s AND {key} < %s", (text, after))

    def _birthday(self, holds: Holds, value: str, textual: bool) -> Sql:
        if holds.relation == "yearly":
            return self._yearly(holds.values, value, textual)
        days, key = holds.values, self.dialect.bytewise(value)
        known = f" AND {key} >= '0'"  # not those without a year, `--03-07`
        match holds.relation:
            case "lt" | "le":
                return Sql(f"({key} {'<' if holds.relation == 'lt' else '<='} %s{known})", (days[0],))
            case "gt" | "ge":
                return Sql(f"({key} {'>' if holds.relation == 'gt' else '>='} %s)", (days[0],))
            case "range":
                return Sql(f"({key} BETWEEN %s AND %s)", (days[0], days[1]))
            case _:
                return Sql(f"{value} = %s", (days[0],))

    def _yearly(self, spans: Sequence[tuple[int, int]], value: str, textual: bool) -> Sql:
        key = self.dialect.bytewise(self.dialect.last(value, 5)) if textual else value
        known = f"{value} <> '' AND " if textual else ""
        ends = [(_month_day(low), _month_day(high)) if textual else (low, high) for low, high in spans]
        either = joined(" OR ", [Sql(f"{key} BETWEEN %s AND %s", pair) for pair in ends])
        return Sql(f"({known}({either.text}))", either.params)

    def of_those_alike(self, holds: Holds) -> Holds:
        """It holds for the values in use that are alike: for their folded keys, or as they are written where no such
        key is kept. Raises CriteriaError when they are too many to ask for."""
        place = place_of(holds.fact)
        key, model = self.key(holds.fact, place, "m"), place.of or place.model
        column = key.text if key.column else f"m.{quoted(place.field.column)}"
        source, fixed = self.from_rows(model), TRUE if place.of else self.fixed(place.model, place.where)
        with connection.cursor() as cursor:
            query = f"SELECT DISTINCT {column} FROM {source.text} WHERE {column} > '' AND {fixed.text}"
            cursor.execute(query, (*source.params, *fixed.params))
            used = [row[0] for row in cursor.fetchall()]
        folded = {each: each for each in used} if key.column else {each: fold(each) for each in used}
        near = set(alike(holds.values[0], list(dict.fromkeys(folded.values()))))
        found = sorted(written for written, each in folded.items() if each in near)
        if len(found) > MOST_ALIKE:
            raise CriteriaError(_("Too many texts are like “%(text)s”. Write more of it.") % {"text": holds.values[0]})
        return replace(holds, relation="among" if key.column else "written", values=tuple(found))

    def of_those_kept(self, holds: Holds) -> Holds:
        """It holds for the cards that these numbers lead to: a merged one for the card it went into, along the whole
        way, as things stand at the moment that is asked of."""
        into: dict[int, int] = {}
        fresh = set(holds.values)
        while fresh:
            further = self._merged_among(fresh)
            into |= further
            fresh = set(further.values()) - into.keys()
        kept = tuple(dict.fromkeys(_end_of(into, number) for number in holds.values))
        return replace(holds, values=kept)

    def _merged_among(self, numbers: Collection[int]) -> dict[int, int]:
        source, into = self.relations.of(model_named(CUSTOMER)), quoted("merged_into_id")
        among = self.dialect.among("c.number", sorted(numbers))
        with connection.cursor() as cursor:
            query = f"SELECT c.number, c.{into} FROM {source.text} c WHERE {among.text} AND c.{into} IS NOT NULL"
            cursor.execute(query, (*source.params, *among.params))
            return dict(cursor.fetchall())

    # --- the rows they are asked of ----------------------------------------------------------------------------------

    def joined_rows(self, place: Place) -> Sql:
        """The rows of a place as `m`, with what they point to as `o`."""
        source = self.from_rows(place.model)
        if not place.of:
            return source
        assert place.of._meta.pk is not None
        of = self.relations.of(place.of)
        joins = f"o.{quoted(str(place.of._meta.pk.column))} = m.{quoted(place.via or '')}"
        params = (*source.params, *of.params)
        if self.linked is not None and place.of is model_named(CUSTOMER):
            joins, params = f"{joins} AND {self.linked.text}", (*params, *self.linked.params)
        return Sql(f"{source.text} JOIN {of.text} o ON {joins}", params)

    def from_rows(self, model: type[Model]) -> Sql:
        relation = self.relations.of(model)
        return Sql(f"{relation.text} m", relation.params)

    def fixed(self, model: type[Model], where: Iterable[tuple[str, Any]]) -> Sql:
        return joined(" AND ", self.each_fixed(model, where) or [TRUE])

    def each_fixed(self, model: type[Model], where: Iterable[tuple[str, Any]]) -> list[Sql]:
        fields = [(field_of(model, column), value) for column, value in where]
        # Beside the customer's number, a fixed column in the same index is welcome; so none is shielded here.
        return [Sql(f"m.{quoted(field.column)} = %s", (kept(field, value),)) for field, value in fields]


def folds(fact: Fact) -> bool:
    """Whether a fact's texts are compared folded."""
    return fact.type in ("text", "email", "phone") or (fact.type == "code" and not fact.choices)


def names_customers(fact: Fact) -> bool:
    """Whether a fact's values are customers' numbers."""
    return fact.type == "customer" or (fact.source == Column("number") and fact.group is None)


def _end_of(into: Mapping[int, int], number: int) -> int:
    while number in into:
        number = into[number]
    return number


def following(text: str) -> str | None:
    """The first text, code point by code point, after all that begin with this one; None if there is none."""
    for place in range(len(text) - 1, -1, -1):
        point = ord(text[place]) + 1
        point = 0xE000 if 0xD800 <= point <= 0xDFFF else point
        if point <= 0x10FFFF:
            return text[:place] + chr(point)
    return None


def _emptiness(value: str, textual: bool, empty: bool) -> Sql:
    if textual:
        return Sql(f"({value} IS NULL OR {value} = '')" if empty else f"({value} IS NOT NULL AND {value} <> '')")
    return Sql(f"{value} IS NULL" if empty else f"{value} IS NOT NULL")


def _month_day(mmdd: int) -> str:
    return f"{mmdd // 100:02}-{mmdd % 100:02}"


def unless(condition: Sql, wanted: bool) -> Sql:
    return condition if wanted else Sql(f"({condition.text}) IS NOT TRUE", condition.params)
