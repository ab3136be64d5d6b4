"""Search as you type against the least one can do, in turn in one run.

    python -m benchmarks.search [100000] [--home FOLDER] [--queries 150]
    python -m benchmarks.search 100000 --import

`search` is the whole question as the search field puts it: what was typed is read, asked in every way, judged, put in
order, and the first 20 fetched with what is shown of them. `bare` is one range of a B-tree with 20 rows, fetched by the
same connection. For typing errors the limit is RapidFuzz over every word of a name, once for each word typed, and the
range of the best pair. What is typed is drawn from the register; an error is one edit in one of the two names.
With `--home` the register is kept there and found again. `--import` measures what a whole import costs more for keeping
the keys of search than without writing them, each in a fresh home, in turn (the reader makes the texts in both).
"""

import argparse
import random
import statistics
import string
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.register import register

_SEED = 20261128
BARE = "SELECT number, given_name, family_name FROM customers_customer WHERE {0} >= %s AND {0} < %s LIMIT 20"
PHONES = "SELECT customer_id, value FROM customers_contactpoint WHERE key >= %s AND key < %s LIMIT 20"
LAST = "\U0010ffff"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--cpu", action="store_true", help="computing time of the asking process, not the clock's")
    parser.add_argument("--import", action="store_true", dest="imports")
    args = parser.parse_args()
    if args.imports:
        imports(args.count)
        return
    with register(args.count, home=args.home):
        from django.db import connection

        from regulars.areas.customers.actions import fill_search_keys
        from regulars.kernel.databases import analyse, bulk_writing

        begun = time.perf_counter()
        with bulk_writing(connection):
            if filled := fill_search_keys():
                analyse(connection)
                print(f"  search keys of {filled:,} customers in {time.perf_counter() - begun:.0f} s", flush=True)
        Run(args.queries, time.thread_time if args.cpu else time.perf_counter).all()


def imports(count: int) -> None:
    """Both kinds in turn, twice, until everybody is found; the better of each counts."""
    from benchmarks.generator import write_csv
    from benchmarks.imports import _measured

    with tempfile.TemporaryDirectory() as folder:
        file = write_csv(Path(folder) / "customers.csv", count)
        seconds: dict[str, list[float]] = {"keyless": [], "product": []}
        for kind in ("keyless", "product") * 2:
            told = _measured(kind, file, count)
            seconds[kind].append(told["seconds"] + told["filled"])
            print(f"  {kind:8} {seconds[kind][-1]:7.1f} s  cpu {told['cpu']:7.1f} s  {told['mb']:.0f} MB", flush=True)
    ratio = min(seconds["product"]) / min(seconds["keyless"])
    print(f"import with the keys of search: {ratio:.2f} of the time without (goal 1.35)")


class Run:
    def __init__(self, queries: int, clock: Callable[[], float]) -> None:
        from regulars.kernel.actor import Actor

        self.clock = clock
        self.by = Actor(kind="operator", name="benchmark", rights=frozenset({"*"}))
        self.dice = random.Random(_SEED)
        self.people = self._people(queries)
        self.phones = self._phones(queries)

    def all(self) -> None:
        wants: dict[str, tuple[Sequence[Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
            "3 letters of a family name": (
                [family[:3] for _number, _given, family in self.people],
                self.search,
                lambda typed: self.rows(BARE.format("family_fold"), typed, typed + LAST),
            ),
            "family name, 2 letters of the given": (
                [f"{family} {given[:2]}" for _number, given, family in self.people],
                self.search,
                lambda typed: self.rows(BARE.format("sort_key"), typed, typed + LAST),
            ),
            "4 letters inside a family name": (
                [self.inside(family) for _number, _given, family in self.people],
                self.search,
                lambda typed: self.rows(BARE.format("family_fold"), typed, typed + LAST),
            ),
            "the last 5 digits of a phone": (
                [phone[-5:] for phone in self.phones],
                self.search,
                lambda typed: self.rows(PHONES, "+49" + typed, "+49" + typed + LAST),
            ),
        }
        for name, (typed, ask, bare) in wants.items():
            self.report(name, self.timed(typed, ask), self.timed(typed, bare), most=10.0, floor=5.0)
        self.errors()

    def errors(self) -> None:
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        vocabulary = [word for (word,) in self.rows("SELECT word FROM customers_searchword WHERE count > %s", 0)]
        typed = [(self.mistyped(given, family), given, family) for _number, given, family in self.people]

        def limit(one: str) -> None:
            best = [
                process.extract(word, vocabulary, scorer=JaroWinkler.similarity, limit=5)[0][0] for word in one.split()
            ]
            self.rows(BARE.format("family_fold"), best[-1], best[-1] + LAST)

        texts = [text for text, _given, _family in typed]
        ours, theirs = self.timed(texts, self.search), self.timed(texts, limit)
        self.report(f"given and family name, one error ({len(vocabulary):,} words)", ours, theirs, most=1.5, floor=8.0)
        hits = [
            any(hit.name.endswith(f"{given} {family}".strip()) or self.named(hit, given, family) for hit in found)
            for (_text, given, family), found in zip(typed, map(self.search, texts), strict=True)
        ]
        print(f"  found in the first 20: {sum(hits) / len(hits):.1%} (goal 90 %)")

    # --- what is typed ------------------------------------------------------------------------------------------------

    def _people(self, count: int) -> list[tuple[int, str, str]]:
        sql = (
            "SELECT number, given_fold, family_fold FROM customers_customer WHERE number >= %s "
            "AND kind = 'person' AND length(given_fold) > 3 AND length(family_fold) > 5 ORDER BY number LIMIT 1"
        )
        (highest,) = self.rows("SELECT max(number) FROM customers_customer WHERE number > %s", 0)[0]
        return [self.rows(sql, self.dice.randrange(10001, highest - 100))[0] for _each in range(count)]

    def _phones(self, count: int) -> list[str]:
        sql = "SELECT value FROM customers_contactpoint WHERE kind = 'phone' AND customer_id >= %s LIMIT 1"
        return [self.rows(sql, self.dice.choice(self.people)[0] - 60)[0][0] for _each in range(count)]

    def inside(self, family: str) -> str:
        start = self.dice.randrange(1, len(family) - 4) if len(family) > 5 else 1
        return family[start : start + 4]

    def mistyped(self, given: str, family: str) -> str:
        """One edit in one of the two: a letter too many, one missing, another one, two swapped."""
        names = [given, family]
        which = self.dice.randrange(2)
        word, letter = names[which], self.dice.choice(string.ascii_lowercase)
        at = self.dice.randrange(1, len(word) - 1)
        names[which] = self.dice.choice(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
        return " ".join(names)

    # --- asking and timing --------------------------------------------------------------------------------------------

    def search(self, typed: str) -> list[Any]:
        from regulars.areas.customers.queries.searching import search

        return search(self.by, typed).hits

    def named(self, hit: Any, given: str, family: str) -> bool:
        from regulars.kernel.text import fold

        return fold(hit.name).endswith(f"{given} {family}")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def timed(self, typed: Sequence[Any], ask: Callable[[Any], Any]) -> list[float]:
        """Milliseconds for each, the better of two: the second finds the pages in memory."""
        first = [self.one(ask, each) for each in typed]
        return [min(pair) for pair in zip(first, [self.one(ask, each) for each in typed], strict=True)]

    def one(self, ask: Callable[[Any], Any], typed: Any) -> float:
        begun = self.clock()
        ask(typed)
        return (self.clock() - begun) * 1000

    def report(self, name: str, ours: list[float], limit: list[float], *, most: float, floor: float) -> None:
        p95, bare = _p95(ours), _p95(limit)
        met = p95 <= max(most * bare, floor)
        print(
            f"{name:52} p50 {statistics.median(ours):6.2f}  p95 {p95:6.2f} ms   "
            f"limit p50 {statistics.median(limit):6.2f}  p95 {bare:6.2f} ms   {p95 / bare:5.1f} times   "
            f"goal {most:g} times or {floor:g} ms: {'met' if met else 'NOT MET'}",
            flush=True,
        )


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    main()
