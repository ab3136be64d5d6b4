"""Purchases are taken down, returned, and come to what their lines say."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from regulars.areas.customers.actions import add_customer, forget_customer
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import newest_deed, verify
from regulars.areas.trade.actions import (
    NewLine,
    NewPurchase,
    correct_purchase,
    record_purchase,
    return_lines,
    void_purchase,
)
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Place, Purchase, Rollup
from regulars.areas.trade.queries import golden, lines_of, purchase_for, standing_of
from regulars.areas.trade.queries.standings import gold_edge
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_purchase_counts_at_once():
    number = anna()
    bought(number, 120)
    bought(number, 80, ago=60)
    stands = standing_of(number, NOW.date())
    assert (stands.spent, stands.spent_30, stands.spent_90) == (2_000_000, 1_200_000, 2_000_000)
    assert (stands.count, stands.days_between, stands.average, stands.state) == (2, 60, 1_000_000, "active")
    assert stands.gold
    assert astray() == []
    assert verify().ok


def test_what_goes_back_is_tied_to_its_line():
    number = anna()
    serial = bought(number, 90, quantity=3)
    back = return_lines(serial=serial, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    (line,) = lines_of(purchase_for(OLGA, back.serial))
    assert (line.quantity, line.amount, line.returns and line.returns.purchase.serial) == (-10_000, -300_000, serial)
    assert lines_of(purchase_for(OLGA, serial))[0].left == 20_000
    assert standing_of(number, NOW.date()).spent == 600_000
    assert standing_of(number, NOW.date()).returned == 300_000


def test_never_more_goes_back_than_was_bought():
    serial = bought(anna(), 90, quantity=3)
    return_lines(serial=serial, items=[(1, 20_000)], reason="defect", by=OLGA, at=NOW)
    with pytest.raises(Refused, match="2 cannot go back: 1 is left"):
        return_lines(serial=serial, items=[(1, 20_000)], reason="defect", by=OLGA, at=NOW)
    with pytest.raises(Refused):
        return_lines(serial=serial, items=[(1, 10_000), (1, 10_000)], reason="defect", by=OLGA, at=NOW)
    assert Line.objects.count() == 2


def test_the_same_number_of_a_source_stands_once():
    first = bought(None, number="A1", source="till")
    with pytest.raises(Refused) as refused:
        bought(None, number="A1", source="till")
    assert refused.value.more["serial"] == first
    bought(None, number="A1", source="shop")


def test_nobody_unknown_buys():
    with pytest.raises(NotFound):
        bought(99)


def test_taking_a_purchase_back_takes_it_out_of_the_sums():
    number = anna()
    bought(number, 50)
    line = NewLine(text="Lamp", price=700_000)
    done = record_purchase(purchase=NewPurchase([line], customer=number), by=OLGA, at=NOW)
    nobody = record_purchase(purchase=NewPurchase([line]), by=OLGA, at=NOW)
    undo(changeset=done.changeset or 0, by=OLGA, at=NOW)
    assert standing_of(number, NOW.date()).spent == 500_000
    undo(changeset=nobody.changeset or 0, by=OLGA, at=NOW)
    assert Purchase.objects.count() == 1
    assert astray() == []
    assert verify().ok


def test_who_is_forgotten_leaves_the_figures():
    number = anna()
    serial = bought(number, 90, quantity=3, note="for Anna")
    return_lines(serial=serial, items=[(1, 10_000)], reason="defect", by=OLGA, at=NOW)
    forget_customer(number=number, by=OLGA, at=NOW)
    assert [row.amount for row in Line.objects.order_by("pk")] == [900_000, -300_000]
    assert not Purchase.objects.exclude(customer=None, note="").exists()
    assert not Purchase.past._default_manager.exists()
    assert not Rollup.objects.exists()
    assert lines_of(purchase_for(OLGA, serial))[0].left == 20_000
    assert verify().problems == []


def test_the_edge_of_gold_is_right_before_the_night_has_rolled():
    """Who left the window is counted of her lines, everybody else by what is kept."""
    change_settings(values={"gold_percent": 50}, by=OLGA, at=NOW)
    hers, his = anna(), add_customer(card={"given_name": "Ben"}, by=OLGA, at=NOW)
    bought(his, 500, ago=363)
    bought(his, 20)
    bought(hers, 100)
    day = NOW.date()
    assert [gold_edge(day), gold_edge(day + timedelta(days=5))] == [520 * 10_000, 100 * 10_000]
    assert golden([hers, his], day + timedelta(days=5)) == {hers}


def test_the_edge_of_gold_is_counted_once_for_each_state_of_the_register(django_assert_num_queries):
    hers, his = anna(), add_customer(card={"given_name": "Ben"}, by=OLGA, at=NOW)
    bought(hers, 100)
    day, rules = NOW.date(), house()
    assert gold_edge(day, rules) == 100 * 10_000
    with django_assert_num_queries(1):
        assert gold_edge(day, rules) == 100 * 10_000
    bought(his, 300)
    assert gold_edge(day, rules) == 300 * 10_000
    undo(changeset=newest_deed(), by=OLGA, at=NOW)
    assert gold_edge(day, rules) == 100 * 10_000
    bought(his, 20)
    bought(add_customer(card={"given_name": "Carl"}, by=OLGA, at=NOW), 10)
    assert gold_edge(day) == 100 * 10_000
    change_settings(values={"gold_percent": 50}, by=OLGA, at=NOW)
    assert gold_edge(day) == 20 * 10_000


def test_a_purchase_comes_back_to_the_shop_that_was_made_again_meanwhile() -> None:
    """The shop came with the first purchase and went with it; the second made it anew."""
    number = anna()
    before = Place.objects.count()
    gone = undo(changeset=_recorded(number), by=OLGA, at=NOW).changeset
    assert gone and Place.objects.count() == before == 0
    _recorded(number)
    undo(changeset=gone, by=OLGA, at=NOW)
    assert Purchase.objects.filter(place=Place.objects.get()).count() == 2
    assert verify().ok


def _recorded(number: int) -> int:
    new = NewPurchase([NewLine(text="Tea", amount=10_000)], customer=number)
    return record_purchase(purchase=new, by=OLGA, at=NOW).changeset or 0


def test_the_number_of_a_payment_card_is_kept_nowhere() -> None:
    """Whichever way it comes: a page, a program and a command all end here. A trade number by itself is none."""
    secret, number = "4111 1111 1111 1111", anna()
    serial = bought(number, text="4006381333931")
    line = NewLine(text="A book", amount=10_000, remark=f"paid with {secret}")
    ways: dict[str, Callable[[], object]] = {
        "lines.0.text": lambda: bought(number, text=secret),
        "note": lambda: bought(number, note=secret),
        "lines.0.remark": lambda: record_purchase(purchase=NewPurchase([line], customer=number), by=OLGA, at=NOW),
        "served_by": lambda: correct_purchase(serial=serial, changes={"served_by": secret}, by=OLGA, at=NOW),
        "reason": lambda: void_purchase(serial=serial, reason=secret, by=OLGA, at=NOW),
        "lines.1.text": lambda: correct_purchase(
            serial=serial, changes={}, lines=[(1, NewLine(text="A map", amount=1)), (None, line._replace(text=secret))],
            by=OLGA, at=NOW,
        ),
    }  # fmt: skip
    for where, way in ways.items():
        with pytest.raises(Refused) as refused:
            way()
        assert refused.value.where == where and secret not in refused.value.message
    assert correct_purchase(serial=serial, changes={"note": "by bicycle"}, by=OLGA, at=NOW)
