"""A long list of purchases that comes into a house without any is written without the index of who bought a product,
which stands again at its end, however it ends."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from regulars.areas.intake import actions, queries
from regulars.areas.intake.actions import running
from regulars.areas.intake.actions.purchases import PurchaseImport
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions.bulk import LINES_AT_REST
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line
from regulars.kernel.databases import resting

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture(autouse=True)
def all_indexes() -> Iterator[None]:
    yield
    resting.mend(connection)


def stands() -> bool:
    ((_line, name),) = LINES_AT_REST
    with connection.cursor() as cursor:
        return name in connection.introspection.get_constraints(cursor, Line._meta.db_table)


def brought_in(count: int, first: int = 0) -> dict[str, Any]:
    rows = [f"{number},P{number % 7},Goods,2,2010-12-01 08:26:00,2.50,{number % 9},United Kingdom"
            for number in range(first, first + count)]  # fmt: skip
    back = f"C{first},P{first % 7},Goods,-1,2010-12-02 08:26:00,2.50,{first % 9},United Kingdom"
    with in_this_process():
        token = handed_over(csv_of(HEAD, *rows, back), f"from {first}.csv", **{"as": "purchases", "country": "GB"})
        actions.start_import(token=token, by=OLGA, at=NOON)
        intake = Intake.objects.get(token=token)
        PurchaseImport(intake, by=OLGA, at=NOON, told=lambda *_: None, clock=timezone.now).run()
    return queries.result(queries.intake_for(OLGA, token))


@pytest.fixture
def seen(monkeypatch: Any) -> list[bool]:
    """Whether it stood at each frame of an import; a list is long from 50 rows."""
    found: list[bool] = []
    real = PurchaseImport._frame

    def looks(self: PurchaseImport, *args: Any) -> None:
        found.append(stands())
        real(self, *args)

    monkeypatch.setattr(running, "_LONG", 50)
    monkeypatch.setattr(PurchaseImport, "_frame", looks)
    return found


def test_it_rests_while_the_first_long_list_comes_in(seen: list[bool]) -> None:
    told = brought_in(60)
    assert (told["created"], told["unmatched"]) == (61, 0)
    assert seen == [False]
    assert stands()
    assert not astray()
    assert verify().ok


def test_a_short_list_and_a_second_one_leave_it(seen: list[bool]) -> None:
    brought_in(20)
    brought_in(60, first=100)
    assert seen == [True, True]


def test_one_that_breaks_brings_it_back(seen: list[bool], monkeypatch: Any) -> None:
    def breaks(self: PurchaseImport, *args: Any) -> Any:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(PurchaseImport, "_write_purchases", breaks)
    with pytest.raises(RuntimeError, match="disk"):
        brought_in(60)
    assert seen == [False]
    assert stands()
