"""Bringing in a list of purchases, against a hand-written loop over the same file into the same tables.

    python -m benchmarks.purchases online_retail.csv.xz [--rows 100000]

The file is UCI's “Online Retail” (Chen 2015, CC BY 4.0), plain or packed. `product` is the whole import: a child reads
and judges; customers, products, purchases, returns, rollups, journal and chain are written in transactions of at most
0.2 s. `tables` is `csv.reader` and `executemany` into the product's own tables with all their indexes, nothing judged,
no journal, one transaction. Both on SQLCipher with the same settings, each in a process and home of its own, in turn.
"""

import argparse
import csv
import itertools
import json
import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.imports import timed
from benchmarks.plainly import executemany

KINDS = ("tables", "product")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.kind:
        print(json.dumps(timed(lambda: _RUN[args.kind](args.file))))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = _plain(args.file, Path(folder) / "purchases.csv", args.rows)
        found = {kind: _measured(kind, file) for kind in ([args.only] if args.only else KINDS)}
    for kind, run in found.items():
        print(f"{kind:8} {run['seconds']:8.2f} s  cpu {run['cpu']:7.2f} s  {run['mb']:6.0f} MB")
    if len(found) == len(KINDS):
        print(f"product / tables: {found['product']['seconds'] / found['tables']['seconds']:.2f} of the time")


def _plain(file: Path, to: Path, rows: int) -> Path:
    packed = file.suffix == ".xz"
    with lzma.open(file) if packed else file.open("rb") as source, to.open("wb") as target:
        target.writelines(itertools.islice(source, rows + 1 if rows else None))
    return to


def _measured(kind: str, file: Path) -> dict[str, float]:
    """One kind in a fresh home."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "REGULARS_HOME": home, "REGULARS_KEY_FILE": f"{home}/../{Path(home).name}.json",
               "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
               "PYTHONPATH": str(Path(__file__).parents[1])}  # fmt: skip
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
        command = [sys.executable, "-m", "benchmarks.purchases", str(file), "--kind", kind]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
        Path(env["REGULARS_KEY_FILE"]).unlink(missing_ok=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _product(file: Path) -> None:
    import django

    django.setup()
    from datetime import UTC, datetime

    from regulars.areas.intake import actions, queries
    from regulars.kernel.actor import Actor

    by, now = Actor(kind="operator", name="benchmark", rights=frozenset({"*"})), datetime.now(UTC)
    options: dict[str, Any] = {"as": "purchases", "country": "GB"}
    with file.open("rb") as source:
        intake = actions.inspect(file=source, name=file.name, by=by, at=now, **options)
    actions.run_to_end(actions.start_import(token=intake.token, by=by, at=now))
    done = queries.intake_for(by, intake.token)
    assert done.state == "done", (done.state, done.error)
    print(done.counts, file=sys.stderr)


def _tables(file: Path) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from regulars.kernel.databases import bulk_writing

    with bulk_writing(connection), transaction.atomic(), file.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        next(reader)
        writer = Plain()
        for chunk in itertools.batched(reader, 5_000):
            writer.write(chunk)


class Plain:
    """The least one can do: values as they stand, ids counted up."""

    def __init__(self) -> None:
        from regulars.areas.customers.models import Customer, Reference
        from regulars.areas.trade.models import Line, Place, Product, Purchase
        from regulars.kernel.tables import table_of

        self.models = (Customer, Reference, Product, Place, Purchase, Line)
        self.tables = {model.__name__: table_of(model) for model in self.models}
        self.made: dict[str, list[Any]] = {name: [] for name in self.tables}
        self.row = 0
        self.customers: dict[str, int] = {}
        self.products: dict[str, int] = {}
        self.purchases: dict[str, list[int]] = {}
        self.add("Place", code="main", name="main", kind="branch", territory="")

    def add(self, name: str, /, **values: Any) -> int:
        """Takes a row with these values in; what is not said is empty, or nothing in columns that may be."""
        self.row += 1
        table = self.tables[name]
        blank = getattr(self, f"_{name}", None)
        if blank is None:
            blank = {
                str(each.column): None if each.null else _plainly(each.get_default()) if each.has_default() else ""
                for each in table.fields
            }
            setattr(self, f"_{name}", blank)
        row = {**blank, "link": 1, table.pk: self.row, **values}
        self.made[name].append(tuple(row.values()))
        return self.row

    def write(self, chunk: Any) -> None:
        from django.db import connection

        for each in chunk:
            self.take(*each)
        for name, rows in self.made.items():
            executemany(connection, self.tables[name].name, self.tables[name].columns, rows)
            rows.clear()

    def take(
        self, invoice: str, code: str, text: str, quantity: str, at: str, price: str, customer: str, _country: str
    ) -> None:
        number = self.customers.get(customer) if customer else None
        if customer and number is None:
            number = self.customers[customer] = 10_001 + len(self.customers)
            self.add("Customer", number=number, kind="person", version=1, created_at=at, updated_at=at)
            self.add("Reference", customer_id=number, source="list", value=customer)
        if code not in self.products:
            self.products[code] = self.add("Product", number=code, name=text, key=text.lower())
        if invoice not in self.purchases:
            own = self.add(
                "Purchase", customer_id=number, serial=len(self.purchases), source="list", number=invoice, place_id=1,
                channel="shop", at=at, day=at[:10], currency="GBP", base="GBP", rate=10**9, damaged=False,
            )  # fmt: skip
            self.purchases[invoice] = [own, 0]
        purchase = self.purchases[invoice]
        purchase[1] += 1
        count, each = int(quantity), round(float(price) * 10_000)
        self.add(
            "Line", customer_id=number, purchase_id=purchase[0], ordinal=purchase[1],
            kind="sale" if count > 0 else "return", product_id=self.products[code], text=text, quantity=count * 10_000,
            price=each, amount=count * each, worth=count * each, currency="GBP", day=at[:10],
        )  # fmt: skip


def _plainly(value: Any) -> Any:
    return value if isinstance(value, str | int | None) else json.dumps(value)


_RUN = {"product": _product, "tables": _tables}

if __name__ == "__main__":
    main()
