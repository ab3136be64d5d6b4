"""How long it takes to merge two cards among many, and to take it apart again.

    uv run python -m benchmarks.merge [CUSTOMERS] [HOW MANY]

Brings a generated list in by the product's own import, on a throwaway home. Pairs from all over it get notes, a sealed
value, somebody who was sent by the one and works with the other, and are merged one after the other; then each merge is
taken apart. The promise is 0.1 seconds for a merge. Ends with 1 beyond it, or where the register is not proved.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.verify import fill

PROMISED = 0.1  # seconds


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), customers)
        import django

        from regulars.kernel import early  # noqa: F401 (before Django)

        django.setup()
        from django.utils import timezone

        from regulars.areas.customers.actions import edit_customer
        from regulars.areas.customers.models import Customer
        from regulars.areas.journal.queries import verify
        from regulars.areas.matching.actions import merge_customers, unmerge
        from regulars.kernel.actor import Actor

        by = Actor(kind="operator", name="Benchmark", rights=frozenset({"*"}))
        numbers = list(Customer.objects.filter(kind="person").order_by("number").values_list("number", flat=True))
        step = max(3, len(numbers) // many)
        chosen = [numbers[at : at + 3] for at in range(0, len(numbers) - 3, step)][:many]
        for keep, absorb, third in chosen:
            told = {"notes": ["one", "two"], "bank_accounts": [{"iban": "DE89370400440532013000"}], "tags": ["gold"]}
            for number in (keep, absorb):
                edit_customer(number=number, card=told, by=by, at=timezone.now())
            named = {"referred_by": absorb, "relations": [{"number": absorb, "kind": "partner"}]}
            edit_customer(number=third, card=named, by=by, at=timezone.now())
        merged, apart, done = [], [], []
        for keep, absorb, _third in chosen:
            began = time.perf_counter()
            done.append(merge_customers(keep=keep, absorb=absorb, by=by, at=timezone.now()).changeset)
            merged.append(time.perf_counter() - began)
        for changeset in done:
            began = time.perf_counter()
            unmerge(changeset=changeset or 0, by=by, at=timezone.now())
            apart.append(time.perf_counter() - began)
        well = verify().ok
    print(f"{customers:,} customers, {len(chosen)} pairs; all well: {well}")
    for name, took in (("merge", merged), ("un-merge", apart)):
        print(f"{name:9} {statistics.median(took) * 1000:6.1f} ms, at most {max(took) * 1000:.1f} ms")
    print(f"promised for a merge: {PROMISED * 1000:.0f} ms")
    return int(not well or statistics.median(merged) > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
