"""Reading and judging a list, against what nobody can do without: `csv.reader`, `orjson.dumps` and SHA-256 of the rows.

    python -m benchmarks.readers [ROWS]            goal: at most 5 times, memory flat

Rounds alternate within one run, so that a slow machine slows both; the figure is the median of their ratios.
"""

import csv
import hashlib
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

GOAL = 5.0
ROUNDS = 3
TODAY = date(2026, 11, 23)


def floor(path: Path) -> int:
    """Every row read, made JSON, digested."""
    count = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            hashlib.sha256(orjson.dumps(row)).digest()
            count += 1
    return count - 1


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def rows_of(rows: Iterator[Any]) -> tuple[int, int]:
    cards = refused = 0
    for row in rows:
        cards += row.card is not None
        refused += row.card is None
    return cards, refused


def main(rows: int) -> int:
    settings.configure(USE_I18N=False)
    from benchmarks.generator import write_csv
    from regulars.areas.intake.readers import Context, guess, judge, judged, open_file
    from regulars.areas.intake.readers.inspecting import rows as data_rows

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        write_csv(path, rows)
        looked, inspected = timed(lambda: open_file(path, path.name, today=TODAY))
        mapping = guess(inspected, today=TODAY)
        context = Context("US", "USD", TODAY)
        used = len(mapping.used())
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:.0f} MB, {used} of {len(mapping.columns)} columns used")
        print(f"looked through (child)          {looked:6.2f} s  {looked / rows * 1e6:6.2f} µs a row")
        here, there = [], []
        for _round in range(ROUNDS):
            base, _count = timed(lambda: floor(path))
            own, counts = timed(lambda: rows_of(judge(data_rows(path, inspected.layout), mapping, context)))
            child, _counts = timed(lambda: rows_of(judged(path, inspected, mapping, context)))
            here.append(own / base)
            there.append(child / base)
            each = own / rows * 1e6
            print(
                f"floor {base:6.2f} s   judged here {own:6.2f} s ({each:5.2f} µs a row)   in the child {child:6.2f} s"
            )
        print(f"cards {counts[0]:,}, refused {counts[1]:,}")
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory: largest child {children:.0f} MB, here {mine:.0f} MB")
        ratio = statistics.median(here)
        told = f"(goal {GOAL:.0f}), in the child {statistics.median(there):.2f}"
        print(f"read and judged / floor         {ratio:6.2f} times {told}")
        return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 100_000))
