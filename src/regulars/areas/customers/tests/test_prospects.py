"""Who is not a customer yet: kept apart, found when asked for, made a customer by one deed; and who is to be told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.customers.actions import add_customer, become_customer, edit_customer, give_standing
from regulars.areas.customers.card.telling import due, month_after
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changes
from regulars.kernel.errors import Refused

BEN = {"given_name": "Ben", "how": "third_party"}


@pytest.mark.django_db
def test_a_prospect_becomes_a_customer_by_one_deed_that_can_be_taken_back() -> None:
    number = add_customer(card=BEN, standings=["prospect"], by=OLGA, at=NOW)
    assert set(card_json(OLGA, number)["standings"]) == {"prospect"}
    deed = become_customer(number=number, by=OLGA, at=NOW)
    assert not card_json(OLGA, number)["standings"] and changes(limit=1)[0].verb == "customers.became_customer"
    assert become_customer(number=number, by=OLGA, at=NOW) is None
    undo(changeset=deed or 0, by=OLGA, at=NOW)
    assert set(card_json(OLGA, number)["standings"]) == {"prospect"}


@pytest.mark.django_db
def test_an_unknown_standing_makes_no_card() -> None:
    with pytest.raises(Refused):
        add_customer(card=BEN, standings=["lead"], by=OLGA, at=NOW)
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_a_customer_may_be_marked_a_prospect() -> None:
    number = anna()
    give_standing(number=number, kind="prospect", by=OLGA, at=NOW, reason="asked only")
    assert "prospect" in card_json(OLGA, number)["standings"]


@pytest.mark.django_db
def test_whose_data_came_from_somebody_else_is_to_be_told_in_a_month() -> None:
    number = add_customer(card=BEN, by=OLGA, at=NOW)
    assert card_json(OLGA, number)["tell_by"] == "2026-12-23"
    edit_customer(number=number, card={"told_on": "2026-12-01"}, by=OLGA, at=NOW)
    assert card_json(OLGA, number)["told_on"] == "2026-12-01"


@pytest.mark.django_db
@pytest.mark.parametrize("card", [
    {"given_name": "Ben"}, {"given_name": "Ben", "how": "told"}, {"given_name": "Ben", "how": "observed"},
    {"organisation_name": "Tea Ltd", "how": "third_party"},
    {"given_name": "Ben", "how": "third_party", "told_on": "2026-11-20"},
])  # fmt: skip
def test_nobody_else_is(card) -> None:
    assert card_json(OLGA, add_customer(card=card, by=OLGA, at=NOW))["tell_by"] is None


def test_a_day_that_was_said_counts() -> None:
    assert due({"how": "third_party", "tell_by": "2026-12-01"}, "person", date(2026, 11, 1)) is None


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_month_later_is_in_the_next_month_and_never_early_without_need(day: date) -> None:
    later = month_after(day)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == 1
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
