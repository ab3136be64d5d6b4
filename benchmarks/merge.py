"""How long it takes to merge two cards among many, and to take it apart again.

    uv run python -m benchmarks.merge [CUSTOMERS] [HOW MANY] [--home FOLDER]

Brings a generated list in by the product's own import, on a throwaway home; with `--home` it takes the register that
`benchmarks.register` keeps there (straight into its tables, so it is not proved afterwards). Pairs from all over it get
notes, a sealed value, somebody who was sent by the one and works with the other, and are merged one after the other;
then each merge is taken apart. The promise is 0.1 seconds for a merge. Ends with 1 beyond it, or where the register is
not proved.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.register import register
from benchmarks.verify import fill

PROMISED = 0.1  # seconds
Took = tuple[float, float]  # by the clock, and of the processor


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("customers", type=int, nargs="?", default=100_000)
    parser.add_argument("many", type=int, nargs="?", default=15)
    parser.add_argument("--home", type=Path, help="a register that is kept there")
    args = parser.parse_args()
    with register(args.customers, home=args.home) if args.home else _brought_in(args.customers):
        return _measured(args.customers, args.many, proved=args.home is None)


@contextmanager
def _brought_in(customers: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), customers)
        import django

        from regulars.kernel import early  # noqa: F401 (before Django)

        django.setup()
        yield


@contextmanager
def _timed(took: list[Took]) -> Iterator[None]:
    clock, processor = time.perf_counter(), time.process_time()
    yield
    took.append((time.perf_counter() - clock, time.process_time() - processor))


def _measured(customers: int, many: int, *, proved: bool) -> int:
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
    merged, apart, done = list[Took](), list[Took](), []
    for keep, absorb, _third in chosen:
        with _timed(merged):
            done.append(merge_customers(keep=keep, absorb=absorb, by=by, at=timezone.now()).changeset)
    for changeset in done:
        with _timed(apart):
            unmerge(changeset=changeset or 0, by=by, at=timezone.now())
    well = not proved or verify().ok
    print(f"{customers:,} customers, {len(chosen)} pairs; all well: {well}")
    for name, took in (("merge", merged), ("un-merge", apart)):
        clock, processor = zip(*took, strict=True)
        took_ms = f"{statistics.median(clock) * 1000:6.1f} ms, at most {max(clock) * 1000:.1f} ms"
        print(f"{name:9} {took_ms}; {statistics.median(processor) * 1000:.1f} ms of processor")
    print(f"promised for a merge: {PROMISED * 1000:.0f} ms")
    return int(not well or statistics.median(clock for clock, _processor in merged) > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
