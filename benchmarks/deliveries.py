"""Deliveries: `late(…)` and `late_deliveries(…)` as criteria, and the report, against SQL written by hand.

    python -m benchmarks.deliveries [100000] [--postgres] [--home FOLDER] [--cpu]

The register of `benchmarks.trade`; every fifth of its purchases is one that was to be delivered: promised two to ten
days after it, most of them come by then, one in eight up to three weeks late, one in two hundred not at all, one in a
hundred damaged. They are drawn into the tables the first time. By hand is the statement alone, on the same
connection, over the same tables and indexes; the best of seven rounds (of three, for a report), in turn. Goals: a
count, a page and a report at most 1.5 times + 2 ms.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from benchmarks import criteria, trade
from benchmarks.criteria import TODAY, best_of
from benchmarks.register import register
from benchmarks.trade import PAGE_GOAL, Case, fill

SHARE, LATE, LOST, DAMAGED = 5, 8, 200, 100  # one in so many
_ROUNDS = 3  # of a report, which takes seconds
SINCE = TODAY - timedelta(days=89)
_EVER = "promised IS NOT NULL"
_MISSED = f"void = '' AND (delivered > promised OR (delivered IS NULL AND promised < '{TODAY}'))"
Rows = Callable[[str], list[Any]]


def deliver() -> None:
    """Draws the days into a fifth of the purchases, where none has any."""
    from django.db import connection, transaction

    from regulars.areas.trade.models import Purchase
    from regulars.kernel.databases import analyse

    if Purchase.objects.filter(promised__isnull=False).exists():
        return
    begun, draw, count = time.perf_counter(), random.Random(11), 0
    drawn = _drawn(draw, Purchase.objects.order_by("pk").values_list("pk", "day").iterator(chunk_size=50_000))
    for chunk in batched(drawn, 20_000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE trade_purchase SET channel = 'web', promised = %s, sent = %s, delivered = %s, late = %s, "
                "damaged = %s WHERE id = %s",
                chunk,
            )
        count += len(chunk)
    analyse(connection)
    print(f"  {count:,} deliveries in {time.perf_counter() - begun:.0f} s", flush=True)


def _drawn(draw: random.Random, purchases: Any) -> Iterator[tuple[Any, ...]]:
    for pk, day in purchases:
        if draw.randrange(SHARE):
            continue
        promised, came = day + timedelta(draw.randrange(2, 11)), None
        days = draw.randrange(1, 22) if not draw.randrange(LATE) else -draw.randrange(3)
        if draw.randrange(LOST) and promised + timedelta(days) <= TODAY:
            came = max(promised + timedelta(days), day)
        sent = day + timedelta(1) if came else None
        late = (came - promised).days if came else None
        yield promised, sent, came, late, bool(came) and not draw.randrange(DAMAGED), pk


# --- criteria ---------------------------------------------------------------------------------------------------------


def cases(postgres: bool) -> list[Case]:
    cross = "JOIN" if postgres else "CROSS JOIN"

    hers = "customer_id" if postgres else "+customer_id"  # gone by the days, not by the customers

    def named(grouped: str, more: str = "") -> Case:
        rows = f"({grouped}) m {cross} customers_customer c ON c.number = m.customer_id{more}"
        return Case("", f"SELECT count(*) FROM {rows}",
                    f"SELECT c.number FROM {rows} ORDER BY c.sort_key, c.number LIMIT 51")  # fmt: skip

    def late(due: str, more: str = "", having: str = "") -> str:
        those = f"{due} AND {_MISSED} AND {hers} IS NOT NULL{more}"
        return f"SELECT customer_id FROM trade_purchase WHERE {those} GROUP BY {hers}{having}"

    def since(day: date) -> str:
        return f"promised BETWEEN '{day}' AND '{TODAY}'"

    months = since(date(TODAY.year - 1, TODAY.month, TODAY.day) + timedelta(1))
    return [
        Case(asked, told.count, told.page)
        for asked, told in {
            "late": named(late(_EVER)),
            "late(last 90 days)": named(late(since(TODAY - timedelta(89)))),
            "late(last 30 days) and gender = female": named(
                late(since(TODAY - timedelta(29))), " WHERE c.gender = 'female'"
            ),
            'late(channel = "web", last 12 months)': named(late(months, " AND channel = 'web'")),
            "late_deliveries > 2": named(late(_EVER, "", " HAVING count(*) > 2")),
            "late_deliveries(last 12 months) > 1": named(late(months, "", " HAVING count(*) > 1")),
        }.items()
    ]


# --- the report -------------------------------------------------------------------------------------------------------

_FIGURES = f"""count(*), count(*) FILTER (WHERE late > 0),
count(*) FILTER (WHERE delivered IS NULL AND promised < '{TODAY}'), count(*) FILTER (WHERE damaged),
avg(late) FILTER (WHERE late > 0)"""
_GOODS = """sum(CASE WHEN m.kind = 'sale' THEN m.quantity ELSE 0 END),
sum(CASE WHEN m.kind = 'return' THEN -m.quantity ELSE 0 END),
sum(CASE WHEN m.kind = 'return' AND m.reason IN ('defect', 'damaged') THEN -m.quantity ELSE 0 END)"""


def by_hand(each: str, postgres: bool) -> tuple[str, str]:
    """What was promised, and what was sold and came back, by this."""
    due = f"SELECT * FROM trade_purchase WHERE void = '' AND promised BETWEEN '{SINCE}' AND '{TODAY}'"
    day = "m.day" if postgres else "+m.day"  # a third of all lines are of these days: to read all is less work
    sold = f"{day} BETWEEN '{SINCE}' AND '{TODAY}' AND m.kind IN ('sale', 'return')"
    if each in ("place", "channel"):
        key = {"place": "place_id", "channel": "channel"}[each]
        goods = f"""SELECT (SELECT p.{key} FROM trade_purchase p WHERE p.id = m.purchase_id) AS what, {_GOODS}
        FROM trade_line m WHERE {sold} GROUP BY 1"""
        if postgres:
            goods = f"""SELECT p.{key}, {_GOODS} FROM trade_line m JOIN trade_purchase p ON p.id = m.purchase_id
            WHERE {sold} GROUP BY 1"""
        return f"SELECT {key}, {_FIGURES} FROM ({due}) d GROUP BY 1", goods
    join = "" if each == "product" else " JOIN trade_product g ON g.id = m.product_id"
    key = "m.product_id" if each == "product" else "g.type_id"
    lines = f"""SELECT DISTINCT {key} AS what, d.id FROM ({due}) d
    JOIN trade_line m ON m.purchase_id = d.id{join} WHERE m.kind = 'sale'"""
    inner = f"SELECT x.what, p.* FROM ({lines}) x JOIN trade_purchase p ON p.id = x.id"
    goods = f"SELECT +m.product_id, {_GOODS} FROM trade_line m WHERE {sold} GROUP BY 1"
    return f"SELECT what, {_FIGURES} FROM ({inner}) d GROUP BY 1", goods


def reports(rows: Rows, by: Any, postgres: bool) -> int:
    from regulars.areas.trade.queries import deliveries

    missed = 0
    for each in ("product", "type", "place", "channel"):
        due, goods = by_hand(each, postgres)
        promised = {key: tuple(told[:4]) for key, *told in rows(due) if key is not None}
        found = deliveries(by, each=each, since=SINCE, until=TODAY, today=TODAY)
        ours = sorted((r.promised, r.late, r.missing, r.damaged) for r in found if r.promised)
        assert ours == sorted(promised.values()), each
        took, theirs = best_of(
            lambda each=each: deliveries(by, each=each, since=SINCE, until=TODAY, today=TODAY),
            lambda due=due, goods=goods: (rows(due), rows(goods)),
            rounds=_ROUNDS,
        )
        bad = took > PAGE_GOAL * theirs + 2
        missed += bad
        print(
            f"the report of 90 days by {each:8} {took:8.1f} ms, by hand {theirs:8.1f}: {took / theirs:.2f}{' !'[bad]}"
        )
    return missed


def measure(postgres: bool) -> int:
    """Prints the tables; how many goals were missed."""
    from regulars.kernel.actor import Actor

    by = Actor("user", "bench", rights=frozenset({"*"}))
    return trade.criteria(cases(postgres), width=42) + reports(trade.rows, by, postgres)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--home", type=Path)
    parser.add_argument(
        "--cpu", action="store_true", help="count processor time, on a machine that others use (SQLCipher)"
    )
    args = parser.parse_args()
    if args.cpu:
        criteria.clock = time.process_time
    with register(args.count, postgres=args.postgres, home=args.home):
        fill(args.count)
        deliver()
        missed = measure(args.postgres)
    print(f"{missed} goals missed" if missed else "every goal met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
