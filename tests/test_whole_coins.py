"""What is worked out of amounts is told in coins that there are."""

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.house.queries import zone
from regulars.areas.segments.queries import page
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.trade.queries import standing_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()


def test_an_average_is_told_in_whole_coins() -> None:
    number, otto = anna(), add_customer(card={"given_name": "Otto", "family_name": "Zorn"}, by=OLGA, at=NOW)
    for amount in (10, 10, 11):
        bought(number, amount, ago=3)
    rows = page("", by=OLGA, today=TODAY, zone=zone(), columns=["average_order"], order="").rows
    assert [(row["number"], row["average_order"]) for row in rows] == [(number, "10.33 EUR"), (otto, None)]
    assert standing_of(number, TODAY).average == 10_3300
    export = Export("", by=OLGA, today=TODAY, zone=zone(), columns=["average_order"], order="")
    assert ["10.33 EUR"] in [list(row) for row in export.rows()]
