"""Which way round a question is asked. Count first, then choose: a wrong plan costs 25 to 200 times.

On SQLite the narrowest part that an index finds leads, the others are tested on what it finds; how narrow each is, is
counted, a little at a time. PostgreSQL chooses by its own statistics. For a page, a narrow set is fetched and sorted;
of a broad one the order is walked and each customer tested, within a budget: all may stand last.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from math import ceil
from typing import Any

from regulars.areas.journal.queries import as_of
from regulars.areas.segments.language.everybody import everybody
from regulars.areas.segments.language.meaning import All, Both, Either, Nobody
from regulars.areas.segments.language.normal import flat
from regulars.areas.segments.language.order import After, Found, Order, Rows, behind, beyond, in_order
from regulars.areas.segments.language.running import answers
from regulars.areas.segments.language.sql import Compiler
from regulars.kernel.dialect import FALSE, TRUE, Dialect, Sql, joined, quoted

_STEPS = (300, 5_000, 80_000)
_FEW, _FEW_ALONE = 2_000, 1_000  # fetched whole: of several parts, of one whose rows alone count it quicker
_AT_ONCE = 100_000  # counted and sorted in one go, where to count them is to fetch each of them
_OF_THESE = 20  # rows of hers are walked where at least one customer in so many is asked for
_PROBED, _PROBED_OF = 20_000, 12  # so many, or one in so many, are tested one by one, not held against a whole set


class Question:
    """One meaning put to the database: how many, which numbers, which come first."""

    def __init__(self, asked: Any, compiler: Compiler, visible: Sql = TRUE) -> None:
        self.asked = asked
        self.compiler = compiler
        self.dialect: Dialect = compiler.dialect
        self.customers = compiler.customers
        self.open, self._seen = visible == TRUE, visible

    @cached_property
    def merged(self) -> int:
        """How many cards were merged into others. They are customers no more, and have no rows of their own: only
        where their own row is read must they be left out."""
        found = Sql(f"SELECT count(*) FROM {self.customers} c WHERE c.{quoted('merged_into_id')} IS NOT NULL")
        return int(_rows(found)[0][0])

    @cached_property
    def visible(self) -> Sql:
        """The condition on `c` that it is a customer, and one whom the asker may know of."""
        if self._seen == FALSE or not self.merged:
            return self._seen
        own = Sql(f"c.{quoted('merged_into_id')} IS NULL")
        return own if self.open else joined(" AND ", [self._seen, own])

    @cached_property
    def house(self) -> int:
        """About how many customers there are, also for a moment that is looked back to."""
        span = f"(SELECT max(number) FROM {self.customers} c) - (SELECT min(number) FROM {self.customers} c) + 1"
        with as_of(None):  # two looks at the ends of the key; both at once would read the table
            return int(_rows(Sql(f"SELECT {span}"))[0][0] or 0)

    # --- how many -------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """Exactly how many."""
        if isinstance(self.asked, Nobody) or self.visible == FALSE:
            return 0
        if isinstance(self.asked, All) and self.open:
            return everybody(self._all()) - self.merged
        if (without := self._left_out()) is not None:
            self.house = everybody(self._all()) - self.merged
            return self.house - int(_rows(without.counting())[0][0])
        return int(_rows(self.counting())[0][0])

    def _all(self) -> Sql:
        return Sql(f"SELECT count(*) FROM {self.customers} c")

    def _left_out(self) -> "Question | None":
        """Those that nothing but `not`s leave out, where rows alone say who they are: the house less the archived."""
        parts = self.asked.parts if isinstance(self.asked, Both) else (self.asked,)
        asked_for = any(getattr(part, "wanted", True) for part in parts)
        if not self.open or asked_for:
            return None
        turned: Any = flat(Either, [replace(part, wanted=True) for part in parts])
        return Question(turned, self.compiler, self._seen) if self._is_one_set(turned) else None

    def counting(self) -> Sql:
        """The statement that counts."""
        if self.open and self._is_one_set(self.asked):
            numbers = self.compiler.numbers(self.asked)
            first, _, rest = numbers.text.partition(" FROM ")
            if self.compiler.names_each_once(getattr(self.asked, "asked", None)):
                return Sql(f"SELECT count(*) FROM {rest}", numbers.params)
            if " UNION ALL " in rest:
                return Sql(f"SELECT count(DISTINCT number) FROM ({_named(numbers.text)}) s", numbers.params)
            return Sql(f"SELECT count(DISTINCT {first.removeprefix('SELECT ')}) FROM {rest}", numbers.params)
        condition = self.condition
        return Sql(f"SELECT count(*) FROM {self.customers} c WHERE {condition.text}", condition.params)

    def _is_one_set(self, asked: Any) -> bool:
        """Whether rows alone answer it, without the customer's own."""
        if isinstance(asked, Either):
            return all(map(self._is_one_set, asked.parts)) and (self.dialect.plans or self.compiler.is_found(asked))
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
        lead, sizes = self._lead
        if lead is None:
            return self.compiler.where(self.asked, shielded=True)
        others = [part for part in self.asked.parts if part is not lead]
        rest = [self._other(part, sizes.get(lead), sizes.get(part)) for part in others]
        return joined(" AND ", [self.compiler.where(lead), *rest])

    def _other(self, part: Any, leading: int | None, size: int | None) -> Sql:
        """A part that is tested on what the leading one finds: one by one, or against a set if that is little work."""
        little = size is not None and leading is not None and size <= leading * 10
        one_by_one = leading is not None and leading <= max(_PROBED, self.house // _PROBED_OF) and not little
        return self.compiler.where(part, probing=one_by_one, shielded=True)

    @cached_property
    def _lead(self) -> tuple[Any, dict[Any, int]]:
        """The part that leads, and the sizes that are known. Where none is few, rows of hers lead: to hold a set of
        numbers against each customer costs as much as fetching each of the set."""
        sizes = self._sizes(self.asked.parts)
        if sizes:
            return min(sizes, key=lambda part: sizes[part]), sizes
        return next((part for part in self.asked.parts if self._is_one_set(part)), None), sizes

    @cached_property
    def few(self) -> bool:
        """Whether they are so few that to fetch them all is the cheapest way to count them, too."""
        if self.dialect.plans:
            return False
        if isinstance(self.asked, Both):
            lead, sizes = self._lead
            return lead is not None and sizes.get(lead, _FEW) < _FEW
        return self.compiler.is_found(self.asked) and self._at_most(self.asked, _FEW_ALONE) < _FEW_ALONE

    @cached_property
    def fetched_to_count(self) -> bool:
        """Whether counting them is to fetch the rows of not too many of them."""
        if self.dialect.plans or not isinstance(self.asked, Both):
            return False
        lead, sizes = self._lead
        rest = (part for part in self.asked.parts if part is not lead)
        return sizes.get(lead, _AT_ONCE) < _AT_ONCE and any(map(self.compiler.reads_own, rest))

    def _sizes(self, parts: Sequence[Any]) -> dict[Any, int]:
        """How many rows each part finds, for those that an index finds and that are few; counted until one is."""
        found = [part for part in parts if self.compiler.is_found(part)]
        most = max(self.house // 8, _STEPS[0]) if found else 0
        for step in _STEPS if found else ():
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

    def page(self, order: Order, limit: int, after: After | None, counted: bool) -> tuple[int | None, list[Found]]:
        """How many, where that is asked, and the first `limit` after a place in the order."""
        if isinstance(self.asked, Nobody) or self.visible == FALSE:
            return 0, []
        if order.sorts_in_python and self.few:
            return self._page_of_few(order, limit, after)
        if counted and order.walked and order.column and self.fetched_to_count:
            return self._page_with_count(order, limit, after)
        count = self.count() if counted else None
        if count == 0:
            return 0, []
        found: list[Found] = []
        if after is None or after.known:
            found = [(number, key, True) for number, key in self._known(order, limit, after, count)]
        if len(found) < limit and not order.by_number and (after or len(found) != count):
            past = after.number if after and not after.known else None
            found += [(number, None, False) for number in self._unknown(order, limit - len(found), past)]
        return count, found

    def _page_of_few(self, order: Order, limit: int, after: After | None) -> tuple[int, list[Found]]:
        """All of them at once: their number is their count, and Python sorts code points as the database does."""
        condition = self.condition
        text = f"SELECT c.number, {order.key.text} FROM {self.customers} c WHERE {condition.text}"
        rows = _rows(Sql(text, (*order.key.params, *condition.params)))
        known = [(key, number) for number, key in rows if key not in (None, "")]
        unknown = [number for number, key in rows if key in (None, "")]
        known.sort(reverse=order.descending)
        unknown.sort(reverse=order.descending)
        found = [(number, key, True) for key, number in known] + [(number, None, False) for number in unknown]
        begin = 0 if after is None else behind(found, after, order.descending)
        return len(rows), found[begin : begin + limit]

    def _page_with_count(self, order: Order, limit: int, after: After | None) -> tuple[int, list[Found]]:
        """The page and how many there are of them all, by one look at each."""
        rows = _rows(self.counting_along(order, limit, after))
        found = [(number, key, key not in (None, "")) for number, key, _many in rows]
        return (rows[0][2] if rows else self.count()), found

    def counting_along(self, order: Order, limit: int, after: After | None) -> Sql:
        """The statement that fetches all it holds for, sorts them and says beside each how many they are."""
        condition, way = self.condition, " DESC" if order.descending else ""
        text = (
            f"SELECT number, k, many FROM (SELECT c.number AS number, {order.key.text} AS k, count(*) OVER () AS many "
            f"FROM {self.customers} c WHERE {condition.text}) f"
        )
        params = (*order.key.params, *condition.params)
        if after is not None:
            text, params = f"{text} WHERE {beyond(order, after)}", (*params, *after.known * (after.key,), after.number)
        last = f"CASE WHEN {order.unknown('k')} THEN 1 ELSE 0 END"
        return Sql(f"{text} ORDER BY {last}, k{way}, number{way} LIMIT {limit}", params)

    def _known(self, order: Order, limit: int, after: After | None, count: int | None) -> list[Any]:
        if order.rows and (isinstance(self.asked, All) or (count or 0) * _OF_THESE >= self.house):
            return _rows(self.walking_rows(order, order.rows, limit, after))
        if steps := self._steps(limit, count) if order.walked else 0:
            found, whole = self._walk(order, limit, after, steps)
            if not whole and (steps := self._further(len(found), limit, count, steps)):
                found, whole = self._walk(order, limit, after, steps)
            if whole:
                return found
        return _rows(self.fetching(order, limit, after))

    def _steps(self, limit: int, count: int | None) -> int:
        """How many customers to walk past at most; 0 where fetching and sorting is less work."""
        if not self.dialect.plans and (count or 0) > 0.9 * self.house:
            return self.house  # nearly everybody: to look how far to go would be the longer part
        if isinstance(self.asked, All):
            return limit
        if count is None:
            return min(self.house, 3_000)
        expected = limit * self.house / max(count, 1)
        if not self._is_worth_walking(expected, count):
            return 0
        return min(self.house, ceil(expected) * 8 + 200)

    def _further(self, found: int, limit: int, count: int | None, steps: int) -> int:
        """How far to walk where so many steps have met so few of a page: they may all stand further on in the order. 0
        where that may well be more than half the work of fetching and sorting."""
        if not count or found >= limit:
            return 0
        far = 1.25 * steps * limit / max(found, limit / 4)
        return min(self.house, ceil(far)) if self._is_worth_walking(2 * far, count) else 0

    def _is_worth_walking(self, steps: float, count: int) -> bool:
        """Whether so many steps are less work than to fetch all of them and to sort them."""
        walked = steps * self.compiler.weight(self.asked)
        return walked <= 2 * self._fetched(count, ceil(walked / 2))

    def _fetched(self, count: int, most: int) -> int:
        """About how many rows are looked at to fetch them all; of rows of a ledger so many are counted at most."""
        if self.dialect.plans:
            return count if self.compiler.is_found(self.asked) else self.house
        lead, sizes = self._lead if isinstance(self.asked, Both) else (self.asked, dict[Any, int]())
        if lead in sizes:
            return sizes[lead]
        if lead is self.asked and self.compiler.is_found(lead):
            return count
        stretch = self.compiler.stretch(lead)
        if stretch is None:
            return self.house
        return int(_rows(Sql(f"SELECT count(*) FROM ({stretch.text} LIMIT {most}) s", stretch.params))[0][0])

    def _walk(self, order: Order, limit: int, after: After | None, steps: int) -> tuple[list[Any], bool]:
        """The page, walked, and whether it is whole: not where the walk ended before the page was full and before the
        order's end."""
        if self.dialect.plans:
            rows = _rows(self.walking_fenced(order, limit, after, steps))
            to_the_end = steps >= self.house and after is None
            return rows, in_order(rows, order.descending) and (len(rows) == limit or to_the_end)
        last = _rows(self.last_step(order, after, steps)) if steps < self.house else []
        rows = _rows(self.walking(order, limit, after, After(last[0][1], last[0][0], True) if last else None))
        return rows, len(rows) == limit or not last

    def last_step(self, order: Order, after: After | None, steps: int) -> Sql:
        """The statement that gives the place in the order where a walk of so many steps ends; none behind the end."""
        along = self._along(order, after)
        where, by = along.text or "TRUE", self._by(order, order.key.text)
        text = f"SELECT {order.key.text}, c.number FROM {self.customers} c WHERE {where} ORDER BY {by}"
        return Sql(f"{text} LIMIT 1 OFFSET {steps}", along.params)

    def walking(self, order: Order, limit: int, after: After | None, last: After | None) -> Sql:
        """The statement that walks the order up to a place and asks of each in turn."""
        conditions = [self._along(order, after), self.compiler.where(self.asked, probing=True), self.visible]
        if last is not None:
            until = ">=" if order.descending else "<="
            conditions.append(Sql(f"({order.key.text}, c.number) {until} (%s, %s)", (last.key, last.number)))
        where = joined(" AND ", [each for each in conditions if each.text])
        by = self._by(order, order.key.text)
        text = (
            f"SELECT c.number, {order.key.text} FROM {self.customers} c WHERE {where.text} ORDER BY {by} LIMIT {limit}"
        )
        return Sql(text, where.params)

    def walking_rows(self, order: Order, rows: Rows, limit: int, after: After | None) -> Sql:
        """The statement that walks rows of hers by their key, and asks of each whether it counts and of whom it is."""
        way, beyond = (" DESC", "<") if order.descending else ("", ">")
        conditions = [Sql(f"c.number = {rows.customer} AND {rows.key} > ''"), rows.counts]
        conditions += [self.compiler.where(self.asked, probing=True), self.visible]
        if after is not None:
            place = Sql(f"({rows.key}, {rows.customer}) {beyond} (%s, %s)", (after.key, after.number))
            conditions.append(place)
        where = joined(" AND ", conditions)
        text = f"SELECT c.number, {rows.key} FROM {rows.table} w CROSS JOIN {self.customers} c WHERE {where.text} "
        return Sql(f"{text}ORDER BY {rows.key}{way}, {rows.customer}{way} LIMIT {limit}", where.params)

    def walking_fenced(self, order: Order, limit: int, after: After | None, steps: int) -> Sql:
        """The same for a database that plans for itself: so many steps first, and only of these it is asked."""
        condition = self.compiler.where(self.asked, probing=True)
        columns = sorted(self.compiler.used | self.visible.columns("c") | ({order.column} if order.column else set()))
        chosen = ", ".join(f"c.{quoted(column)}" for column in columns)
        along = self._along(order, after)
        by = self._by(order, order.key.text)
        inner = f"SELECT {chosen} FROM {self.customers} c WHERE {along.text or 'TRUE'} ORDER BY {by} LIMIT {steps}"
        where = joined(" AND ", [condition, self.visible])
        text = f"SELECT c.number, {order.key.text} FROM ({inner}) c WHERE {where.text} LIMIT {limit}"
        return Sql(text, (*along.params, *where.params))

    def fetching(self, order: Order, limit: int, after: After | None) -> Sql:
        """The statement that fetches all it holds for and sorts them."""
        key = self.dialect.shield(order.key.text) if order.column else order.key.text
        where = joined(" AND ", [each for each in (self.condition, self._along(order, after, key)) if each.text])
        if self.dialect.plans:
            found = f"SELECT c.number, {key} AS k FROM {self.customers} c WHERE {where.text}"
            gathered = self.dialect.gathered(Sql(found, (*order.key.params, *where.params)))
            way = " DESC" if order.descending else ""
            return Sql(f"{gathered.text} ORDER BY k{way}, number{way} LIMIT {limit}", gathered.params)
        text = f"SELECT c.number, {key} FROM {self.customers} c WHERE {where.text} ORDER BY {self._by(order, key)}"
        return Sql(f"{text} LIMIT {limit}", (*order.key.params, *where.params, *order.key.params))

    def _along(self, order: Order, after: After | None, key: str = "") -> Sql:
        """The condition to have a key, and to stand behind a place; empty where neither narrows anything."""
        key = key or order.key.text
        conditions = [] if order.by_number else [Sql(order.known(key), order.key.params)]
        if after is not None:
            beyond = "<" if order.descending else ">"
            conditions.append(Sql(f"({key}, c.number) {beyond} (%s, %s)", (*order.key.params, after.key, after.number)))
        return joined(" AND ", conditions)

    def _by(self, order: Order, key: str) -> str:
        way = " DESC" if order.descending else ""
        return f"c.number{way}" if key == order.key.text and order.by_number else f"{key}{way}, c.number{way}"

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


def _named(union: str) -> str:
    """A union of numbers whose first column is called `number`."""
    first, _, rest = union.partition(" FROM ")
    return f"{first} AS number FROM {rest}"


def _rows(statement: Sql) -> list[Any]:
    with answers(statement) as cursor:
        return list(cursor.fetchall())
