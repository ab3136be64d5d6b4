"""A list as of a past moment against the present one, after ten imports over each other; two moments compared.

    python -m benchmarks.travel [100000] [--postgres] [--home FOLDER]

Each import writes every card anew (another occupation), and every tenth customer's addresses (another region), a link
for every 5,000 cards. Count and first page of each criterion now and as of the moments after the first, the fifth and
the ninth import; the best of five alternating rounds. Goals (issue 4): at most 3 times the present one (2 ms are
allowed for the question itself); a comparison of two moments of 100,000 customers in 2 s.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.register import START, register

IMPORTS, PER_LINK, ROUNDS = 10, 5_000, 5
BEGAN = START + timedelta(days=1_000)  # all cards of the register were there
ZONE = ZoneInfo("Europe/Berlin")
CASES = ("", "gender = female", 'city = "Berlin"', 'tag "vip"', 'family_name = "Sørensen"',
         'gender = female and tag "vip" and country = DE', 'not tag "staff" and email is not empty',
         'email contains "@mail.example.com"', "not archived", 'city = "Berlin" and not archived')  # fmt: skip
clock = time.perf_counter


def bring_in_over(count: int) -> None:
    """Ten imports over what is there, unless they are there already."""
    from django.db import connection, transaction

    from regulars.areas.journal.models import Changeset, Link
    from regulars.kernel.databases import analyse

    if Changeset.objects.count() >= IMPORTS:
        return
    link = 1
    _link(Changeset, Link, 0, link)
    for turn in range(1, IMPORTS + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for begin in range(10_001, 10_001 + count, PER_LINK):
                link += 1
                _link(Changeset, Link, turn, link)
                span = f"BETWEEN {begin} AND {begin + PER_LINK - 1}"
                _rewrite(cursor, "customers_customer", f"number {span}", link, f"occupation = 'Trade {turn}'")
                tenth = f"customer_id {span} AND customer_id % 10 = {turn % 10}"
                _rewrite(cursor, "customers_address", tenth, link, f"region = 'Region {turn}'")
    analyse(connection)


def _link(changesets: Any, links: Any, turn: int, number: int) -> None:
    at = BEGAN + timedelta(days=turn)
    deed, _made = changesets.objects.get_or_create(number=turn + 1, defaults={
        "at": at, "by_kind": "user", "by_name": "bench", "through": "file", "verb": "intake.brought_in"
    })  # fmt: skip
    links.objects.create(number=number, changeset=deed, at=at, digests=b"", block=b"", digest=b"")


def _rewrite(cursor: Any, table: str, where: str, link: int, value: str) -> None:
    from django.apps import apps

    from regulars.kernel.tables import table_of

    model = next(each for each in apps.get_models() if each._meta.db_table == table)
    cursor.execute(table_of(model).copy_to_past(where), [link])
    cursor.execute(f"UPDATE {table} SET link = {link}, {value} WHERE {where}")


def best_of(*works: Callable[[], Any]) -> list[float]:
    """Each work's best time in milliseconds, the works taking turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            start = clock()
            work()
            times[place].append((clock() - start) * 1000)
    return [min(each) for each in times]


def measure(only: str | None = None) -> int:
    """Prints the tables; gives how many goals were missed."""
    from regulars.areas.journal.queries import as_of, moment_at
    from regulars.areas.segments import queries
    from regulars.kernel.actor import Actor

    by = Actor("user", "bench", rights=frozenset({"*"}))
    here: dict[str, Any] = {"by": by, "today": date(2029, 3, 1), "zone": ZONE}
    turns = (1, 5, 9)
    moments = [BEGAN + timedelta(days=turn, hours=1) for turn in turns]
    missed = 0

    def then(at: Any, work: Callable[..., Any], asked: str) -> Callable[[], Any]:
        def run() -> Any:
            with as_of(moment_at(at)):
                return work(asked, **here)

        return run

    print(f"{'':50} {'now':>9}" + "".join(f"{f'after {turn}':>18}" for turn in turns))
    for asked in CASES if only is None else (only,):
        for work in (queries.count, queries.page):
            works = [lambda w=work, a=asked: w(a, **here), *(then(at, work, asked) for at in moments)]
            now, *past = best_of(*works)
            over = [each > 3 * now + 2 for each in past]
            missed += sum(over)
            cells = "".join(
                f"{each:10.1f} {each / now:5.1f}{'!' if bad else ' '} " for each, bad in zip(past, over, strict=True)
            )
            print(f"{work.__name__ + ' ' + (asked or '(all)'):50} {now:9.1f}{cells}", flush=True)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        start = clock()
        found = queries.compare("", moment_at(moments[one]), moment_at(moments[other]), by=by)
        took = clock() - start
        missed += took > 2
        print(f"compared after {turns[one]} and {turns[other]}: {took:.2f} s, {found.changed:,} changed", flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--home", type=Path, help="keep the register there and find it again the next time")
    parser.add_argument("--only", help="this criterion alone")
    args = parser.parse_args()
    with register(args.count, postgres=args.postgres, home=args.home):
        bring_in_over(args.count)
        missed = measure(args.only)
    print(f"{missed} goals missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
