"""The rollups of some customers, counted anew from their lines. Under the writing lock; says what the lines say."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.db import connection

from regulars.areas.house.queries import today
from regulars.areas.trade.counting.windows import END, firsts, leaves
from regulars.areas.trade.models import Line, Product, Rollup, TypeRollup
from regulars.kernel.databases import adapter, among, bulk_insert
from regulars.kernel.dates import day_of

LINE, PRODUCT = Line._meta.db_table, Product._meta.db_table
ROLLUP, TYPES = Rollup._meta.db_table, TypeRollup._meta.db_table
COLUMNS = tuple(str(field.column) for field in Rollup._meta.concrete_fields)
_AT_ONCE = 2_000
_WINDOWS = ("30", "90", "year")
_IN_WINDOWS = (
    "day",
    "until",
    *(f"{what}_{window}" for what in ("spent", "count") for window in _WINDOWS),
    "returned_year",
)


def keep(numbers: Collection[int], at: datetime) -> None:
    """Brings the rollups of these customers up to date, there or gone, as of the house's day at this instant."""
    day: date | None = None
    for part in batched(sorted(numbers), _AT_ONCE):
        if _concerns(part):
            day = day or today(at)
            recount(part, day)


def recount(numbers: Collection[int], day: date) -> None:
    """The same as of a day; what is counted by type is of all time, and does not change with the day."""
    rows = list(counted(numbers, day))
    _put(rows)
    _drop(ROLLUP, set(numbers) - {row[0] for row in rows})
    _drop(TYPES, numbers)
    condition, values = among(connection, "l.customer_id", [*numbers])
    with connection.cursor() as cursor:
        cursor.execute(_INTO_TYPES + types_of(condition), values)


def bring_to(numbers: Collection[int], day: date) -> None:
    """The windows as of a later day, from what was bought in the longest of them and after: what is summed over all
    time does not change with the day."""
    edges, said = firsts(day), _day_said()
    columns, parameters = _asked(edges, said(day), said, whole=False)
    known, values = among(connection, "customer_id", [*numbers])
    none = (*[0] * (len(_IN_WINDOWS) - 2),)
    rows = dict.fromkeys(numbers, (said(day), said(END), *none))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM ({_PER_PURCHASE} WHERE {known} AND day >= %s "
            "GROUP BY customer_id, day, purchase_id) p GROUP BY customer_id",
            [*parameters, *values, said(edges["year"])],
        )
        for number, *sums, oldest_30, oldest_90, oldest_year, ahead in cursor.fetchall():
            oldest = {"30": oldest_30, "90": oldest_90, "year": oldest_year}
            rows[number] = (said(day), said(until(oldest, ahead)), *sums)
        sets = ", ".join(f"{_q(name)} = %s" for name in _IN_WINDOWS)
        cursor.executemany(
            f"UPDATE {ROLLUP} SET {sets} WHERE number = %s", [(*row, number) for number, row in sorted(rows.items())]
        )


def counted(numbers: Collection[int] | None, day: date) -> Iterator[tuple[Any, ...]]:
    """The rollups' rows as the lines say, in the order of `COLUMNS`; of all customers where none are named."""
    edges, said = firsts(day), _day_said()
    known, values = ("customer_id IS NOT NULL", []) if numbers is None else among(connection, "customer_id", [*numbers])
    columns, parameters = _asked(edges, said(day), said)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM ({_PER_PURCHASE} WHERE {known} GROUP BY customer_id, day, purchase_id) p "
            "GROUP BY customer_id",
            [*parameters, *values],
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            for row in rows:
                number, *sums, oldest_30, oldest_90, oldest_year, ahead = row
                oldest = {"30": oldest_30, "90": oldest_90, "year": oldest_year}
                yield number, said(day), said(until(oldest, ahead)), *sums


# What each purchase of a customer comes to, in the order of the index that holds it all: nothing is sorted for it.
_PER_PURCHASE = (
    "SELECT customer_id, day, SUM(CASE WHEN kind <> 'donation' THEN worth ELSE 0 END) AS spent, "
    "SUM(CASE WHEN kind IN ('return', 'refund') THEN -worth ELSE 0 END) AS back, "
    "SUM(CASE WHEN kind = 'donation' THEN worth ELSE 0 END) AS given, "
    f"MAX(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END) AS sale FROM {LINE}"
)


def _asked(
    edges: Mapping[str, date], last: Any, said: Callable[[date], Any], whole: bool = True
) -> tuple[str, list[Any]]:
    """The columns, and their parameters: sums, counts, days; then the oldest day in each window and the first ahead.
    Not whole: without what is of all time."""
    found, given = ["customer_id"], list[Any]()

    def summed(column: str, *windows: str) -> None:
        if whole:
            found.append(f"CAST(SUM({column}) AS bigint)")
        for window in windows:
            found.append(f"CAST(SUM(CASE WHEN day BETWEEN %s AND %s THEN {column} ELSE 0 END) AS bigint)")
            given.extend((said(edges[window]), last))

    summed("spent", *_WINDOWS)
    summed("sale", *_WINDOWS)
    summed("back", "year")
    if whole:
        summed("given")
        found.extend(f"{end}(CASE WHEN sale = 1 THEN day END)" for end in ("MIN", "MAX"))
    for window in _WINDOWS:
        found.append("MIN(CASE WHEN day BETWEEN %s AND %s THEN day END)")
        given.extend((said(edges[window]), last))
    found.append("MIN(CASE WHEN day > %s THEN day END)")
    given.append(last)
    return ", ".join(found), given


def until(oldest: Mapping[str, Any], ahead: Any) -> date:
    """The first day on which sums of these windows are no longer right."""
    ends = [leaves(window, day_of(day)) for window, day in oldest.items() if day is not None]
    return min([*ends, *([day_of(ahead)] if ahead is not None else []), END])


def _day_said() -> Callable[[date], Any]:
    """How the database at hand takes a day."""
    turn = adapter(connection, Rollup._meta.get_field("day"))
    return turn if turn is not None else (lambda day: day)


def _concerns(numbers: Collection[int]) -> bool:
    """Whether any of them has a line or a rollup: most deeds have nothing to do with what was bought."""
    lines, values = among(connection, "customer_id", [*numbers])
    rollups, again = among(connection, "number", [*numbers])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {LINE} WHERE {lines}) OR EXISTS (SELECT 1 FROM {ROLLUP} WHERE {rollups})",
            [*values, *again],
        )
        return bool(cursor.fetchone()[0])


def _put(rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(COLUMNS))
    sets = ", ".join(f"{name} = excluded.{name}" for name in map(_q, COLUMNS[1:]))
    names = ", ".join(map(_q, COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {ROLLUP} ({names}) VALUES ({marks}) ON CONFLICT (number) DO UPDATE SET {sets}", list(rows)
        )


def _drop(table: str, numbers: Collection[int]) -> None:
    if numbers:
        condition, values = among(connection, "number", sorted(numbers))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", values)


def types_of(condition: str) -> str:
    """The rows of the rollup by type as the lines say, of the lines `l` for which this holds."""
    return (
        "SELECT p.type_id, l.customer_id, COUNT(*), CAST(SUM(l.worth) AS bigint), MAX(l.day) "
        f"FROM {LINE} l CROSS JOIN {PRODUCT} p "  # said so, SQLite begins with the lines
        f"WHERE p.id = l.product_id AND l.kind = 'sale' AND p.type_id IS NOT NULL AND {condition} "
        "GROUP BY p.type_id, l.customer_id"
    )


_INTO_TYPES = f"INSERT INTO {TYPES} (type, number, count, spent, last) "


def retype(products: Collection[int]) -> None:
    """Counts by type anew for whoever bought one of these products: they may be of another type now."""
    some, values = among(connection, "b.product_id", sorted(products))
    hers = f"customer_id IN (SELECT b.customer_id FROM {LINE} b WHERE {some} AND b.customer_id IS NOT NULL)"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TYPES} WHERE {hers.replace('customer_id IN', 'number IN', 1)}", values)
        cursor.execute(_INTO_TYPES + types_of(f"l.{hers}"), values)


def retype_again(_link: Any, changeset: Any) -> None:
    """When a deed is taken back that gave products a type: they count under what they have now."""
    was = Product.past._default_manager.filter(link__in=changeset.links.values("pk")).values("id")
    if products := list(Product.objects.filter(pk__in=was).values_list("pk", flat=True)):
        retype(products)


def add_types(first: int, last: int) -> None:
    """Adds the lines whose ids lie between these two, which are new, to the rollup by type."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INTO_TYPES + types_of("l.customer_id IS NOT NULL AND l.id BETWEEN %s AND %s") + _TO_WHAT_STANDS,
            [first, last],
        )


_TO_WHAT_STANDS = (
    f" ON CONFLICT (type, number) DO UPDATE SET count = {TYPES}.count + excluded.count, "
    f"spent = {TYPES}.spent + excluded.spent, "
    f"last = CASE WHEN excluded.last > {TYPES}.last THEN excluded.last ELSE {TYPES}.last END"
)


# --- all of them ------------------------------------------------------------------------------------------------------


def fill(day: date) -> int:
    """Makes all rollups anew from the lines; returns of how many customers. One transaction is the caller's."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {ROLLUP}")
        cursor.execute(f"DELETE FROM {TYPES}")
        count = 0
        for part in batched(counted(None, day), 20_000):
            bulk_insert(connection, ROLLUP, COLUMNS, part)
            count += len(part)
        cursor.execute(_INTO_TYPES + types_of("l.customer_id IS NOT NULL"))
    return count


def leaving(day: date, most: int | None = None) -> list[int]:
    """Customers whose rollup is no longer right on this day, so many at most."""
    rows = Rollup.objects.filter(until__lte=day).order_by("until").values_list("number", flat=True)
    return list(rows[:most])


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
