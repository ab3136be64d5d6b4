"""Taking back what names other cards, where these are gone, forgotten, or stand below her by now."""

import pytest
from django.db import connection

from regulars.areas.customers import actions, models
from regulars.areas.customers.tests.people import BEN, NOW, OLGA
from regulars.areas.customers.tests.test_undo_later import edited, newest, row
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.queries import verify

pytestmark = pytest.mark.django_db(transaction=True)


def add(**card: object) -> int:
    return actions.add_customer(card={"given_name": "Anna", **card}, by=OLGA, at=NOW)


def test_who_can_name_neither_the_one_that_goes_nor_the_one_before_names_nobody() -> None:
    before = add()
    number = add(referred_by=before)
    with deed(verb="customers.edited", by=OLGA, at=NOW, particulars={"number": number}) as link:
        (fresh,) = link.numbers(1)
        link.add(models.Customer(number=fresh, given_name="Carl", created_at=NOW))
        link.change(row(number), referred_by_id=fresh)
    made = newest()
    actions.delete_customer(number=before, by=BEN, at=NOW)
    undone = undo(changeset=made, by=OLGA, at=NOW, later="overwrite")
    assert undone.removed == 1 and row(number).referred_by_id is None
    connection.check_constraints()
    undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert row(number).referred_by_id == fresh and verify().ok


def test_who_was_brought_by_somebody_forgotten_comes_back_without() -> None:
    before = add()
    number = add(referred_by=before, tags=["vip"])
    gone = actions.delete_customer(number=number, by=OLGA, at=NOW)
    actions.forget_customer(number=before, by=OLGA, at=NOW)
    undo(changeset=gone or 0, by=OLGA, at=NOW)
    assert row(number).referred_by_id is None and models.Tag.objects.get().customer_id == number
    assert verify().ok


def test_nobody_comes_to_stand_below_herself() -> None:
    anna = add()
    berta = add(referred_by=anna)
    freed = edited(berta, referred_by=None, occupation="Nurse")
    edited(anna, by=BEN, referred_by=berta)
    undone = undo(changeset=freed, by=OLGA, at=NOW, later="overwrite")
    assert (row(berta).referred_by_id, row(berta).occupation, undone.disputed) == (None, "", 1)
    edited(anna, occupation="Baker")
    assert row(anna).occupation == "Baker" and verify().ok
