"""Customers into a csv file against `csv.writer` over a raw cursor with the same columns.

    python -m benchmarks.export [100000] [--home FOLDER] [--default]

Ours is the whole export: who they are, their values, the guard against formulas, the file. By hand is one statement a
chunk of customers with the same columns on the same connection, its rows straight into `csv.writer`. The best of three
alternating rounds, and the most memory that ours took above what stood before. Goal: at most twice as long by hand,
memory flat.
"""

import argparse
import csv
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.register import register

COLUMNS = ("number", "kind", "title", "given_name", "family_name", "organisation_name", "gender", "language", "email",
           "phone", "street", "postcode", "city", "country")  # fmt: skip
OWN = COLUMNS[:8]
POINT = (
    "(SELECT m.value FROM customers_contactpoint m WHERE m.customer_id = c.number AND m.kind = '{}'"
    ' ORDER BY m."primary" DESC, m.id LIMIT 1)'
)
BY_HAND = (
    f"SELECT {', '.join(f'c.{name}' for name in OWN)}, {POINT.format('email')}, {POINT.format('phone')}, "
    "a.street, a.postcode, a.city, a.country FROM customers_customer c LEFT JOIN customers_address a ON a.id = "
    "(SELECT min(x.id) FROM customers_address x WHERE x.customer_id = c.number) ORDER BY c.number"
)


def by_hand(to: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor, to.open("w", newline="", encoding="utf-8") as file:
        cursor.execute(BY_HAND)
        out = csv.writer(file)
        out.writerow(COLUMNS)
        while rows := cursor.fetchmany(10_000):
            out.writerows(rows)


def ours(to: Path, columns: tuple[str, ...]) -> None:
    from regulars.areas.segments.queries.exporting import Export
    from regulars.areas.segments.queries.formats import format_named, written
    from regulars.kernel.actor import Actor

    owner = Actor("user", "Olga", 1, frozenset({"*"}))
    export = Export(
        "", by=owner, today=date(2026, 3, 1), zone=ZoneInfo("Europe/Berlin"), columns=columns, order="number"
    )
    with to.open("wb") as file:
        file.writelines(written(export, format_named("csv")))


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--default", action="store_true", help="all that is known, as by default, by ours alone")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with register(args.count, home=args.home):
        files = [Path(f"/tmp/export-{name}.csv") for name in ("hand", "ours")]
        hand, us, before = [], [], _memory()
        for _round in range(args.rounds):
            hand.append(_timed(lambda: by_hand(files[0])))
            before = max(before, _memory())
            us.append(_timed(lambda: ours(files[1], () if args.default else COLUMNS)))
        told: dict[str, Any] = {"by hand": min(hand), "ours": min(us), "ratio": min(us) / min(hand)}
        print("  ".join(f"{name} {value:.2f}" for name, value in told.items()), f" memory +{_memory() - before:.0f} MB")
        for file in files:
            file.unlink()


if __name__ == "__main__":
    main()
