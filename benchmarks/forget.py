"""How long it takes to forget one customer among many, each step of it, and how long the dry run.

    uv run python -m benchmarks.forget [CUSTOMERS] [HOW MANY]

Brings a generated list in by the product's own import, on a throwaway home: a block holds thousands of customers, and
the list itself must be searched for her rows. Some customers from all over it are edited, given a file and a sealed
value, and forgotten one after the other. The promise is a second for each, the list's rows among that. Ends with 1
beyond it, or where the register is not proved afterwards.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.verify import fill

PROMISED = 1.0  # seconds


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), customers)
        import django

        from regulars.kernel import early  # noqa: F401 (before Django)

        django.setup()
        from django.utils import timezone

        from regulars.areas.customers import actions
        from regulars.areas.customers.models import Customer
        from regulars.areas.journal.models import Link
        from regulars.areas.journal.queries import verify
        from regulars.kernel.actor import Actor

        by = Actor(kind="operator", name="Benchmark", rights=frozenset({"*"}))
        numbers = list(Customer.objects.order_by("number").values_list("number", flat=True))
        chosen = numbers[:: max(1, len(numbers) // many)][:many]
        for place, number in enumerate(chosen):
            card = {"occupation": "Baker", "bank_accounts": [{"iban": "DE89370400440532013000"}]}
            actions.edit_customer(number=number, card=card, by=by, at=timezone.now())
            actions.add_file(number=number, name="note.txt", content=b"%d" % place, by=by, at=timezone.now())
        largest = max(len(bytes(block)) for block in Link.objects.values_list("block", flat=True).iterator())
        looked, forgot, computed = [], [], []
        for number in chosen:
            began = time.perf_counter()
            actions.what_would_go(number=number, by=by)
            again, busy = time.perf_counter(), time.process_time()
            actions.forget_customer(number=number, by=by, at=timezone.now())
            looked.append(again - began)
            forgot.append(time.perf_counter() - again)
            computed.append(time.process_time() - busy)
        well = verify().ok
    print(
        f"{customers:,} customers, {len(chosen)} forgotten; the largest block {largest >> 10:,} KiB; all well: {well}"
    )
    print(f"dry run {statistics.median(looked):5.2f} s, at most {max(looked):.2f} s")
    print(f"forget  {statistics.median(forgot):5.2f} s, at most {max(forgot):.2f} s (promised {PROMISED:.1f} s)")
    print(f"of it computing {statistics.median(computed):5.2f} s")
    return int(not well or statistics.median(forgot) > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
