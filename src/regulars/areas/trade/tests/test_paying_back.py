"""Money that is paid back counts as returned, and there is never more of it than was paid."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from regulars.areas.trade.actions import NewLine, NewPurchase, correct_purchase, record_purchase, return_lines, roll
from regulars.areas.trade.actions.returning import shares
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Rollup
from regulars.areas.trade.queries import lines_of, purchase_for, standing_of, unpaid_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
UNIT = 10_000
MIGRATION = import_module("regulars.areas.trade.migrations.0006_money_paid_back_is_returned")


def two_lines(number: int) -> int:
    """A teapot for 30 and two cups for 10, with 4 off."""
    lines = [
        NewLine(text="Teapot", amount=30 * UNIT),
        NewLine(text="Cup", quantity=2 * UNIT, amount=10 * UNIT),
        NewLine(text="Voucher", amount=-4 * UNIT),
    ]
    return record_purchase(purchase=NewPurchase(lines, customer=number), by=OLGA, at=NOW).serial


def paid_back(serial: int, amount: int | None, *items: tuple[int, int]) -> int:
    return return_lines(serial=serial, items=items, amount=amount, reason="other", by=OLGA, at=NOW).serial


def amounts(serial: int) -> list[tuple[str, int]]:
    return [(line.kind, line.amount) for line in lines_of(purchase_for(OLGA, serial))]


def test_money_alone_goes_back_of_what_was_paid_for_each_line_and_counts_as_returned() -> None:
    number = anna()
    serial = two_lines(number)
    assert amounts(paid_back(serial, 12 * UNIT)) == [("refund", -9 * UNIT), ("refund", -3 * UNIT)]
    stands = standing_of(number, NOW.date())
    assert (stands.spent, stands.returned, stands.count) == (24 * UNIT, 12 * UNIT, 1)
    assert [line.left for line in lines_of(purchase_for(OLGA, serial))] == [UNIT, 2 * UNIT, UNIT]
    assert astray() == []


def test_never_more_is_paid_back_than_was_paid() -> None:
    serial = two_lines(anna())
    paid_back(serial, 30 * UNIT)
    with pytest.raises(Refused, match="7 cannot be paid back: 6 is left of what was paid"):
        paid_back(serial, 7 * UNIT)
    line = NewLine(kind="refund", returns=("", str(serial), 1), amount=20 * UNIT)
    with pytest.raises(Refused, match="20 cannot be paid back"):
        record_purchase(purchase=NewPurchase([line], customer=anna_of(serial)), by=OLGA, at=NOW)
    paid_back(serial, 6 * UNIT)
    assert unpaid_of(purchase_for(OLGA, serial)) == 0


@pytest.mark.parametrize("amount", [None, UNIT])
def test_of_money_that_was_paid_back_nothing_comes_back(amount: int | None) -> None:
    refund = paid_back(two_lines(anna()), 12 * UNIT)
    with pytest.raises(Refused, match="has no sold line 1"):
        paid_back(refund, amount, (1, UNIT))


def anna_of(serial: int) -> int | None:
    return purchase_for(OLGA, serial).customer_id


def test_goods_that_come_back_after_money_was_paid_back_bring_what_is_left() -> None:
    number = anna()
    serial = bought(number, 20, quantity=2)
    paid_back(serial, 15 * UNIT)
    assert amounts(paid_back(serial, None, (1, UNIT))) == [("return", -5 * UNIT)]
    assert amounts(paid_back(serial, None, (1, UNIT))) == [("return", 0)]
    stands = standing_of(number, NOW.date())
    assert (stands.spent, stands.returned) == (0, 20 * UNIT)


def test_goods_go_back_for_less_or_with_more_than_was_paid_for_them() -> None:
    serial = two_lines(anna())
    assert amounts(paid_back(serial, 4 * UNIT, (2, UNIT))) == [("return", -4 * UNIT)]
    assert amounts(paid_back(serial, 26 * UNIT, (2, UNIT))) == [("return", -6 * UNIT), ("refund", -20 * UNIT)]
    everything = [(line.ordinal, line.left) for line in lines_of(purchase_for(OLGA, serial)) if line.left]
    paid_back(serial, None, *everything)
    assert unpaid_of(purchase_for(OLGA, serial)) == 0
    assert sum(Line.objects.values_list("amount", flat=True)) == 0


def test_nothing_at_all_goes_not_back() -> None:
    serial = two_lines(anna())
    for amount in (None, 0, -UNIT):
        with pytest.raises(Refused):
            paid_back(serial, amount)


def test_a_line_does_not_become_cheaper_than_what_was_paid_back_of_it() -> None:
    serial = bought(anna(), 20)
    paid_back(serial, 15 * UNIT)
    for amount in (14, 16):
        lines = [(1, NewLine(text="A book", amount=amount * UNIT))]
        if amount < 15:
            with pytest.raises(Refused, match="15 of this line was paid back"):
                correct_purchase(serial=serial, changes={}, lines=lines, by=OLGA, at=NOW)
        else:
            correct_purchase(serial=serial, changes={}, lines=lines, by=OLGA, at=NOW)
    assert unpaid_of(purchase_for(OLGA, serial)) == UNIT


def test_what_is_kept_from_before_money_back_counted_is_made_anew() -> None:
    number = anna()
    paid_back(bought(number, 20), 5 * UNIT)
    Rollup.objects.filter(number=number).update(returned=0, returned_year=0)
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.ANEW)
    roll(at=NOW + timedelta(days=1))
    assert Rollup.objects.get(number=number).returned == 5 * UNIT and astray() == []


def test_shares_are_of_whole_coins_and_come_to_the_sum() -> None:
    assert shares(1_000, [3_333, 3_333, 3_334], 100) == [300, 300, 400]
    assert shares(150, [100, 50, -20], 100) == [100, 50, 0]
    assert shares(0, [0, 0], 100) == [0, 0]
