"""What a ledger comes to, as SQL: from what is kept of it where that is right on the day asked for, else from its rows.

What is kept of a window is right between two days (`kernel.ledgers.Kept`). Are all rows right, it is asked alone; are
some not, their customers are asked of the ledger's own rows. Looking back only those are asked, for what is worked out
has no past.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from regulars.areas.journal.queries import looking_back
from regulars.areas.segments.language.meaning import Measured
from regulars.areas.segments.language.normal import Leaf
from regulars.areas.segments.language.pieces import Parts, count_of
from regulars.areas.segments.language.places import customer_column, field_of
from regulars.areas.segments.language.standing_rows import StandingRows
from regulars.kernel.dialect import Sql, joined, kept, quoted
from regulars.kernel.registries import Fact, KeptBy, Ledger, Parameter, model_named

_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class Ledgers(StandingRows):
    """Writes what facts with a `Ledger` come to."""

    def measured_rows(self, asked: Measured) -> Sql:
        """The numbers of the customers of whom it holds: `SELECT … FROM …`."""
        if self.is_kept(asked):
            rows = self._kept_rows(asked)
            if not asked.days or self._all_right(asked):
                return rows
            hers = Sql(f"m.{self._customer(asked)} IN ({self._wrong(asked).text})", self._wrong(asked).params)
            again = self._counted(asked, hers)
            return joined(" UNION ALL ", [self._and_right(asked, rows), again])
        if (by := self._kept_by(asked)) is not None:
            return self._rows_by(asked, by)
        return self._counted(asked, Sql(f"{self._not_sought(asked)} IS NOT NULL"))

    def measured_probe(self, asked: Measured) -> Sql:
        """Whether it holds for customer `c`."""
        hers = Sql(f"m.{self._customer(asked)} = c.number")
        if not self.is_kept(asked):
            if (by := self._kept_by(asked)) is not None:
                rows = self._rows_by(asked, by)
                return self.dialect.exists(Sql(f"{rows.text} AND r.{quoted(by.key)} = c.number", rows.params))
            return self.dialect.exists(self._counted(asked, hers))
        rows, number = self._kept_rows(asked), f"r.{quoted(self._ledger(asked).kept.key)}"  # type: ignore[union-attr]
        probe = Sql(f"{rows.text} AND {number} = c.number", rows.params)
        if not asked.days or self._all_right(asked):
            return self.dialect.exists(probe)
        wrong = self._wrong(asked)
        again = self._counted(asked, Sql(f"{hers.text} AND c.number IN ({wrong.text})", wrong.params))
        parts = [self.dialect.exists(self._and_right(asked, probe)), self.dialect.exists(again)]
        either = joined(" OR ", parts)
        return Sql(f"({either.text})", either.params)

    def is_kept(self, asked: Measured) -> bool:
        """Whether what is asked for is kept, and stands as it did."""
        return bool(asked.kept) and looking_back() is None

    def is_one_each(self, asked: Measured) -> bool:
        """Whether its rows name each customer once."""
        return not self.is_kept(asked) or not asked.days or self._all_right(asked)

    def measure_of(self, asked: Measured, alias: str = "c", told: bool = False) -> Sql:
        """What it comes to for the customer of this alias; NULL where there is nothing. Of a text it is what texts are
        compared by, or as it is `told`."""
        if self._ledger(asked).aggregate == "most":
            return self._first_of_most(asked, alias, told)
        if self.is_kept(asked) and (not asked.days or self._all_right(asked)):
            found = self._ledger(asked).kept
            assert found is not None
            value = f"r.{quoted(asked.kept)}"
            if self._ledger(asked).aggregate in ("average", "pace"):
                value = self._quotient(asked, self._kept_parts(asked))
            return Sql(f"(SELECT {value} FROM {_table(found.model)} r WHERE r.{quoted(found.key)} = {alias}.number)")
        source, where = self._source(asked, Sql(f"m.{self._customer(asked)} = {alias}.number"))
        return Sql(
            f"(SELECT {self._value(asked)} FROM {source.text} WHERE {where.text})", (*source.params, *where.params)
        )

    def measures_of_each(self, asked: Measured) -> Sql:
        """What it comes to for each customer for whom that is more than nought, as `v`."""
        if self.is_kept(asked):
            found = self._ledger(asked).kept
            assert found is not None
            value = f"r.{quoted(asked.kept)}"
            rows = Sql(f"SELECT {value} AS v FROM {_table(found.model)} r WHERE {value} > 0")
            if not asked.days or self._all_right(asked):
                return rows
            wrong = self._wrong(asked)
            only = Sql(f"m.{self._customer(asked)} IN ({wrong.text})", wrong.params)
            return joined(" UNION ALL ", [self._and_right(asked, rows), self._each(asked, only)])
        return self._each(asked, Sql(f"m.{self._customer(asked)} IS NOT NULL"))

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _ledger(self, asked: Measured) -> Ledger:
        assert isinstance(asked.fact.source, Ledger)
        return asked.fact.source

    def _kept_rows(self, asked: Measured) -> Sql:
        found = self._ledger(asked).kept
        assert found is not None
        condition = self._compared(asked, self._kept_parts(asked))
        return Sql(
            f"SELECT r.{quoted(found.key)} FROM {_table(found.model)} r WHERE {condition.text}", condition.params
        )

    def _kept_parts(self, asked: Measured) -> "Parts":
        found = self._ledger(asked).kept
        assert found is not None
        column = f"r.{quoted(asked.kept)}"
        first, last = (f"r.{quoted(each)}" if each else column for each in found.ends)
        count = f"r.{quoted(found.each)}" if found.each else column
        return Parts(column, count, first, last, field_of(model_named(found.model), asked.kept))

    def _and_right(self, asked: Measured, rows: Sql) -> Sql:
        return Sql(
            f"{rows.text} AND r.{quoted('day')} <= %s AND r.{quoted('until')} > %s",
            (*rows.params, *self._day(asked) * 2),
        )

    def _wrong(self, asked: Measured) -> Sql:
        """The customers of whom what is kept is not right on the day asked for."""
        found = self._ledger(asked).kept
        assert found is not None
        number, table = quoted(found.key), _table(found.model)
        return Sql(
            f"SELECT w.{number} FROM {table} w WHERE w.{quoted('until')} <= %s "
            f"UNION ALL SELECT w.{number} FROM {table} w WHERE w.{quoted('day')} > %s",
            self._day(asked) * 2,
        )

    def _day(self, asked: Measured) -> tuple[Any, ...]:
        found = self._ledger(asked).kept
        assert found is not None
        return (kept(field_of(model_named(found.model), "day"), asked.today),)

    @cached_property
    def _looked_at(self) -> dict[tuple[str, Any], bool]:
        return {}

    def _all_right(self, asked: Measured) -> bool:
        """Whether what is kept is right for everybody on the day asked for. Looked at once."""
        found = self._ledger(asked).kept
        assert found is not None
        key = (found.model, asked.today)
        if key not in self._looked_at:
            table, day = _table(found.model), self._day(asked)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {quoted('until')} <= %s), "
                    f"EXISTS (SELECT 1 FROM {table} WHERE {quoted('day')} > %s)",
                    day * 2,
                )
                self._looked_at[key] = not any(cursor.fetchone())
        return self._looked_at[key]

    def _kept_by(self, asked: Measured) -> KeptBy | None:
        source = self._ledger(asked)
        by, names = source.kept_by, [name for name, _value in asked.given]
        if by is None or looking_back() is not None or asked.days or asked.currency:
            return None
        return by if (names == [by.parameter] or (not names and source.aggregate == "most")) else None

    def _rows_by(self, asked: Measured, by: KeptBy) -> Sql:
        source = self._ledger(asked)
        parameter = next(each for each in source.parameters if each.name == by.parameter)
        model = model_named(parameter.through[-1][1])
        of = f"{quoted(model._meta.db_table)} o"
        assert model._meta.pk is not None
        on = f"o.{quoted(str(model._meta.pk.column))} = r.{quoted(by.by)}"
        if source.aggregate != "most":
            (_name, value), *_rest = asked.given
            table = f"{of} CROSS JOIN {_table(by.model)} r"
            return Sql(
                f"SELECT r.{quoted(by.key)} FROM {table} WHERE {on} AND o.{quoted(parameter.column)} = %s", (value,)
            )
        best = (
            f"SELECT w.{quoted(by.key)} AS number, w.{quoted(by.by)} AS which, ROW_NUMBER() OVER (PARTITION BY "
            f"w.{quoted(by.key)} ORDER BY w.{quoted(by.measure)} DESC, w.{quoted(by.by)}) AS place "
            f"FROM {_table(by.model)} w"
        )
        held = self._of_text(asked, f"o.{quoted(parameter.column)}")
        return Sql(
            f"SELECT r.number FROM ({best}) r JOIN {of} ON o.{quoted(str(model._meta.pk.column))} = r.which "
            f"WHERE r.place = 1 AND {held.text}",
            held.params,
        )

    def _of_text(self, asked: Measured, column: str) -> Sql:
        if asked.relation == "filled":
            return Sql("TRUE")
        return Sql(f"{column} {_SIGNS[asked.relation]} %s", asked.values)

    # --- what its rows come to ----------------------------------------------------------------------------------------

    def _customer(self, asked: Measured) -> str:
        return quoted(customer_column(model_named(self._ledger(asked).model)))

    def _not_sought(self, asked: Measured) -> str:
        """The customer of a row; where few rows miss anything, not to be gone by: these have an index of their own."""
        customer = f"m.{self._customer(asked)}"
        return self.dialect.shield(customer) if self._ledger(asked).missed[0] else customer

    def _counted(self, asked: Measured, only: Sql) -> Sql:
        """The numbers of those customers in whose rows it holds."""
        source, where = self._source(asked, only)
        customer = f"m.{self._customer(asked)}"
        if self._ledger(asked).aggregate == "most":
            return self._most(asked, source, where)
        head = f"SELECT {customer} AS number FROM {source.text} WHERE {where.text} GROUP BY {self._not_sought(asked)}"
        params = (*source.params, *where.params)
        if asked.relation != "filled" or self._ledger(asked).aggregate in ("average", "pace"):
            having = self._compared(asked, self._parts(asked))
            head, params = f"{head} HAVING {having.text}", (*params, *having.params)
        return Sql(f"SELECT g.number FROM ({head}) g", params)

    def _most(self, asked: Measured, source: Sql, where: Sql) -> Sql:
        """Of each customer the row that the ledger's way leads to with the highest sum."""
        ledger = self._ledger(asked)
        customer, text = f"m.{self._customer(asked)}", f"o{len(ledger.parameters[0].through)}.{quoted(ledger.each)}"
        best = (
            f"SELECT {customer} AS number, {text} AS which, ROW_NUMBER() OVER (PARTITION BY {customer} ORDER BY "
            f"SUM(m.{quoted(ledger.measure)}) DESC, MIN(o{len(ledger.parameters[0].through)}.id)) AS place "
            f"FROM {source.text} WHERE {where.text} GROUP BY {customer}, {text}"
        )
        held = self._of_text(asked, "r.which")
        return Sql(
            f"SELECT r.number FROM ({best}) r WHERE r.place = 1 AND {held.text}",
            (*source.params, *where.params, *held.params),
        )

    def _first_of_most(self, asked: Measured, alias: str, told: bool) -> Sql:
        """The text of the row that the ledger's way leads to with the highest sum, for one customer."""
        ledger, by = self._ledger(asked), self._kept_by(asked)
        column = quoted(ledger.told if told else ledger.each)
        if by is not None:
            model = model_named(ledger.parameters[0].through[-1][1])
            assert model._meta.pk is not None
            return Sql(
                f"(SELECT o.{column} FROM {_table(by.model)} w JOIN {quoted(model._meta.db_table)} o "
                f"ON o.{quoted(str(model._meta.pk.column))} = w.{quoted(by.by)} WHERE w.{quoted(by.key)} = "
                f"{alias}.number ORDER BY w.{quoted(by.measure)} DESC, w.{quoted(by.by)} LIMIT 1)"
            )
        source, where = self._source(asked, Sql(f"m.{self._customer(asked)} = {alias}.number"))
        which = f"o{len(ledger.parameters[0].through)}"
        return Sql(
            f"(SELECT {which}.{column} FROM {source.text} WHERE {where.text} GROUP BY {which}.id, {which}.{column} "
            f"ORDER BY SUM(m.{quoted(ledger.measure)}) DESC, {which}.id LIMIT 1)",
            (*source.params, *where.params),
        )

    def _each(self, asked: Measured, only: Sql) -> Sql:
        source, where = self._source(asked, only)
        value = self._value(asked)
        return Sql(
            f"SELECT {value} AS v FROM {source.text} WHERE {where.text} GROUP BY m.{self._customer(asked)} "
            f"HAVING {value} > 0",
            (*source.params, *where.params),
        )

    def _source(self, asked: Measured, only: Sql) -> tuple[Sql, Sql]:
        """What stands after FROM, and the condition on the ledger's rows `m` and what they point to."""
        ledger, model = self._ledger(asked), model_named(self._ledger(asked).model)
        source, conditions = self.from_rows(model), [only]
        for column, value in ledger.where:
            field, values = field_of(model, column), value if isinstance(value, tuple) else (value,)
            conditions.append(self.dialect.among(f"m.{quoted(field.column)}", [kept(field, each) for each in values]))
        conditions += self.rows_that_count(ledger, model, asked.today)
        if asked.days is not None:
            day = field_of(model, ledger.day)
            ends = tuple(kept(day, each) for each in asked.days)
            conditions.append(Sql(f"m.{quoted(day.column)} BETWEEN %s AND %s", ends))
        if asked.currency:
            conditions.append(Sql(f"m.{quoted(ledger.paid[1])} = %s", (asked.currency,)))
        given = dict(asked.given)
        if "" in given:
            conditions.append(Sql("1 = 0"))
        wanted = [each for each in ledger.parameters if each.name in given]
        wanted += ledger.parameters[:1] if ledger.aggregate == "most" and not wanted else []
        joins: dict[tuple[tuple[str, str], ...], str] = {(): "m"}
        for each in wanted:
            source, alias = self._joined(source, each, joins)
            if each.name in given:
                conditions.append(self._named(each, alias, given[each.name]))
        return source, joined(" AND ", conditions)

    def _named(self, parameter: Parameter, alias: str, value: Any) -> Sql:
        """What is said in brackets, of the row it is said of, or of the one that it stands in."""
        column = quoted(parameter.column)
        if not parameter.within:
            return Sql(f"{alias}.{column} = %s", (value,))
        model = model_named(parameter.through[-1][1])
        relation = self.relations.of(model)
        assert model._meta.pk is not None
        around = f"SELECT w.{quoted(str(model._meta.pk.column))} FROM {relation.text} w WHERE w.{column} = %s"
        text = f"({alias}.{column} = %s OR {alias}.{quoted(parameter.within)} IN ({around}))"
        return Sql(text, (value, *relation.params, value))

    def _joined(self, source: Sql, parameter: Parameter, joins: dict[Any, str]) -> tuple[Sql, str]:
        for place in range(1, len(parameter.through) + 1):
            way = parameter.through[:place]
            if way not in joins:
                key, name = way[-1]
                model, alias = model_named(name), f"o{len(joins)}"
                relation = self.relations.of(model)
                assert model._meta.pk is not None
                on = f"{alias}.{quoted(str(model._meta.pk.column))} = {joins[way[:-1]]}.{quoted(key)}"
                text = f"{source.text} JOIN {relation.text} {alias} ON {on}"
                source, joins[way] = Sql(text, (*source.params, *relation.params)), alias
        return source, joins[parameter.through]

    def _parts(self, asked: Measured) -> "Parts":
        """What a comparison is put together from, over the ledger's rows."""
        ledger, model = self._ledger(asked), model_named(self._ledger(asked).model)
        measure = ledger.paid[0] if asked.currency else ledger.measure
        day = f"m.{quoted(field_of(model, ledger.day).column)}"
        count = count_of(ledger)
        total = f"SUM({'-' if ledger.turned else ''}m.{quoted(measure)})" if measure else count
        value = {"first": f"MIN({day})", "last": f"MAX({day})", "count": count}.get(ledger.aggregate, total)
        field = field_of(model, ledger.day) if ledger.aggregate in ("first", "last") else None
        return Parts(value, count, f"MIN({day})", f"MAX({day})", field)

    def _value(self, asked: Measured) -> str:
        if self._ledger(asked).aggregate in ("average", "pace"):
            return self._quotient(asked, self._parts(asked))
        return self._parts(asked).value

    def _quotient(self, asked: Measured, parts: "Parts") -> str:
        if self._ledger(asked).aggregate == "average":
            return f"CASE WHEN {parts.count} > 0 THEN {parts.value} / {parts.count} END"
        days = self.dialect.days(parts.first, parts.last)
        return f"CASE WHEN {parts.count} > 1 THEN ({days}) / ({parts.count} - 1) END"

    def _compared(self, asked: Measured, parts: "Parts") -> Sql:
        """The comparison, in whole numbers: an average is not divided, what it is compared with is multiplied."""
        aggregate = self._ledger(asked).aggregate
        if aggregate == "average":
            known, left, right = f"{parts.count} > 0", parts.value, f"%s * {parts.count}"
        elif aggregate == "pace":
            known, right = f"{parts.count} > 1", f"%s * ({parts.count} - 1)"
            left = self.dialect.days(parts.first, parts.last)
        else:
            known, left, right = f"{parts.value} IS NOT NULL", parts.value, "%s"
        if asked.relation == "filled":
            return Sql(known)
        related = [(asked.relation, asked.values[0]), *asked.also]
        values = tuple(kept(parts.field, each) if _is_day(parts.field) else each for _relation, each in related)
        condition = " AND ".join(f"{left} {_SIGNS[relation]} {right}" for relation, _value in related)
        return Sql(f"{known} AND {condition}" if aggregate in ("average", "pace") else condition, values)


def at_once(parts: Sequence[Any]) -> list[Any]:
    """Parts of which all must hold: what is asked of the same sum, as `last_purchase` from one day to another, is asked
    at once."""
    found: list[Any] = []
    per: dict[Measured, int] = {}
    for part in parts:
        asked = part.asked if isinstance(part, Leaf) and part.wanted else None
        if not isinstance(asked, Measured) or asked.relation == "filled" or asked.fact.type == "text":
            found.append(part)
            continue
        base = replace(asked, relation="filled", values=(), also=())
        if base not in per:
            per[base] = len(found)
            found.append(part)
            continue
        first = found[per[base]].asked
        more = (*first.also, (asked.relation, asked.values[0]), *asked.also)
        found[per[base]] = Leaf(replace(first, also=more), True)
    return found


def _is_day(field: Any) -> bool:
    return field is not None and field.get_internal_type() == "DateField"


def _table(model: str) -> str:
    return quoted(model_named(model)._meta.db_table)


def all_time(fact: Fact, today: date) -> Measured:
    """What a fact's ledger comes to over all time, as of this day: the value of a list column."""
    source = fact.source
    assert isinstance(source, Ledger)
    kept_in = next((column for window, column in source.kept.columns if window is None), "") if source.kept else ""
    return Measured(fact, "filled", today=today, kept=kept_in)
