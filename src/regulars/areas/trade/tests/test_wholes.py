"""A purchase goes, or comes back, with all of its lines or not at all."""

import contextlib

import pytest

from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changes, verify
from regulars.areas.trade.actions import (
    NewLine,
    NewPurchase,
    correct_purchase,
    record_purchase,
    return_lines,
    void_purchase,
)
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries.standings import standing_of
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def sold(customer: int | None) -> int:
    """A purchase of two lines, 20 and 10."""
    lines = [NewLine(text=text, price=price) for text, price in (("Bowl", 200_000), ("Cup", 100_000))]
    return record_purchase(purchase=NewPurchase(lines, customer=customer), by=OLGA, at=NOW).serial


def back(serial: int) -> int:
    return return_lines(serial=serial, items=[(1, 10_000)], reason="mind", by=OLGA, at=NOW).serial


def deed() -> int:
    return changes(limit=1)[0].changeset


def taken_back(changeset: int) -> bool:
    """Whether anything of it was taken back."""
    before = list(Purchase.objects.order_by("pk").values_list("pk", "link")), list(Line.objects.values_list("pk"))
    with contextlib.suppress(Refused):
        undo(changeset=changeset, by=OLGA, at=NOW)
    assert astray() == [] and verify().ok
    for purchase in Purchase.objects.all():
        assert bool(purchase.void) is not Line.objects.filter(purchase=purchase).exists(), "half a purchase"
    return before != (
        list(Purchase.objects.order_by("pk").values_list("pk", "link")),
        list(Line.objects.values_list("pk")),
    )


@pytest.mark.parametrize("nobody", [False, True])
def test_a_sale_of_which_something_went_back_stays_whole(nobody: bool) -> None:
    customer = None if nobody else anna()
    serial, made = sold(customer), deed()
    returned, gave = back(serial), deed()
    assert not taken_back(made)
    assert Line.objects.filter(purchase__serial=serial).count() == 2
    assert taken_back(gave) and taken_back(made)
    assert not Purchase.objects.filter(serial__in=(serial, returned)).exists()


@pytest.mark.parametrize("nobody", [False, True])
def test_a_sale_whose_note_was_changed_since_keeps_its_lines(nobody: bool) -> None:
    serial, made = sold(None if nobody else anna()), deed()
    correct_purchase(serial=serial, changes={"note": "wrapped"}, by=OLGA, at=NOW)
    assert not taken_back(made)
    undo(changeset=made, by=OLGA, at=NOW, later="overwrite")
    assert not Purchase.objects.exists() and not Line.objects.exists()


def test_void_ones_come_back_in_turn_and_every_figure_with_them() -> None:
    customer = anna()
    serial = sold(customer)
    returned = back(serial)
    assert standing_of(customer, NOW.date()).spent == 100_000
    void_purchase(serial=returned, reason="slip", by=OLGA, at=NOW)
    first = deed()
    void_purchase(serial=serial, reason="slip", by=OLGA, at=NOW)
    second = deed()
    assert standing_of(customer, NOW.date()).spent == 0
    assert not taken_back(first), "what it gives back is not there"
    assert taken_back(second) and standing_of(customer, NOW.date()).spent == 300_000
    assert taken_back(first) and standing_of(customer, NOW.date()).spent == 100_000
