"""A register to measure on: generated customers in the product's own tables, straight in, without a journal.

with register(100_000) as ready: …            a throwaway home on SQLCipher
with register(100_000, postgres=True) …       a throwaway PostgreSQL
with register(1_000_000, home=Path("/tmp/m")) kept there and found again the next time
"""

import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from benchmarks.generator import people

CHUNK = 5_000
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@contextmanager
def register(count: int, *, postgres: bool = False, home: Path | None = None) -> Iterator[None]:
    """Django set up over a database with so many customers, its statistics up to date."""
    folder = home or Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    server = _prepare(folder, postgres)
    try:
        import django

        django.setup()
        _fill(count)
        _count_on()
        yield
    finally:
        if server is not None:
            server.stop()
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, postgres: bool) -> Any:
    from tests.rig.keys import write_keys
    from tests.rig.postgres import Server

    for name in [each for each in os.environ if each.startswith("REGULARS_")]:
        del os.environ[name]
    os.environ["REGULARS_HOME"] = str(folder / "home")
    os.environ["REGULARS_KEY_FILE"] = str(folder / "keys.json")
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
    (folder / "home").mkdir(exist_ok=True)
    if not (folder / "keys.json").exists():
        write_keys(folder / "keys.json")
    if not postgres:
        return None
    server = Server()
    server.start()
    server.make("regulars")
    os.environ["REGULARS_DATABASE_URL"] = server.url
    return server


def _fill(count: int) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from regulars.areas.customers.models import Customer
    from regulars.kernel.databases import analyse, bulk_insert

    call_command("migrate", verbosity=0)
    if Customer.objects.count() == count:
        return
    started = time.perf_counter()
    ids = iter(range(1, 1 << 60))
    firms: dict[str, int] = {}
    some: list[int] = []
    for chunk in batched(enumerate(people(count), 10001), CHUNK):
        rows: dict[Any, list[Any]] = defaultdict(list)
        for number, card in chunk:
            _rows_of(number, card, rows, ids, firms, some)
        with transaction.atomic():
            for table, prepared in rows.items():
                bulk_insert(connection, table.name, table.columns, prepared)
    analyse(connection)
    print(f"  filled with {count:,} customers in {time.perf_counter() - started:.0f} s", flush=True)


def _count_on() -> None:
    """What is written to it takes numbers after those that stand there."""
    from django.db.models import Max

    from regulars.areas.customers.models import Customer
    from regulars.areas.journal.models import Counter, journaled_models

    others = [each for each in journaled_models() if each is not Customer and each._meta.pk.name == "id"]
    highest = {
        "customer": Customer.objects.aggregate(last=Max("number"))["last"],
        "row": max(each._default_manager.aggregate(last=Max("pk"))["last"] or 0 for each in others),
    }
    for name, last in highest.items():
        if not Counter.objects.filter(name=name, next__gt=last).exists():
            Counter.objects.update_or_create(name=name, defaults={"next": last + 1})


def _rows_of(
    number: int, card: dict[str, Any], rows: Any, ids: Iterator[int], firms: dict[str, int], some: list[int]
) -> None:
    from regulars.areas.customers import models as m

    at = START + timedelta(minutes=number - 10001)
    names = {field.name for field in m.Customer._meta.concrete_fields}
    own = {name: value for name, value in card.items() if name in names}
    _put(rows, m.Customer(number=number, created_at=at, updated_at=at, version=1, link=1, **own))
    if card.get("kind") == "organisation":
        firms.setdefault(card["organisation_name"], number)
        some.append(number)
    for kind, group in (("email", "emails"), ("phone", "phones")):
        for place, each in enumerate(card.get(group, ())):
            _put(
                rows,
                m.ContactPoint(id=next(ids), customer_id=number, kind=kind, value=each["value"], primary=place == 0),
            )
    for each in card.get("addresses", ()):
        _put(rows, m.Address(id=next(ids), customer_id=number, **each))
    for tag in card.get("tags", ()):
        _put(rows, m.Tag(id=next(ids), customer_id=number, tag=tag))
    for each in card.get("references", ()):
        _put(rows, m.Reference(id=next(ids), customer_id=number, **each))
    for each in card.get("works_at", ()):
        firm = firms.get(each["organisation"]) or (some[number % len(some)] if some else None)
        if firm:
            job = each.get("job_title", "")
            _put(rows, m.Employment(id=next(ids), customer_id=number, organisation_id=firm, job_title=job))


def _put(rows: Any, row: Any) -> None:
    from regulars.kernel.tables import table_of

    row.link = 1
    row.derive()
    table = table_of(row.__class__)
    rows[table].append(table.prepared(row))
