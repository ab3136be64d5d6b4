"""Purchases: criteria against hand-hinted SQL on the rollup, writing lines against plain inserts, the nightly roll.

    python -m benchmarks.trade [100000] [--postgres] [--home FOLDER]

So many customers with ten times as many lines over three years: 5,000 products in 40 types, long-tailed, 3 % returns;
how much somebody buys is lognormal, 15 % never do, each is active in a window of her own. Goals: a count at most 1.5
times + 2 ms, a page at most 1.5 times + 2 ms, free conditions 1.5 times a full scan by hand; lines with rollups,
payloads and chain at most 3.2 times the plain insert into the same tables; the roll of one night within 5 s at ten
million lines.
"""

import argparse
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.criteria import TODAY, best_of
from benchmarks.plainly import executemany
from benchmarks.register import register

ZONE = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 3, 1, 11, tzinfo=UTC)
YEARS, TYPES, PRODUCTS = 3, 40, 5_000
WRITTEN, AT_ONCE = 4_000, 100
COUNT_GOAL, PAGE_GOAL, WRITE_GOAL, ROLL_GOAL = 1.5, 1.5, 3.2, 5.0


@dataclass(frozen=True)
class Case:
    """A criterion, how many by hand, and which by hand: numbers with names in the order of names."""

    criteria: str
    count: str
    page: str


def case(criteria: str, rows: str) -> Case:
    """`rows` stands after FROM, names the customer's row `c`, and fixes the better order of the two."""
    page = f"SELECT c.number FROM {rows} ORDER BY c.sort_key, c.number LIMIT 51"
    return Case(criteria, f"SELECT count(*) FROM {rows}", page)


def cases(postgres: bool) -> list[Case]:
    cross = "JOIN" if postgres else "CROSS JOIN"
    c = f"{cross} customers_customer c ON c.number = r.number"
    edge = (
        "(SELECT spent_year FROM trade_rollup WHERE spent_year > 0 ORDER BY spent_year DESC LIMIT 1 OFFSET "
        "(SELECT (count(*) * 10 + 99) / 100 - 1 FROM trade_rollup WHERE spent_year > 0))"
    )
    there = "SELECT DISTINCT customer_id FROM customers_address WHERE region_fold = 'ca'"
    men = f"({there}) a {cross} customers_customer c ON c.number = a.customer_id WHERE c.gender = 'male'"
    a, b = ((f"SELECT t.id FROM trade_producttype t WHERE t.key = 'type {n}'") for n in (3, 7))
    return [
        case(
            "spent(last 30 days) > 500 and gender = female",
            f"trade_rollup r {c} WHERE r.spent_30 > 5000000 AND c.gender = 'female'",
        ),
        case("spent(last 30 days) > 500", f"trade_rollup r {c} WHERE r.spent_30 > 5000000"),
        Case(
            "gender = male and region = CA",
            f"SELECT count(*) FROM {men}",
            f"SELECT c.number FROM {men} ORDER BY c.sort_key, c.number LIMIT 51",
        ),
        case(
            "last_purchase before 30 days ago and last_purchase >= 90 days ago",
            f"trade_rollup r {c} WHERE r.last < '{TODAY - timedelta(30)}' AND r.last >= '{TODAY - timedelta(90)}'",
        ),
        case("top 10% by spent(last 12 months)", f"trade_rollup r {c} WHERE r.spent_year >= {edge}"),
        case(
            'bought(type = "Type 3") and not bought(type = "Type 7")',
            f"trade_typerollup r {c} WHERE r.type = ({a}) AND NOT EXISTS "
            f"(SELECT 1 FROM trade_typerollup x WHERE x.number = r.number AND x.type = ({b}))",
        ),
        case(
            "purchases > 3 and returned > 0 and spent < 900",
            f"trade_rollup r {c} WHERE r.count > 3 AND r.returned > 0 AND r.spent < 9000000",
        ),
    ]


def fill(customers: int) -> None:
    """Purchases straight into the tables, without a journal; then the rollups."""
    from django.db import connection, transaction

    from regulars.areas.journal.models import Counter
    from regulars.areas.trade.actions import fill as fill_rollups
    from regulars.areas.trade.models import Line, Place, Product, ProductType, Purchase, Rollup
    from regulars.kernel.databases import analyse, bulk_insert
    from regulars.kernel.tables import table_of

    if Line.objects.exists():
        if Rollup.objects.filter(day__gt=AT.date()).exists():  # an earlier measurement has rolled them on
            fill_rollups(at=AT)
        return
    begun, draw = time.perf_counter(), random.Random(5)
    with transaction.atomic():
        types = [ProductType(id=n + 1, name=f"Type {n}") for n in range(TYPES)]
        products = [
            Product(id=1000 + n, number=f"P{n}", name=f"Goods {n}", type=types[n % TYPES]) for n in range(PRODUCTS)
        ]
        place = Place(id=1, code="main", name="Main")
        for model, rows in ((ProductType, types), (Product, products), (Place, [place])):
            for row in rows:
                row.link = 1
                row.derive()
            table = table_of(model)
            bulk_insert(connection, table.name, table.columns, [table.prepared(row) for row in rows])
    ids = iter(range(1_000_000, 1 << 60))
    for chunk in batched(_purchases(customers, draw), 5_000):
        heads, lines = [], []
        for serial, number, day, goods in chunk:
            own = next(ids)
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            head = Purchase(id=own, link=1, serial=serial, number=str(serial), source="x", customer_id=number,
                            place_id=1, at=at, day=day, currency="EUR", base="EUR")  # fmt: skip
            heads.append(table_of(Purchase).prepared(head))
            for ordinal, (product, amount) in enumerate(goods, 1):
                kind = "return" if amount < 0 else "sale"
                line = Line(id=next(ids), link=1, purchase_id=own, customer_id=number, ordinal=ordinal, kind=kind,
                            product_id=product, amount=amount, worth=amount, currency="EUR", day=day)  # fmt: skip
                lines.append(table_of(Line).prepared(line))
        with transaction.atomic():
            for table, prepared in ((table_of(Purchase), heads), (table_of(Line), lines)):
                bulk_insert(connection, table.name, table.columns, prepared)
    for name, following in (("row", next(ids)), ("purchase", 1 << 30), ("customer", 1 << 30)):
        Counter.objects.update_or_create(name=name, defaults={"next": following})
    read = time.perf_counter()
    fill_rollups(at=AT)
    analyse(connection)
    told = (
        f"{Line.objects.count():,} lines in {read - begun:.0f} s, their rollups in {time.perf_counter() - read:.1f} s"
    )
    print(f"  filled with {told}", flush=True)


def _purchases(customers: int, draw: random.Random) -> Iterator[tuple[int, int, Any, list[tuple[int, int]]]]:
    serial, left = 1, customers * 10
    weights = [1 / (rank + 1) for rank in range(PRODUCTS)]
    goods = draw.choices(range(1000, 1000 + PRODUCTS), weights, k=200_000)
    mean = 3.1  # so that all of them together have about ten lines each
    for number in range(10001, 10001 + customers):
        if draw.random() < 0.15:
            continue
        first, span = draw.randrange(YEARS * 365), draw.randrange(60, YEARS * 365)
        for _order in range(min(int(draw.lognormvariate(0, 1.5) * mean / 2.3) + 1, 400)):
            day = TODAY - timedelta(days=max(first - draw.randrange(span), 0))
            lines = []
            for _line in range(draw.randrange(1, 5)):
                amount = draw.randrange(20_000, 1_500_000)
                back = draw.random() < 0.03
                lines.append((goods[draw.randrange(200_000)], -amount if back else amount))
                left -= 1
            yield serial, number, day, lines
            serial += 1


def rows(text: str) -> list[Any]:
    """What a statement gives."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


def criteria(asked: Iterable[Case], width: int = 68) -> int:
    """Prints the table; how many goals were missed."""
    from regulars.areas.segments import queries
    from regulars.areas.segments.queries.columns import columns_named, values_of
    from regulars.kernel.actor import Actor

    by = Actor("user", "bench", rights=frozenset({"*"}))
    here: dict[str, Any] = {"by": by, "today": TODAY, "zone": ZONE}
    columns, missed = columns_named(queries.DEFAULT_COLUMNS, by), 0

    def page(text: str) -> Any:
        return values_of([row[0] for row in rows(text)][:50], columns, by=by)

    print(
        f"{'criterion':{width}} {'hits':>8} | {'count':>8} {'by hand':>8} {'ratio':>6} "
        f"| {'page':>8} {'by hand':>8} ratio"
    )
    for each in asked:
        ((hits,),) = rows(each.count)
        assert queries.count(each.criteria, **here) == hits, (each.criteria, queries.count(each.criteria, **here), hits)
        ours, theirs, shown, fetched = best_of(
            lambda each=each: queries.count(each.criteria, **here),
            lambda each=each: rows(each.count),
            lambda each=each: queries.page(each.criteria, **here),
            lambda each=each: (rows(each.count), page(each.page)),
        )
        bad = ours > COUNT_GOAL * theirs + 2, shown > PAGE_GOAL * fetched + 2
        missed += sum(bad)
        print(
            f"{each.criteria:{width}} {hits:8,} | {ours:8.2f} {theirs:8.2f} {ours / theirs:5.2f}{' !'[bad[0]]} "
            f"| {shown:8.2f} {fetched:8.2f} {shown / fetched:5.2f}{' !'[bad[1]]}",
            flush=True,
        )
    return missed


def writing(customers: int) -> int:
    """Lines in transactions of a hundred: by a deed, and plainly as many of the same shape, for other customers, so
    that neither finds warm what the other has read; 1 where the goal is missed."""
    from django.db import connection, transaction

    from regulars.areas.journal.actions import long_deed
    from regulars.areas.trade.actions import Book, NewLine, NewPurchase, record_many
    from regulars.areas.trade.models import Line, Purchase
    from regulars.kernel.actor import Actor
    from regulars.kernel.tables import table_of

    by, draw, begun_at = Actor("user", "bench", rights=frozenset({"*"})), random.Random(9), time.time_ns()
    work = long_deed(verb="trade.recorded_many", by=by, at=AT, particulars={"purchases": 0})
    book, number, ratios = Book(by=by, at=AT), 0, []
    for _round in range(WRITTEN // AT_ONCE):
        some = []
        for _each in range(AT_ONCE // 4):
            number += 1
            lines = [NewLine(f"P{draw.randrange(PRODUCTS)}", amount=draw.randrange(10**6)) for _line in range(4)]
            customer = 10001 + draw.randrange(customers)
            some.append(NewPurchase(lines, source=f"written {begun_at}", number=str(number), customer=customer))
        begun = time.perf_counter()
        with work.transaction(by=by, at=AT) as link:
            record_many(link, book, some)
        ours = time.perf_counter() - begun
        tables: list[tuple[Any, list[Any]]] = [
            (table_of(model), [table_of(model).prepared(row) for row in model.objects.filter(link=link.number)])
            for model in (Purchase, Line)
        ]
        others: defaultdict[int, int] = defaultdict(lambda: 10001 + draw.randrange(customers))
        with transaction.atomic():
            for table, rows in tables:
                hers = table.columns.index("customer_id")
                moved = {
                    name: table.columns.index(name) for name in table.columns if name in ("id", "serial", "purchase_id")
                }
                again = [list(row) for row in rows]
                for row in again:
                    for at in moved.values():
                        row[at] += 1 << 40
                    row[hers] = others[row[hers]]
                    if "number" in table.columns:
                        row[table.columns.index("number")] += "x"
                rows[:] = again
        begun = time.perf_counter()
        with transaction.atomic():
            for table, rows in tables:
                executemany(connection, table.name, table.columns, rows)
        ratios.append(ours / (time.perf_counter() - begun))
    found = statistics.median(ratios)
    print(f"lines in transactions of {AT_ONCE}, with rollups, payloads and chain: {found:.2f} times the plain insert")
    return int(found > WRITE_GOAL)


def rolling() -> int:
    """One night; 1 where it would take too long at ten million lines."""
    from regulars.areas.trade.actions import roll
    from regulars.areas.trade.models import Line

    begun = time.perf_counter()
    done = roll(at=AT + timedelta(days=1))
    took, lines = time.perf_counter() - begun, Line.objects.count()
    whole = took * 10_000_000 / lines
    print(f"the roll of one night: {done:,} customers of {lines:,} lines in {took:.2f} s; {whole:.1f} s at ten million")
    return int(whole > ROLL_GOAL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--home", type=Path)
    args = parser.parse_args()
    with register(args.count, postgres=args.postgres, home=args.home):
        fill(args.count)
        missed = criteria(cases(args.postgres)) + writing(args.count) + rolling()
    print(f"{missed} goals missed" if missed else "every goal met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
