"""How the two databases want a question put: the same answer, each by its own way of planning.

SQLite keeps no picture of its data worth the name, so the asker chooses the plan and hinders it from another
(`shield`). PostgreSQL plans for itself and is only fenced off where the order of work matters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Field, Func, UniqueConstraint

from regulars.kernel.databases import fold_sql

_FEW = 200  # values in an `IN (…)`; more go as one parameter


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with `%s` for its parameters, in order."""

    text: str
    params: tuple[Any, ...] = ()

    def columns(self, alias: str) -> set[str]:
        """The quoted columns of this table that it reads: what a subquery must hand out for it."""
        return set(re.findall(rf'\b{alias}\."(\w+)"', self.text))


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def joined(separator: str, parts: Sequence[Sql]) -> Sql:
    """The pieces one after the other."""
    return Sql(separator.join(part.text for part in parts), tuple(v for part in parts for v in part.params))


class Dialect:
    """SQLite's way; `Postgres` differs."""

    plans = False  # whether the database chooses the plan well by itself

    def shield(self, column: str) -> str:
        """The column so that no index on it is used."""
        return f"+{column}"

    def bytewise(self, expression: str) -> str:
        """A text compared byte by byte, which is code point by code point."""
        return expression

    def contains(self, expression: str, text: str) -> Sql:
        return Sql(f"instr({expression}, %s) > 0", (text,))

    def last(self, expression: str, count: int) -> str:
        """The last so many characters."""
        return f"substr({expression}, -{count})"

    def among(self, expression: str, values: Sequence[Any]) -> Sql:
        """One of the values; none of an empty list."""
        if not values:
            return FALSE
        if len(values) <= _FEW:
            return Sql(f"{expression} IN ({', '.join(['%s'] * len(values))})", tuple(values))
        return self._among_many(expression, values)

    def _among_many(self, expression: str, values: Sequence[Any]) -> Sql:
        import orjson

        return Sql(f"{expression} IN (SELECT value FROM json_each(%s))", (orjson.dumps(list(values)).decode(),))

    def days(self, first: str, last: str) -> str:
        """How many days lie between two, in whole numbers."""
        return f"CAST(julianday({last}) - julianday({first}) AS integer)"

    def exists(self, query: Sql, *, fenced: bool = False) -> Sql:
        """Whether the query has a row; fenced, the database may not turn it into a join."""
        return Sql(f"EXISTS ({query.text})", query.params)

    def numbered(self, column: str, query: Sql) -> Sql:
        """The column is among the query's numbers."""
        return Sql(f"{column} IN ({query.text})", query.params)

    def gathered(self, query: Sql) -> Sql:
        """A query that is worked out whole before anything is done with it. Its columns keep their names."""
        return query

    def real(self, table: str) -> str:
        """A table (quoted) by its full name, where a statement calls something else by its short one."""
        return f"main.{table}"

    def fold(self, column: str) -> str:
        """The folded form of a column that has none beside it. What is plain ASCII without double blanks (the most)
        is folded by the database's own means, a tenth of the time."""
        plain = f"{column} NOT GLOB '*[^ -~]*' AND instr({column}, '  ') = 0"
        return f"CASE WHEN {plain} THEN lower(trim({column})) ELSE {fold_sql(column)} END"


class Postgres(Dialect):
    """PostgreSQL's way."""

    plans = True

    def shield(self, column: str) -> str:
        return column

    def bytewise(self, expression: str) -> str:
        return f'{expression} COLLATE "C"'

    def contains(self, expression: str, text: str) -> Sql:
        return Sql(f"strpos({expression}, %s) > 0", (text,))

    def last(self, expression: str, count: int) -> str:
        return f"right({expression}, {count})"

    def days(self, first: str, last: str) -> str:
        return f"({last} - {first})"

    def _among_many(self, expression: str, values: Sequence[Any]) -> Sql:
        return Sql(f"{expression} = ANY(%s)", (list(values),))

    def real(self, table: str) -> str:
        return table  # what stands in `WITH x AS (…)` sees the table x

    def fold(self, column: str) -> str:
        plain = f"{column} COLLATE \"C\" ~ '^[ -~]*$' AND strpos({column}, '  ') = 0"
        return f'CASE WHEN {plain} THEN lower(btrim({column}) COLLATE "C") ELSE {fold_sql(column)} END'

    def exists(self, query: Sql, *, fenced: bool = False) -> Sql:
        return Sql(f"EXISTS ({query.text}{' OFFSET 0' if fenced else ''})", query.params)

    def gathered(self, query: Sql) -> Sql:
        return Sql(f"WITH hit AS MATERIALIZED ({query.text}) SELECT * FROM hit", query.params)


def dialect() -> Dialect:
    """The way of the database in use."""
    return Postgres() if connection.vendor == "postgresql" else Dialect()


class Shielded(Func):
    """An expression of a queryset as it is, but that no index is searched by it where the asker chooses the plan."""

    arity = 1

    def as_sql(self, compiler: Any, *_about: Any, **_more: Any) -> Any:
        text, params = compiler.compile(self.source_expressions[0])
        return dialect().shield(text), params


def quoted(name: str) -> str:
    """A name of a table or column, quoted."""
    return connection.ops.quote_name(name)


def kept(field: "Field[Any, Any]", value: Any) -> Any:
    """A value as this column keeps it."""
    return field.get_db_prep_value(value, connection, prepared=False)


def indexed(field: Any) -> bool:
    """Whether an index begins with this column, so that a few of its values are found without reading all."""
    meta = field.model._meta
    if field.primary_key or field.unique or field.db_index:
        return True
    firsts = [index.fields[0] for index in meta.indexes if index.fields]
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None:
            firsts.append(constraint.fields[0])
    return field.name in firsts
