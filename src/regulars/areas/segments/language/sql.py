"""Meaning to SQL: one condition on the customer's row `c`, exact and two-valued on both databases.

`not` is carried down to the leaves first, so that each leaf is asked for or asked not to be. A leaf is on the
customer's own row or in rows of hers. A condition that may come out NULL is as good as false
where it is asked for, and `IS NOT TRUE` where it is asked not to be.

The same meaning can be put as sets (`c.number IN (SELECT …)`: for counting and fetching) or as probes (`EXISTS (… =
c.number)`: for walking along an order and asking of each customer in turn).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.likeness import alike
from regulars.areas.segments.language.meaning import (
    All,
    Both,
    Either,
    Given,
    Highest,
    Holds,
    Meaning,
    Neg,
    Nobody,
)
from regulars.areas.segments.language.relations import Relations
from regulars.kernel.databases import KeyField
from regulars.kernel.dialect import FALSE, TRUE, Dialect, Sql, indexed, joined, kept, quoted
from regulars.kernel.registries import Column, Fact, Member, Present, groups, model_named
from regulars.kernel.text import fold

CUSTOMER = "customers.Customer"
MOST_ALIKE = 20_000  # values that `~` may find


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the meaning, asked for or asked not to be."""

    asked: Holds | Given | Highest
    wanted: bool


Normal = All | Nobody | Leaf | Both | Either


def normal(meaning: Meaning, wanted: bool = True) -> Any:
    """The meaning with `not` carried down to its leaves; the parts of `Both` and `Either` are normal too."""
    match meaning:
        case Neg(part):
            return normal(part, not wanted)
        case Both(parts):
            return _flat(Both if wanted else Either, [normal(part, wanted) for part in parts])
        case Either(parts):
            return _flat(Either if wanted else Both, [normal(part, wanted) for part in parts])
        case All():
            return All() if wanted else Nobody()
        case Nobody():
            return Nobody() if wanted else All()
        case _:
            return Leaf(meaning, wanted)


def _flat(kind: type[Both] | type[Either], parts: list[Any]) -> Any:
    """`Both` within `Both` is one; what is everybody or nobody decides or falls away."""
    decides, falls_away = (Nobody, All) if kind is Both else (All, Nobody)
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    if any(isinstance(part, decides) for part in flat):
        return decides()
    kept_parts = tuple(dict.fromkeys(part for part in flat if not isinstance(part, falls_away)))
    return kind(kept_parts) if len(kept_parts) > 1 else kept_parts[0] if kept_parts else falls_away()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact's values lie: a model, the column of the value, the column of its folded key."""

    model: type[Model]
    column: str
    folded: str | None
    where: tuple[tuple[str, Any], ...] = ()
    via: str | None = None
    of: type[Model] | None = None

    @property
    def field(self) -> Any:
        """The Django field of the value."""
        return field_of(self.of or self.model, self.column)

    @property
    def textual(self) -> bool:
        return bool(self.field.get_internal_type() in ("CharField", "TextField"))

    @property
    def indexed(self) -> bool:
        """Whether a few of its values are found without reading all rows."""
        known = indexed(field_of(self.of or self.model, self.folded or self.column))
        if self.via:
            return known and indexed(field_of(self.model, self.via))
        return known or any(indexed(field_of(self.model, column)) for column, _value in self.where)


@dataclass(frozen=True, slots=True)
class Key:
    """What is compared: its SQL, whether it is a column as it stands (an index may serve), and whether the column
    compares byte by byte of its own."""

    text: str
    column: bool
    bytewise: bool

    def ordered(self, dialect: Dialect) -> str:
        """The key so that texts sort by their code points."""
        return self.text if self.bytewise else dialect.bytewise(self.text)


def field_of(model: type[Model], column: str) -> Any:
    """The field by its name or its column's."""
    for field in model._meta.concrete_fields:
        if column in (field.name, field.attname, field.column):
            return field
    raise LookupError(f"{model._meta.label} has no column {column}.")


def customer_column(model: type[Model]) -> str:
    """The column of a room's table that names the customer."""
    return str(getattr(model, "journal_subject", None) or "customer_id")


def place_of(fact: Fact) -> Place:
    """Where a fact of the customer's row or of a group lies."""
    source = fact.source
    if isinstance(source, Column):
        return Place(model_named(CUSTOMER), source.column, source.folded)
    if isinstance(source, Member):
        group = groups()[source.group]
        of = model_named(source.of) if source.of else None
        where = (*group.where, *source.where)
        return Place(model_named(group.model), source.column, source.folded, where, source.via, of)
    raise TypeError(f"{fact.name} lies in no column.")


class Compiler:
    """Writes the SQL of a meaning over given relations."""

    def __init__(self, relations: Relations, dialect: Dialect) -> None:
        self.relations = relations
        self.dialect = dialect
        self.used: set[str] = {"number"}  # columns of the customer's row that the condition reads

    def where(self, asked: Any, *, probing: bool = False, shielded: bool = False) -> Sql:
        """The condition on `c`. `asked` is normal. Shielded, it may be tested but not searched for: another part of
        the question, or the order, leads the way."""
        match asked:
            case All():
                return TRUE
            case Nobody():
                return FALSE
            case Both(parts):
                return _bracketed(" AND ", [self.where(part, probing=probing, shielded=shielded) for part in parts])
            case Either(parts):
                return self._either(parts, probing, shielded)
            case Leaf():
                return self.leaf(asked, probing=probing, shielded=shielded)
        raise TypeError(asked)

    def _either(self, parts: Sequence[Any], probing: bool, shielded: bool) -> Sql:
        if not probing and not all(map(self.is_own, parts)) and (self.dialect.plans or all(map(self.is_found, parts))):
            number = self.dialect.shield("c.number") if shielded else "c.number"
            return self.dialect.numbered(number, self.numbers(Either(tuple(parts))))
        return _bracketed(" OR ", [self.where(part, probing=probing, shielded=shielded) for part in parts])

    def numbers(self, asked: Any) -> Sql:
        """The numbers of those it holds for, perhaps more than once: `SELECT …`."""
        if isinstance(asked, Either):
            return joined(" UNION ALL ", [self.numbers(part) for part in asked.parts])
        if isinstance(asked, Leaf) and asked.wanted and (rows := self.rows(asked.asked)):
            return rows
        condition = self.where(asked)
        return Sql(f"SELECT c.number FROM {self.customers} c WHERE {condition.text}", condition.params)

    @property
    def customers(self) -> str:
        """The relation of the customers' own rows; only without parameters while it is the present."""
        return self.relations.of(model_named(CUSTOMER)).text

    def settled(self, asked: Any) -> Any:
        """The same with each `like` looked up: the values in use that are alike, or nobody. Raises CriteriaError."""
        match asked:
            case Both(parts) | Either(parts):
                return _flat(type(asked), [self.settled(part) for part in parts])
            case Leaf(Holds(relation="like") as holds, wanted):
                found = self._alike(holds)
                return Leaf(found, wanted) if found.values else (Nobody() if wanted else All())
        return asked

    # --- leaves ---------------------------------------------------------------------------------------------------

    def is_own(self, asked: Any) -> bool:
        """Whether it is answered by the customer's own row alone."""
        if isinstance(asked, Both | Either):
            return all(map(self.is_own, asked.parts))
        return not isinstance(asked, Leaf) or (
            isinstance(asked.asked, Holds) and isinstance(asked.asked.fact.source, Column)
        )

    def reads_own(self, asked: Any) -> bool:
        """Whether a part of it needs the customer's own row, beside her number."""
        if isinstance(asked, Both | Either):
            return any(map(self.reads_own, asked.parts))
        return isinstance(asked, Leaf) and isinstance(asked.asked.fact.source, Column)

    def is_found(self, asked: Any) -> bool:
        """Whether those it holds for are found through an index, without reading everybody."""
        if isinstance(asked, Either):
            return all(map(self.is_found, asked.parts))
        if isinstance(asked, Both):
            return any(map(self.is_found, asked.parts))
        if not isinstance(asked, Leaf) or not asked.wanted:
            return isinstance(asked, Nobody)
        holds = asked.asked
        if isinstance(holds, Given):
            return True
        if isinstance(holds.fact.source, Present):
            return isinstance(holds, Holds) and _asks_for_yes(holds)
        place = place_of(holds.fact)
        searched = isinstance(holds, Highest) or holds.relation not in ("contains", "ne", "outside", "empty", "yearly")
        return place.indexed and searched and not (place.textual and not self._key_is_kept(holds.fact, place))

    def _key_is_kept(self, fact: Fact, place: Place) -> bool:
        return place.folded is not None or not folds(fact)

    def leaf(self, leaf: Leaf, *, probing: bool, shielded: bool) -> Sql:
        """One leaf as a condition on `c`."""
        holds = leaf.asked
        if isinstance(holds, Holds) and isinstance(holds.fact.source, Column):
            return self.own(holds, leaf.wanted, shielded=shielded or probing)
        if isinstance(holds, Highest) and isinstance(holds.fact.source, Column):
            return _unless(self._highest(holds, "c"), leaf.wanted)
        wanted = leaf.wanted
        if isinstance(holds, Holds) and isinstance(holds.fact.source, Present):
            if holds.relation in ("empty", "filled"):
                return TRUE if (holds.relation == "filled") == wanted else FALSE
            wanted, holds = wanted == _says_yes(holds), Holds(holds.fact, "eq", (True,))
        elif isinstance(holds, Holds) and holds.relation == "empty":
            wanted, holds = not wanted, Holds(holds.fact, "filled")
        return self._among_rows(holds, wanted, probing, shielded)

    def _among_rows(self, holds: Holds | Given | Highest, wanted: bool, probing: bool, shielded: bool) -> Sql:
        no = "" if wanted else "NOT "
        if probing or self.dialect.plans:
            probe = self.dialect.exists(self.rows_of_hers(holds), fenced=probing)
            return Sql(f"{no}{probe.text}", probe.params)
        among = self.rows(holds)
        assert among is not None
        number = self.dialect.shield("c.number") if shielded or not wanted else "c.number"
        return Sql(f"{number} {no}IN ({among.text})", among.params)

    def rows(self, holds: Holds | Given | Highest) -> Sql | None:
        """The numbers of the customers in whose rows it holds; None for the customer's own row and for `empty`."""
        if isinstance(holds.fact.source, Column) or (isinstance(holds, Holds) and holds.relation == "empty"):
            return None
        if isinstance(holds.fact.source, Present) and isinstance(holds, Holds) and not _asks_for_yes(holds):
            return None
        model, source, condition = self._rows(holds, shielded=False)
        text = f"SELECT m.{quoted(customer_column(model))} FROM {source.text} WHERE {condition.text}"
        return Sql(text, (*source.params, *condition.params))

    def rows_of_hers(self, holds: Holds | Given | Highest) -> Sql:
        """The rows of customer `c` in which it holds."""
        model, source, condition = self._rows(holds, shielded=True)
        link = f"m.{quoted(customer_column(model))} = c.number"
        return Sql(
            f"SELECT 1 FROM {source.text} WHERE {link} AND {condition.text}", (*source.params, *condition.params)
        )

    def _rows(self, holds: Holds | Given | Highest, *, shielded: bool) -> tuple[type[Model], Sql, Sql]:
        """The model of the rows, what stands after FROM, and the condition on `m` (and on `o`, what it points to)."""
        if isinstance(holds, Given) or isinstance(holds.fact.source, Present):
            name = holds.fact.source.model  # type: ignore[union-attr]
            model = model_named(name)
            where = holds.where if isinstance(holds, Given) else holds.fact.source.where  # type: ignore[union-attr]
            return model, self._from(model), self._fixed(model, where)
        place = place_of(holds.fact)
        alias, source = "o" if place.of else "m", self._joined(place)
        condition = (
            self._highest(holds, alias) if isinstance(holds, Highest) else self.holds(holds, place, alias, shielded)
        )
        return place.model, source, joined(" AND ", [*self._each_fixed(place.model, place.where), condition])

    def rows_for_order(self, fact: Fact) -> tuple[type[Model], Sql, Sql]:
        """The rows of customer `c` that a fact's values lie in: the model, what stands after FROM, the condition."""
        if isinstance(fact.source, Present):
            model, where = model_named(fact.source.model), fact.source.where
            source = self._from(model)
        else:
            place = place_of(fact)
            model, where = place.model, place.where
            source = self._joined(place)
        link = Sql(f"m.{quoted(customer_column(model))} = c.number")
        return model, source, joined(" AND ", [link, *self._each_fixed(model, where)])

    def _joined(self, place: Place) -> Sql:
        """The rows of a place as `m`, with what they point to as `o`."""
        source = self._from(place.model)
        if not place.of:
            return source
        assert place.of._meta.pk is not None
        of = self.relations.of(place.of)
        joins = f"o.{quoted(str(place.of._meta.pk.column))} = m.{quoted(place.via or '')}"
        return Sql(f"{source.text} JOIN {of.text} o ON {joins}", (*source.params, *of.params))

    def _from(self, model: type[Model]) -> Sql:
        relation = self.relations.of(model)
        return Sql(f"{relation.text} m", relation.params)

    def _fixed(self, model: type[Model], where: Iterable[tuple[str, Any]]) -> Sql:
        return joined(" AND ", self._each_fixed(model, where) or [TRUE])

    def _each_fixed(self, model: type[Model], where: Iterable[tuple[str, Any]]) -> list[Sql]:
        fields = [(field_of(model, column), value) for column, value in where]
        # Beside the customer's number, a fixed column in the same index is welcome; so none is shielded here.
        return [Sql(f"m.{quoted(field.column)} = %s", (kept(field, value),)) for field, value in fields]

    # --- one fact's condition -------------------------------------------------------------------------------------

    def own(self, holds: Holds, wanted: bool, *, shielded: bool) -> Sql:
        """A condition on the customer's own row."""
        place = place_of(holds.fact)
        self.used |= {each for each in (place.column, place.folded) if each}
        if holds.relation in ("empty", "filled"):  # never NULL
            asked = (holds.relation == "empty") == wanted
            return self.holds(Holds(holds.fact, "empty" if asked else "filled"), place, "c", shielded)
        return _unless(self.holds(holds, place, "c", shielded), wanted)

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
            currency = f"{alias}.{quoted('currency')} = %s"
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

    def _alike(self, holds: Holds) -> Holds:
        """It holds for the values in use that are alike: for their folded keys, or as they are written where no such
        key is kept. Raises CriteriaError when they are too many to ask for."""
        place = place_of(holds.fact)
        key, model = self.key(holds.fact, place, "m"), place.of or place.model
        column = key.text if key.column else f"m.{quoted(place.field.column)}"
        source, fixed = self._from(model), TRUE if place.of else self._fixed(place.model, place.where)
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

    # --- the highest ----------------------------------------------------------------------------------------------

    def _highest(self, highest: Highest, alias: str) -> Sql:
        """At or above the value of the last one in. Counted over the whole house, whoever asks."""
        place = place_of(highest.fact)
        if alias == "c":
            self.used.add(place.column)
        own = place.model is model_named(CUSTOMER)
        each = self._values_of_each(highest, place, own)
        rank = _rank(highest)
        if rank is None:
            size = Sql(
                f"SELECT CASE WHEN count(*) = 0 THEN 0 ELSE {_share(highest)} - 1 END FROM ({each.text}) n", each.params
            )
            offset = Sql(f"({size.text})", size.params)
        else:
            offset = Sql(str(rank - 1))
        last = f"SELECT v FROM ({each.text}) w ORDER BY v DESC LIMIT 1 OFFSET {offset.text}"
        column = f"{alias}.{quoted(place.field.column)}"
        condition = Sql(f"{column} >= COALESCE(({last}), 1)", (*each.params, *offset.params))
        if highest.currency:
            condition = Sql(f"{condition.text} AND {alias}.currency = %s", (*condition.params, highest.currency))
        return Sql(f"({condition.text})", condition.params)

    def _values_of_each(self, highest: Highest, place: Place, own: bool) -> Sql:
        relation = self.relations.of(place.model)
        fixed = self._fixed(place.model, place.where)
        column = f"m.{quoted(place.field.column)}"
        where, params = f"{fixed.text} AND {column} > 0", [*relation.params, *fixed.params]
        if highest.currency:
            where, params = f"{where} AND m.currency = %s", [*params, highest.currency]
        if own:
            return Sql(f"SELECT {column} AS v FROM {relation.text} m WHERE {where}", tuple(params))
        whose = f"m.{quoted(customer_column(place.model))}"
        return Sql(f"SELECT max({column}) AS v FROM {relation.text} m WHERE {where} GROUP BY {whose}", tuple(params))


def folds(fact: Fact) -> bool:
    """Whether a fact's texts are compared folded."""
    return fact.type in ("text", "email", "phone") or (fact.type == "code" and not fact.choices)


def following(text: str) -> str | None:
    """The first text, code point by code point, after all that begin with this one; None if there is none."""
    for place in range(len(text) - 1, -1, -1):
        point = ord(text[place]) + 1
        point = 0xE000 if 0xD800 <= point <= 0xDFFF else point
        if point <= 0x10FFFF:
            return text[:place] + chr(point)
    return None


def _rank(highest: Highest) -> int | None:
    return None if highest.percent else int(highest.size)


def _share(highest: Highest) -> str:
    """⌈count × share⌉ in whole numbers."""
    places = -min(int(highest.size.as_tuple().exponent), 0)
    share, whole = int(highest.size * 10**places), 100 * 10**places
    return f"(count(*) * {share} + {whole - 1}) / {whole}"


def _emptiness(value: str, textual: bool, empty: bool) -> Sql:
    if textual:
        return Sql(f"({value} IS NULL OR {value} = '')" if empty else f"({value} IS NOT NULL AND {value} <> '')")
    return Sql(f"{value} IS NULL" if empty else f"{value} IS NOT NULL")


def _says_yes(holds: Holds) -> bool:
    """Whether `= …` or `!= …` of a yes-or-no fact comes to yes."""
    return holds.values[0] is (holds.relation == "eq")


def _asks_for_yes(holds: Holds) -> bool:
    return holds.relation in ("eq", "ne") and _says_yes(holds)


def _month_day(mmdd: int) -> str:
    return f"{mmdd // 100:02}-{mmdd % 100:02}"


def _unless(condition: Sql, wanted: bool) -> Sql:
    return condition if wanted else Sql(f"({condition.text}) IS NOT TRUE", condition.params)


def _bracketed(word: str, parts: Sequence[Sql]) -> Sql:
    inner = joined(word, parts)
    return inner if len(parts) == 1 else Sql(f"({inner.text})", inner.params)
