"""A long list that comes into an empty house is written without the search keys, which stand again at its end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.actions.bringing import RESTING
from regulars.areas.customers.card.at_rest import POINTS
from regulars.areas.customers.models import ContactPoint, Customer
from regulars.areas.intake import actions, queries
from regulars.areas.intake.actions import running
from regulars.areas.intake.actions.running import Import
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.kernel.databases import resting

pytestmark = pytest.mark.django_db(transaction=True)
ON_FILE = connection.vendor == "sqlite"
NAMES = {name for _model, name in (*RESTING, *(POINTS if ON_FILE else ()))}


@pytest.fixture(autouse=True)
def all_indexes() -> Iterator[None]:
    yield
    resting.mend(connection)


def standing() -> set[str]:
    """Of the indexes that may rest, those that are there."""
    with connection.cursor() as cursor:
        found = {
            name
            for model in (Customer, *{model for model, _name in (*RESTING, *POINTS)})
            for name in connection.introspection.get_constraints(cursor, model._meta.db_table)
        }
    return found & NAMES


def brought_in(count: int, first: int = 0) -> dict[str, Any]:
    with in_this_process():
        token = begun(count, first)
        Import(Intake.objects.get(token=token), by=OLGA, at=NOON, told=lambda *_: None, clock=timezone.now).run()
    return queries.result(queries.intake_for(OLGA, token))


def begun(count: int, first: int) -> str:
    rows = [f"{number},Anna{number},Berg,a{number}@x.org,Berlin" for number in range(first, first + count)]
    token = handed_over(csv_of("Customer ID,First name,Last name,E-mail,City", *rows), f"from {first}.csv")
    actions.start_import(token=token, by=OLGA, at=NOON)
    return token


@pytest.fixture
def seen(monkeypatch: Any) -> list[set[str]]:
    """Which of them stood at each transaction of an import; a list is long from 1,000 rows."""
    found: list[set[str]] = []
    real = Import._transaction

    def looks(self: Import, *args: Any) -> None:
        found.append(standing())
        real(self, *args)

    monkeypatch.setattr(running, "_LONG", 1_000)
    monkeypatch.setattr(Import, "_transaction", looks)
    return found


def test_they_rest_while_the_first_long_list_comes_in(seen: list[set[str]]) -> None:
    assert brought_in(1_200)["created"] == 1_200
    assert seen and not any(seen)
    assert standing() == NAMES
    assert verify().ok


def test_a_second_list_and_a_short_one_leave_them(seen: list[set[str]]) -> None:
    brought_in(600)
    brought_in(1_200, first=600)
    assert seen and all(each == NAMES for each in seen)


def test_one_that_breaks_half_way_brings_them_back(seen: list[set[str]], monkeypatch: Any) -> None:
    real = Import._write

    def breaks(self: Import, *args: Any) -> Any:
        if self.counts.created:
            raise RuntimeError("the disk is gone")
        return real(self, *args)

    monkeypatch.setattr(Import, "_write", breaks)
    with pytest.raises(RuntimeError, match="disk"):
        brought_in(3_000)
    assert not any(seen)
    assert standing() == NAMES


def test_who_stands_twice_in_it_is_one_although_the_index_rests(seen: list[set[str]], monkeypatch: Any) -> None:
    """Her e-mail address comes again 3,000 rows further down; his was given at the till while the list came in."""
    met, real = [], Import._transaction

    def somebody_comes_in(self: Import, *args: Any) -> None:
        if len(seen) == 1:
            card = {"given_name": "Uwe", "emails": ["uwe@x.org"]}
            met.append(add_customer(card=card, by=OLGA, at=NOON))
        real(self, *args)

    monkeypatch.setattr(Import, "_transaction", somebody_comes_in)
    rows = [f"Anna{number},Berg,a{number}@x.org,,Berlin" for number in range(4_000)]
    rows[10] = "Anna10,Berg,a10@x.org,0171 2000010,Berlin"
    rows += ["Anna7,Berg,A7@X.ORG,,Hamburg", "Uwe,Ott,uwe@x.org,,Kiel", "Anna10,Berg,,0171/2000010,Bonn"]
    rows += ["Bert,Ng,a9@x.org,,Mainz", "Anna7,Berg,a7@x.org,0171 3333333,", "Anna7,Berg,,0171 3333333,Bonn"]
    with in_this_process():
        token = handed_over(csv_of("First name,Last name,E-mail,Mobile,City", *rows))
        actions.start_import(token=token, by=OLGA, at=NOON)
        Import(Intake.objects.get(token=token), by=OLGA, at=NOON, told=lambda *_: None, clock=timezone.now).run()
    counts = queries.result(queries.intake_for(OLGA, token))
    assert len(seen) > 1
    assert not any(seen)
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (4_001, 2, 3)
    assert Customer.objects.get(number=met[0]).family_name == "Ott"
    (anna,) = Customer.objects.filter(given_name="Anna7")
    assert ContactPoint.objects.filter(customer=anna).count() == 2
    assert verify().ok


@pytest.mark.skipif(ON_FILE, reason="about PostgreSQL")
def test_a_few_keys_are_looked_up_while_their_table_fills_not_read_for(monkeypatch: Any) -> None:
    told, real = [], Import._write

    def explained(self: Import, *args: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN SELECT customer_id FROM customers_contactpoint WHERE key = ANY(%s)",
                [[f"a{number}@x.org" for number in range(500)]],
            )
            told.append(" ".join(row for (row,) in cursor.fetchall()))
        return real(self, *args)

    monkeypatch.setattr(Import, "_write", explained)
    assert brought_in(1_200)["created"] == 1_200
    assert len(told) > 1 and not any("Seq Scan" in each for each in told)
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.skipif(ON_FILE, reason="about PostgreSQL")
def test_nor_is_what_its_undo_has_written_so_far_read_again_and_again() -> None:
    brought_in(1_200)
    told: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "until + 0" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                told.append(" ".join(row for (row,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    deed = Intake.objects.get().changeset or 0
    with connection.execute_wrapper(explained):
        undo(changeset=deed, by=OLGA, at=NOON)
    assert told and not Customer.objects.exists()
    assert not [each for each in told if "Seq Scan" in each or "_past_until" in each]


def test_every_index_that_may_rest_is_declared_by_its_model() -> None:
    declared = {(model, index.name) for model in apps.get_models() for index in model._meta.indexes}
    assert {*RESTING, *POINTS} <= declared
