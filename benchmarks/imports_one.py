"""One run of one kind, in a process of its own (started by `benchmarks.imports`)."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402

from benchmarks.imports import timed  # noqa: E402
from benchmarks.plainly import executemany  # noqa: E402
from regulars.areas.consent.models import Answer  # noqa: E402
from regulars.areas.customers.actions import fill_search_keys_soon  # noqa: E402
from regulars.areas.customers.models import (  # noqa: E402
    Address,
    ContactPoint,
    Customer,
    Employment,
    Reference,
    Tag,
)
from regulars.areas.intake import actions, queries  # noqa: E402
from regulars.kernel import jobs  # noqa: E402
from regulars.kernel.actor import Actor  # noqa: E402
from regulars.kernel.databases import bulk_writing  # noqa: E402
from regulars.kernel.tables import table_of  # noqa: E402

BY = Actor(kind="operator", name="benchmark", rights=frozenset({"*"}))
NOW = datetime.now(UTC)
AT = "2026-11-24 09:00:00"
_BATCH = 5_000
TABLES = (Customer, ContactPoint, Address, Reference, Tag, Employment, Answer)


def rows(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        next(reader)
        yield from reader


def product(file: Path) -> None:
    with file.open("rb") as source:
        intake = actions.inspect(file=source, name=file.name, by=BY, at=NOW)
    started = actions.start_import(token=intake.token, by=BY, at=datetime.now(UTC))
    jobs.run_here(started.ticket)
    done = queries.intake_for(BY, intake.token)
    assert done.state == "done", (done.state, done.error)
    print(done.counts, file=sys.stderr)


def keyless(file: Path) -> None:
    """The product without the keys for search as you type (`benchmarks.search` compares the two)."""
    from regulars.areas.customers.card import keys
    from regulars.areas.intake.actions import running
    from regulars.kernel import registries

    registries.REGISTRY.keepers.clear()
    for module, name in ((keys, "keep"), (keys, "keep_new")):
        setattr(module, name, lambda *_told, **_how: None)
    vars(running)["search_keys_at_rest"] = nullcontext
    product(file)


def tables(file: Path) -> None:
    with bulk_writing(connection), transaction.atomic():
        writer = Plain()
        for chunk in batched(rows(file), _BATCH):
            writer.write(chunk)


class Plain:
    """The least one can do: values as they stand, keys in lower case, ids counted up."""

    def __init__(self) -> None:
        self.number, self.row = 10_000, 0
        self.firms: dict[str, int] = {}
        self.columns: dict[type[models.Model], Any] = {model: table_of(model).columns for model in TABLES}
        self.blank = [_blank(field) for field in table_of(Customer).fields]
        self.at = {name: place for place, name in enumerate(self.columns[Customer])}

    def card(self, number: int, **values: Any) -> tuple[Any, ...]:
        row = self.blank.copy()
        row[0], row[1] = 1, number
        for name, value in values.items():
            row[self.at[name]] = value
        return tuple(row)

    def write(self, chunk: Any) -> None:
        made: dict[type[models.Model], list[Any]] = {model: [] for model in TABLES}
        for each in chunk:
            self.take(made, *each)
        for model, some in made.items():
            executemany(connection, table_of(model).name, self.columns[model], some)

    def take(
        self, made: Any, ref: str, title: str, given: str, family: str, company: str, job: str, gender: str, birth: str,
        language: str, email: str, mobile: str, street: str, post: str, city: str, region: str, country: str, tags: str,
        _source: str, refuses: str,
    ) -> None:  # fmt: skip
        self.number += 1
        number, low, family_low = self.number, given.lower(), family.lower()
        own = company if not given else ""
        made[Customer].append(
            self.card(
                number, kind="organisation" if own else "person", title=title, given_name=given, family_name=family,
                organisation_name=own, birth_date=birth, gender=gender, language=language, created_at=AT, updated_at=AT,
                sort_key=f"{family_low} {low}", given_fold=low, family_fold=family_low, organisation_fold=own.lower(),
                birth_day=int(birth[5:7] + birth[8:]) if birth else None, version=1,
            )
        )  # fmt: skip
        if email:
            made[ContactPoint].append((1, self.id(), number, "email", email, email.lower(), "", True, ""))
        if mobile:
            made[ContactPoint].append((1, self.id(), number, "phone", mobile, mobile, "", True, ""))
        key = f"{street}{post}{city}".lower()
        made[Address].append(
            (
                1,
                self.id(),
                number,
                "",
                street,
                "",
                city,
                region,
                post,
                country,
                None,
                None,
                "",
                key,
                city.lower(),
                post,
                region.lower(),
            )
        )
        made[Reference].append((1, self.id(), number, "list", ref))
        for tag in tags.split(", ") if tags else ():
            made[Tag].append((1, self.id(), number, tag, tag))
        if company and given:
            made[Employment].append((1, self.id(), number, self.firm(made, company), job, "", None, None))
        for purpose in ("offers", "surveys") if refuses else ():
            made[Answer].append(
                (1, self.id(), number, "email", purpose, "refused", "2026-11-24", "", "", "", number, "")
            )

    def firm(self, made: Any, name: str) -> int:
        if name not in self.firms:
            self.number += 1
            self.firms[name] = self.number
            made[Customer].append(
                self.card(self.number, kind="organisation", organisation_name=name, organisation_fold=name.lower(),
                          sort_key=name.lower(), created_at=AT, updated_at=AT, version=1)
            )  # fmt: skip
        return self.firms[name]

    def id(self) -> int:
        self.row += 1
        return self.row


def _blank(field: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.dumps(field.get_default())
    return None if field.null else field.get_default()


def flat(file: Path) -> None:
    """One table of texts, four indexes there from the start."""
    names = [f"c{place}" for place in range(19)]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE flat (id integer PRIMARY KEY, {', '.join(f'{name} text' for name in names)})")
        for name in ("c2", "c3", "c9", "c10"):
            cursor.execute(f"CREATE INDEX flat_{name} ON flat ({name})")
    with bulk_writing(connection), transaction.atomic():
        for chunk in batched(rows(file), _BATCH):
            executemany(connection, "flat", names, chunk)


if __name__ == "__main__":
    kinds = {"product": product, "keyless": keyless, "tables": tables, "flat": flat}
    told = timed(lambda: kinds[sys.argv[1]](Path(sys.argv[2])))
    filled = timed(lambda: fill_search_keys_soon(here=True))["seconds"]  # by a job of its own, once the list is in
    print(json.dumps({**told, "filled": filled}))
