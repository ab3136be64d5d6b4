"""Which way round a question is asked. Count first, then choose: a wrong plan costs 25 to 200 times.

On SQLite the narrowest part that an index finds leads, the others are tested on what it finds; how narrow each is, is
counted, a little at a time. PostgreSQL chooses by its own statistics. For a page, a narrow set is fetched and sorted;
of a broad one the order is walked and each customer tested, within a budget, since what is asked may lie all at the far
end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import ceil, sqrt
from typing import Any

from django.db import connection

from regulars.areas.segments.language.meaning import All, Both, Either, Nobody
from regulars.areas.segments.language.sql import Compiler
from regulars.kernel.dialect import FALSE, TRUE, Dialect, Sql, joined, quoted

_STEPS = (300, 5_000, 80_000)
_PROBED = 20_000  # customers tested one by one, rather than held against a set worked out whole


@dataclass(frozen=True, slots=True)
class Order:
    """An order of customers: a key on `c` (SQL), whether an index walks it, and the way. Ties go by number.

    `textual` keys are empty as '' too. Who has no key comes last, either way. `column` is the key's own column where
    it is one of the customer's row; `number` itself is never empty.
    """

    key: Sql
    textual: bool
    walked: bool
    column: str | None = None
    descending: bool = False
    field: Any = None  # the model's field of the key, where a key from a cursor must be turned back

    @property
    def by_number(self) -> bool:
        return self.column == "number"

    def known(self, alias: str = "c") -> str:
        return f"{self.key.text} > ''" if self.textual else f"{self.key.text} IS NOT NULL"

    def unknown(self) -> str:
        return f"({self.key.text} IS NULL OR {self.key.text} = '')" if self.textual else f"{self.key.text} IS NULL"


class Question:
    """One meaning put to the database: how many, which numbers, which come first."""

    def __init__(self, asked: Any, compiler: Compiler, visible: Sql = TRUE) -> None:
        self.asked = asked
        self.compiler = compiler
        self.visible = visible
        self.dialect: Dialect = compiler.dialect
        self.customers = compiler.customers

    @cached_property
    def house(self) -> int:
        """About how many customers there are."""
        span = f"(SELECT max(number) FROM {self.customers} c) - (SELECT min(number) FROM {self.customers} c) + 1"
        rows = _rows(Sql(f"SELECT {span}"))  # two looks at the ends of the key; both at once would read the table
        return int(rows[0][0] or 0)

    # --- how many -------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """Exactly how many."""
        if isinstance(self.asked, Nobody) or self.visible == FALSE:
            return 0
        if (without := self._left_out()) is not None:
            everybody = int(_rows(Sql(f"SELECT count(*) FROM {self.customers} c"))[0][0])
            return everybody - int(_rows(without.counting())[0][0])
        return int(_rows(self.counting())[0][0])

    def _left_out(self) -> "Question | None":
        """Those a lone `not` leaves out, where rows alone say who they are: the house less the archived, say."""
        if self.visible != TRUE or not self.compiler.relations.live or not hasattr(self.asked, "wanted"):
            return None
        turned = replace(self.asked, wanted=True)
        if self.asked.wanted or not self._is_one_set(turned):
            return None
        return Question(turned, self.compiler, self.visible)

    def counting(self) -> Sql:
        """The statement that counts."""
        if self.visible == TRUE and self.compiler.relations.live and self._is_one_set(self.asked):
            numbers = self.compiler.numbers(self.asked)
            first, _, rest = numbers.text.partition(" FROM ")
            if " UNION ALL " in rest:
                return Sql(f"SELECT count(DISTINCT number) FROM ({_named(numbers.text)}) s", numbers.params)
            return Sql(f"SELECT count(DISTINCT {first.removeprefix('SELECT ')}) FROM {rest}", numbers.params)
        condition = self.condition
        return Sql(f"SELECT count(*) FROM {self.customers} c WHERE {condition.text}", condition.params)

    def _is_one_set(self, asked: Any) -> bool:
        """Whether rows alone answer it, without the customer's own."""
        if isinstance(asked, Either):
            return not self.dialect.plans and all(map(self._is_one_set, asked.parts)) and self.compiler.is_found(asked)
        leaf = getattr(asked, "asked", None)
        return leaf is not None and asked.wanted and self.compiler.rows(leaf) is not None

    # --- who ------------------------------------------------------------------------------------------------------

    @cached_property
    def condition(self) -> Sql:
        """The whole condition on `c`, the narrowest part leading."""
        return joined(" AND ", [self._asked(), self.visible]) if self.visible != TRUE else self._asked()

    def _asked(self) -> Sql:
        if self.dialect.plans or not isinstance(self.asked, Both):
            return self.compiler.where(self.asked)
        sizes = self._sizes(self.asked.parts)
        lead = min(sizes, key=lambda part: sizes[part], default=None)
        if lead is None:
            return self.compiler.where(self.asked, shielded=True)
        others = [part for part in self.asked.parts if part is not lead]
        rest = [self._other(part, sizes[lead], sizes.get(part)) for part in others]
        return joined(" AND ", [self.compiler.where(lead), *rest])

    def _other(self, part: Any, leading: int, size: int | None) -> Sql:
        """A part that is tested on what the leading one finds: one by one, or against a set if that is little work."""
        one_by_one = leading <= _PROBED and not (size is not None and size <= leading * 10)
        return self.compiler.where(part, probing=one_by_one, shielded=True)

    def _sizes(self, parts: Sequence[Any]) -> dict[Any, int]:
        """How many rows each part finds, for those that an index finds and that are few; counted until one is."""
        found = [part for part in parts if self.compiler.is_found(part)]
        most = max(self.house // 8, _STEPS[0])
        for step in _STEPS:
            limit = min(step, most)
            sizes = {part: self._at_most(part, limit) for part in found}
            few = {part: size for part, size in sizes.items() if size < limit}
            if few or limit == most:
                return few
        return {}

    def _at_most(self, part: Any, limit: int) -> int:
        numbers = self.compiler.numbers(part)
        return int(
            _rows(Sql(f"SELECT count(*) FROM (SELECT 1 FROM ({numbers.text}) LIMIT {limit})", numbers.params))[0][0]
        )

    def numbers(self, order: Order) -> Sql:
        """The statement that gives every number in an order."""
        condition, way = self.condition, " DESC" if order.descending else ""
        if order.by_number:
            return Sql(
                f"SELECT c.number FROM {self.customers} c WHERE {condition.text} ORDER BY c.number{way}",
                condition.params,
            )
        last = f"CASE WHEN {order.unknown()} THEN 1 ELSE 0 END"
        twice = order.key.params * (2 if order.textual else 1)
        return Sql(
            f"SELECT c.number FROM {self.customers} c WHERE {condition.text} "
            f"ORDER BY {last}, {order.key.text}{way}, c.number{way}",
            (*condition.params, *twice, *order.key.params),
        )

    # --- a page ---------------------------------------------------------------------------------------------------

    def page(self, order: Order, limit: int, after: "After | None", count: int | None) -> list[tuple[int, Any, bool]]:
        """The first `limit` after a place in the order: number, key, whether the key is known."""
        if isinstance(self.asked, Nobody) or self.visible == FALSE or count == 0:
            return []
        found: list[tuple[int, Any, bool]] = []
        if after is None or after.known:
            found = [(number, key, True) for number, key in self._known(order, limit, after, count)]
        if len(found) < limit and not order.by_number:
            past = after.number if after and not after.known else None
            found += [(number, None, False) for number in self._unknown(order, limit - len(found), past)]
        return found

    def _known(self, order: Order, limit: int, after: "After | None", count: int | None) -> list[Any]:
        if order.walked and (steps := self._steps(limit, count)):
            found = self._walk(order, limit, after, steps)
            if found is not None:
                return found
        return _rows(self.fetching(order, limit, after))

    def _steps(self, limit: int, count: int | None) -> int:
        """How many customers to walk past at most; 0 where fetching and sorting is less work."""
        if isinstance(self.asked, All):
            return limit
        if count is None:
            return min(self.house, 3_000)
        if count < sqrt(self.house * limit):
            return 0
        return min(self.house, ceil(limit * self.house / max(count, 1)) * 8 + 200)

    def _walk(self, order: Order, limit: int, after: "After | None", steps: int) -> list[Any] | None:
        rows = _rows(self.walking(order, limit, after, steps))
        if len(rows) == limit and _in_order(rows, order.descending):
            return rows[:limit]
        walked_all = steps >= self.house and after is None
        return rows if walked_all and _in_order(rows, order.descending) else None

    def walking(self, order: Order, limit: int, after: "After | None", steps: int) -> Sql:
        """The statement that walks the order and asks of each in turn, `steps` at most."""
        condition = self.compiler.where(self.asked, probing=True)
        columns = sorted(self.compiler.used | ({order.column} if order.column else set()))
        chosen = ", ".join(f"c.{quoted(column)}" for column in columns)
        inner = self._ordered(chosen, TRUE, order, after, steps, gathered=False, lead=True)
        visible = f" AND {self.visible.text}" if self.visible != TRUE else ""
        text = f"SELECT c.number, {order.key.text} FROM ({inner.text}) c WHERE {condition.text}{visible} LIMIT {limit}"
        return Sql(text, (*order.key.params, *inner.params, *condition.params, *self.visible.params))

    def fetching(self, order: Order, limit: int, after: "After | None") -> Sql:
        """The statement that fetches all it holds for and sorts them."""
        chosen = Sql(f"c.number, {order.key.text} AS k", order.key.params)
        return self._ordered(chosen.text, self.condition, order, after, limit, gathered=True, params=chosen.params)

    def _ordered(
        self,
        chosen: str,
        condition: Sql,
        order: Order,
        after: "After | None",
        limit: int,
        *,
        gathered: bool,
        lead: bool = False,
        params: tuple[Any, ...] = (),
    ) -> Sql:
        way, beyond = (" DESC", "<") if order.descending else ("", ">")
        where, values = [condition.text], [*params, *condition.params]
        if not order.by_number:
            where.append(order.known())
            values += order.key.params
        if after:
            where.append(f"({order.key.text}, c.number) {beyond} (%s, %s)")
            values += [*order.key.params, after.key, after.number]
        if gathered and self.dialect.plans:
            text = f"SELECT {chosen} FROM {self.customers} c WHERE {' AND '.join(where)}"
            inner = self.dialect.gathered(Sql(text))
            return Sql(f"{inner.text} ORDER BY k{way}, number{way} LIMIT {limit}", tuple(values))
        key = order.key.text if lead or not order.column else self.dialect.shield(order.key.text)
        ordered = f"c.number{way}" if order.by_number and lead else f"{key}{way}, c.number{way}"
        text = f"SELECT {chosen} FROM {self.customers} c WHERE {' AND '.join(where)} ORDER BY {ordered} LIMIT {limit}"
        return Sql(text, (*values, *(() if lead or order.column else order.key.params)))

    def _unknown(self, order: Order, limit: int, past: int | None) -> list[int]:
        """Those without a key, by number."""
        way, beyond = (" DESC", "<") if order.descending else ("", ">")
        where, values = [self.condition.text, order.unknown()], [*self.condition.params]
        values += order.key.params * (2 if order.textual else 1)
        if past is not None:
            where.append(f"c.number {beyond} %s")
            values.append(past)
        text = (
            f"SELECT c.number FROM {self.customers} c WHERE {' AND '.join(where)} ORDER BY c.number{way} LIMIT {limit}"
        )
        return [row[0] for row in _rows(Sql(text, tuple(values)))]


@dataclass(frozen=True, slots=True)
class After:
    """A place in an order: behind this customer."""

    number: int
    key: Any
    known: bool


def _in_order(rows: list[Any], descending: bool) -> bool:
    """SQL promises no order of an outer query; so it is looked at."""
    pairs = [(row[1], row[0]) for row in rows]
    return all((a >= b) if descending else (a <= b) for a, b in pairwise(pairs))


def _named(union: str) -> str:
    """A union of numbers whose first column is called `number`."""
    first, _, rest = union.partition(" FROM ")
    return f"{first} AS number FROM {rest}"


def _rows(statement: Sql) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return list(cursor.fetchall())
