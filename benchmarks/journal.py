"""What the journal costs: the same rows written plainly, and written by a deed with payloads, digests and chain.

    uv run python -m benchmarks.journal [CUSTOMERS]

On SQLCipher in a throwaway home, both in turn into the same tables with all their indexes, in transactions of a
thousand customers; then one customer a transaction, and one change a transaction. By hand is the product's own bulk
insert (or one UPDATE), without payloads, salts, digests, link and head. Medians of the rounds' ratios. Ends with 1
where customers in bulk cost more than 1.7 times.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import batched
from pathlib import Path
from typing import Any

GOAL = 1.7
ROUNDS = 5
AT_ONCE = 1_000
SINGLE = 200


def timed(work: Callable[[Any], Any], given: Any) -> float:
    begun = time.perf_counter()
    work(given)
    return time.perf_counter() - begun


class Bench:
    """The chunks, ready to be written, and the ways to write them."""

    def __init__(self, customers: int) -> None:
        from benchmarks.generator import people
        from regulars.areas.consent.models import Answer
        from regulars.areas.customers.actions import bringing
        from regulars.areas.customers.card.ready import Maker
        from regulars.areas.house.queries import house
        from regulars.areas.journal.actions import long_deed
        from regulars.kernel.actor import Actor

        self.by = Actor("operator", "benchmark", rights=frozenset({"*"}))
        self.at = _now()
        told = bringing.layout(by=self.by, at=self.at, further=[Answer])
        self.bringer = bringing.Bringer(told, by=self.by, at=self.at, country=house().country)
        maker = Maker(told)
        self.made = []
        for some in batched(people(customers), AT_ONCE):
            for row, card in enumerate(some):
                maker.add(row, {name: value for name, value in card.items() if name not in ("works_at", "references")})
            self.made.append(maker.made())
        self.deed = long_deed(verb="intake.brought_in", by=self.by, at=self.at, particulars={"file": "x"})

    def chunks(self) -> Iterator[Any]:
        from regulars.areas.customers.actions.bringing import Chunk

        for made in deepcopy(self.made):
            yield Chunk.of(made, "DE")

    def plainly(self, chunks: list[Any]) -> None:
        from django.db import transaction

        from regulars.areas.customers.actions import bringing
        from regulars.areas.journal.actions.deeds import take

        for chunk in chunks:
            with transaction.atomic():
                link = type("Plain", (), {"number": 1})()
                first, row = take("customer", len(chunk)), take("row", chunk.ids)
                numbers = list(range(first, first + len(chunk)))
                bringing._insert_own(link, chunk, range(len(chunk)), numbers)
                for label, rows in bringing._parted(chunk, range(len(chunk)), numbers):
                    bringing._insert_more(link, label, rows, numbers, row, None)  # type: ignore[arg-type]

    def by_deed(self, chunks: list[Any]) -> None:
        for chunk in chunks:
            with self.deed.transaction(by=self.by, at=self.at) as link:
                self.bringer.write_new(link, chunk, range(len(chunk)))

    # --- one at a time ------------------------------------------------------------------------------------------

    def rows(self) -> list[list[Any]]:
        from regulars.areas.customers import models as m

        found = []
        for number in range(SINGLE):
            card = m.Customer(given_name="Anna", family_name=f"Berg {number}", created_at=self.at, updated_at=self.at)
            mail = m.ContactPoint(kind="email", value=f"{time.monotonic_ns()}@example.com", primary=True)
            found.append([card, mail, m.Address(city="Berlin", postcode="10117", country="DE")])
        return found

    def singly_plainly(self, cards: list[list[Any]]) -> None:
        from django.db import connection, transaction

        from regulars.areas.journal.actions.deeds import take
        from regulars.kernel.databases import bulk_insert
        from regulars.kernel.tables import table_of

        for rows in cards:
            with transaction.atomic():
                self._numbered(rows, take("customer"), take("row", 2))
                for row in rows:
                    row.link = 1
                    row.derive()
                    table = table_of(row.__class__)
                    bulk_insert(connection, table.name, table.columns, [table.prepared(row)])

    def singly_by_deed(self, cards: list[list[Any]]) -> None:
        from regulars.areas.journal.actions import deed
        from regulars.areas.journal.actions.deeds import take

        for rows in cards:
            with deed(verb="customers.added", by=self.by, at=self.at) as link:
                (number,) = link.numbers(1)
                self._numbered(rows, number, take("row", 2))
                link.add(*rows)

    @staticmethod
    def _numbered(rows: list[Any], number: int, first: int) -> None:
        rows[0].number = number
        for place, row in enumerate(rows[1:]):
            row.customer_id, row.id = number, first + place

    def changed_plainly(self, cards: list[list[Any]]) -> None:
        from django.db import transaction

        from regulars.areas.customers.models import Customer

        for card, *_rest in cards:
            with transaction.atomic():
                Customer.objects.filter(pk=card.number).update(occupation="Nurse", updated_at=self.at)

    def changed_by_deed(self, cards: list[list[Any]]) -> None:
        from regulars.areas.journal.actions import deed

        for card, *_rest in cards:
            with deed(verb="customers.edited", by=self.by, at=self.at, particulars={"number": card.number}) as link:
                link.change(card, occupation="Nurse")


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def main(customers: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        _house(Path(folder))
        bench = Bench(customers)
        bulk, single, change = [], [], []
        for _round in range(ROUNDS):
            plain, deeds = timed(bench.plainly, list(bench.chunks())), timed(bench.by_deed, list(bench.chunks()))
            bulk.append(deeds / plain)
            print(f"{customers:,} customers: plain {plain:6.2f} s   by a deed {deeds:6.2f} s   {deeds / plain:.2f}")
            theirs, ours = bench.rows(), bench.rows()
            single.append([timed(bench.singly_plainly, theirs), timed(bench.singly_by_deed, ours)])
            change.append([timed(bench.changed_plainly, theirs), timed(bench.changed_by_deed, ours)])
    ratio = statistics.median(bulk)
    print(f"customers in bulk: {ratio:.2f} times (goal {GOAL})")
    for what, pairs in (("new customer", single), ("change", change)):
        plain, deeds = (statistics.median(times) / SINGLE * 1e3 for times in zip(*pairs, strict=True))
        print(f"one {what} a transaction: plain {plain:.1f} ms, by a deed {deeds:.1f} ms")
    return int(ratio > GOAL)


def _house(folder: Path) -> None:
    os.environ |= {
        "REGULARS_HOME": str(folder / "home"),
        "REGULARS_KEY_FILE": str(folder / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
    }
    os.environ.pop("REGULARS_DATABASE_URL", None)
    from tests.rig.keys import write_keys

    (folder / "home").mkdir()
    write_keys(folder / "keys.json")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 20_000))
