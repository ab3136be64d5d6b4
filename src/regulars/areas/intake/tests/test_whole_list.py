"""What is said of a whole list: that its people are not customers yet, and how we have them."""

import io
from collections.abc import Iterator

import pytest
from openpyxl import Workbook

from regulars.areas.customers.actions import become_customer
from regulars.areas.customers.models import Customer, Standing
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, brought_bytes, in_this_process, names, sums
from regulars.areas.journal.queries import verify
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
LIST = ("Customer ID,First name,Company", "1,Anna,", "2,Ben,Tea Ltd")


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def test_prospects_come_in_apart() -> None:
    brought(*LIST, prospects="yes")
    assert Standing.objects.filter(kind="prospect").count() == 2 and Customer.objects.count() == 3
    assert verify().ok


def test_the_same_list_again_makes_no_customer_a_prospect() -> None:
    brought(*LIST, prospects="yes")
    become_customer(number=10001, by=OLGA, at=NOON)
    told = brought(*LIST, prospects="yes")
    assert sums(told) == (0, 0, 2, 0)
    assert not Standing.objects.filter(customer=10001).exists()


def test_a_list_from_a_third_party_gives_each_new_person_the_day_to_be_told() -> None:
    brought(*LIST, how="third_party")
    days = [(str(row.tell_by), row.how) for row in Customer.objects.filter(kind="person")]
    assert days == [("2026-12-24", "third_party")] * 2
    assert [row.tell_by for row in Customer.objects.filter(kind="organisation")] == [None]


def test_it_says_nothing_about_those_who_are_here_already() -> None:
    brought(*LIST, how="told")
    told = brought(*LIST, "3,Cleo,", how="third_party")
    assert sums(told) == (1, 0, 2, 0)
    assert [row.how for row in Customer.objects.filter(kind="person").order_by("number")] == [
        "told",
        "told",
        "third_party",
    ]


def test_a_column_may_say_it_row_by_row() -> None:
    brought("First name,Datenquelle", "Anna,third_party", "Ben,told")
    assert [row.tell_by is not None for row in Customer.objects.order_by("number")] == [True, False]


@pytest.mark.parametrize("option", [{"how": "bought"}, {"prospects": "perhaps"}])
def test_a_word_nobody_knows_is_refused(option: dict[str, str]) -> None:
    with pytest.raises(Refused):
        brought(*LIST, **option)


def test_another_sheet_of_the_same_workbook_is_news() -> None:
    book, held = Workbook(), io.BytesIO()
    book.active.title = "Old"
    for sheet, name in ((book.active, "Anna"), (book.create_sheet("New"), "Anne")):
        sheet.append(["Customer ID", "First name"])
        sheet.append(["1", name])
    book.save(held)
    assert sums(brought_bytes(held.getvalue(), "list.xlsx", sheet="Old")) == (1, 0, 0, 0)
    assert sums(brought_bytes(held.getvalue(), "list.xlsx", sheet="New")) == (0, 1, 0, 0)
    assert sums(brought_bytes(held.getvalue(), "list.xlsx", sheet="Old")) == (0, 0, 1, 0)
    assert names() == ["Anne"]
