"""Reading and judging a list, against what nobody can do without: `csv.reader`, `orjson.dumps` and SHA-256 of the rows.

    python -m benchmarks.readers [ROWS]            goal: at most 5 times, memory flat
    python -m benchmarks.readers workbook [ROWS]   a workbook looked through in the child, its start and all, against
                                                   calamine alone going through its rows here; goal: at most 1.5 times

Rounds alternate within one run, so that a slow machine slows both; the figure is the median of their ratios. For the
workbook it is the computing time of both processes, because the child has a core of its own.
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

GOAL, GOAL_OF_WORKBOOK = 5.0, 1.5
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


def computed(work: Callable[[], Any]) -> float:
    """Seconds of computing, those of children among them."""

    def spent() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used)

    begun = spent()
    work()
    return spent() - begun


def write_workbook(path: Path, rows: int) -> None:
    from openpyxl import Workbook

    from benchmarks.generator import write_csv

    table = path.with_suffix(".csv")
    write_csv(table, rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Customers")
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(path)


def workbook(rows: int) -> int:
    settings.configure(USE_I18N=False)
    from python_calamine import CalamineWorkbook

    from regulars.areas.intake.readers import open_file

    def alone(path: Path) -> int:
        return sum(1 for _row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.xlsx"
        write_workbook(path, rows)
        ratios = []
        for _round in range(ROUNDS):
            base = computed(lambda: alone(path))
            child = computed(lambda: open_file(path, path.name, today=TODAY))
            ratios.append(child / base)
            print(f"calamine alone {base:6.2f} s   looked through in the child {child:6.2f} s")
        ratio = statistics.median(ratios)
        print(f"looked through / calamine alone {ratio:6.2f} times (goal {GOAL_OF_WORKBOOK})")
        return int(ratio > GOAL_OF_WORKBOOK)


if __name__ == "__main__":
    words = sys.argv[1:]
    work = workbook if words[:1] == ["workbook"] else main
    usual = 50_000 if work is workbook else 100_000
    numbers = [int(word.replace("_", "")) for word in words if word != "workbook"]
    sys.exit(work(*(numbers or [usual])))
