"""Donations, refunds, deliveries, many at once; and who sees what."""

from dataclasses import replace
from datetime import date

import pytest

from regulars.areas.customers.actions import add_customer
from regulars.areas.journal.actions import long_deed, undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import (
    Book,
    Many,
    NewLine,
    NewPurchase,
    correct_purchase,
    fill,
    record_many,
    record_purchase,
    set_place,
    set_product,
)
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Product, Purchase, TypeRollup
from regulars.areas.trade.queries import as_json, lines_of, purchase_for, purchases, returnable, standing_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought
from regulars.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def taken_down(lines, **more):
    return record_purchase(purchase=NewPurchase(lines, **more), by=OLGA, at=NOW).serial


def many(purchases, **book) -> tuple[Many, int]:
    work = long_deed(verb="trade.recorded_many", by=OLGA, at=NOW, particulars={"purchases": 0})
    with work.transaction(by=OLGA, at=NOW) as link:
        done = record_many(link, Book(by=OLGA, at=NOW, **book), purchases)
    work.close(by=OLGA, at=NOW, particulars={"purchases": done.new})
    return done, work.changeset


def test_what_is_given_is_not_spent_and_what_is_refunded_is_less() -> None:
    number = anna()
    lines = [
        NewLine(text="Lamp", amount=900_000),
        NewLine(text="Roof fund", amount=200_000, kind="donation"),
        NewLine(text="Scratch", amount=100_000, kind="refund"),
    ]
    serial = taken_down(lines, customer=number)
    stands = standing_of(number, TODAY)
    assert (stands.spent, stands.donated, stands.returned, stands.count) == (800_000, 200_000, 100_000, 1)
    told = as_json(row := purchase_for(OLGA, serial), lines_of(row))
    assert told["total"] == "100" and [line["amount"] for line in told["lines"]] == ["90", "20", "-10"]


def test_amounts_are_exact_and_the_total_is_rounded_once() -> None:
    lines = [NewLine(text="Screw", price=1_234, quantity=30_000), NewLine(text="Bolt", price=5_001, quantity=5_000)]
    row = purchase_for(OLGA, taken_down(lines))
    assert [line.amount for line in lines_of(row)] == [3_702, 2_501]
    assert as_json(row, lines_of(row))["total"] == "0.62"


def test_a_delivery_is_late_by_days() -> None:
    serial = taken_down([NewLine(text="Sofa", amount=1)], promised=date(2026, 11, 1))
    assert purchase_for(OLGA, serial).late is None
    correct_purchase(serial=serial, changes={"delivered": date(2026, 11, 5), "damaged": True}, by=OLGA, at=NOW)
    row = purchase_for(OLGA, serial)
    assert (row.late, row.damaged) == (4, True)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (NewLine(product="X9"), "lines.0.product"),
        (NewLine(text="Lamp"), "lines.0.price"),
        (NewLine(text="Lamp", amount=1, quantity=0), "lines.0.quantity"),
        (NewLine(text="Lamp", amount=1, kind="gift"), "lines.0.kind"),
        (NewLine(text="Lamp", amount=1, kind="return", returns=("", "7", 1)), "lines.0.returns"),
        (NewLine(text="Lamp", amount=1, reason="bored"), "lines.0.reason"),
        (NewLine(amount=1), "lines.0.product"),
    ],
)
def test_a_line_that_will_not_do_is_named(line: NewLine, where: str) -> None:
    with pytest.raises(Refused) as refused:
        taken_down([line])
    assert refused.value.where == where and not Purchase.objects.exists()


def test_many_at_once_say_what_became_of_each() -> None:
    number = anna()
    good = NewPurchase([NewLine("P1", text="Atlas", amount=50_000)], source="s", number="1", customer=number)
    again = replace(good)
    stranger = replace(good, number="2", customer=99)
    back = NewLine(kind="return", returns=("s", "1", 1), reason="mind")
    returned = replace(good, number="3", lines=[back])
    nobody = replace(good, number="4", customer=None)
    done, changeset = many([good, again, stranger, returned, nobody], make_products=True)
    assert (done.new, done.lines, done.known, list(done.refused)) == (3, 3, [1], [2])
    assert standing_of(number, TODAY).spent == 0 and Product.objects.get().name == "Atlas"
    assert astray() == [] and verify().ok
    assert many([good, returned], make_products=True)[0].new == 0
    undo(changeset=changeset, by=OLGA, at=NOW)
    assert not Purchase.objects.exists() and not Product.objects.exists() and astray() == [] and verify().ok


def test_a_type_that_changes_is_counted_under_the_new_one() -> None:
    number = anna()
    set_product(number="B1", type="Books", by=OLGA, at=NOW)
    bought(number, 5, product="B1")
    (before,) = TypeRollup.objects.all()
    changed = set_product(number="B1", type="Toys", by=OLGA, at=NOW)
    (after,) = TypeRollup.objects.all()
    assert (after.number, after.count) == (number, 1) and after.type != before.type
    undo(changeset=changed or 0, by=OLGA, at=NOW)
    assert TypeRollup.objects.get().type == before.type and astray() == []


def test_a_line_tells_a_product_its_type_where_it_has_none() -> None:
    number, other = anna(), add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW)
    bought(other, 5, product="P1")
    set_product(number="P3", type="Toys", by=OLGA, at=NOW)
    lines = [NewLine(each, amount=10_000, text=each, type="Books") for each in ("P1", "P2", "P3")]
    new = NewPurchase(lines, customer=number)
    done = record_purchase(purchase=new, by=OLGA, at=NOW, make_products=True)
    assert types_of_products() == {"P1": "Books", "P2": "Books", "P3": "Toys"} and astray() == []
    assert sorted(TypeRollup.objects.values_list("number", "count")) == [(number, 1), (number, 2), (other, 1)]
    undo(changeset=done.changeset or 0, by=OLGA, at=NOW)
    assert types_of_products() == {"P1": None, "P3": "Toys"} and not TypeRollup.objects.exists() and astray() == []


def test_many_lines_tell_products_their_types() -> None:
    number = anna()
    bought(number, 5, product="P1")
    lines = [NewLine(each, amount=10_000, text=each, type=kind) for each, kind in (("P1", " books"), ("P2", "Books"))]
    done, changeset = many([NewPurchase(lines, source="s", number="1", customer=number)], make_products=True)
    assert done.new == 1 and types_of_products() == {"P1": "Books", "P2": "Books"} and astray() == []
    undo(changeset=changeset, by=OLGA, at=NOW)
    assert types_of_products() == {"P1": None} and astray() == []


def test_a_type_given_taken_away_and_given_again_is_counted() -> None:
    set_product(number="P1", name="Tea", type="Books", by=OLGA, at=NOW)
    bought(anna(), 40, product="P1")
    set_product(number="P1", name="Tea", type="Drinks", by=OLGA, at=NOW)
    for kind in ("Books", "Drinks", "Books"):  # each taken back in turn
        undo(changeset=Changeset.objects.latest("pk").pk, by=OLGA, at=NOW)
        assert types_of_products() == {"P1": kind} and astray() == []


def types_of_products() -> dict[str, str | None]:
    return dict(Product.objects.values_list("number", "type__name"))


def test_what_is_left_can_be_asked_for_and_all_be_counted_anew() -> None:
    number = anna()
    serial = bought(number, 90, quantity=3)
    assert [(each[0], each[4], each[6]) for each in returnable([number])] == [(number, str(serial), 30_000)]
    assert fill(at=NOW) == 1 and astray() == []


def test_who_sees_only_her_own_sees_their_purchases() -> None:
    hers, other = anna(territory="north"), add_customer(card={"given_name": "Otto"}, by=OLGA, at=NOW)
    set_place(code="n", territory="north", by=OLGA, at=NOW)
    mine, theirs, unknown, elsewhere = bought(hers), bought(other), bought(None, place="n"), bought(None)
    nora = replace(OLGA, name="Nora", own=(("territory", ("north",)),))
    assert set(purchases(nora).values_list("serial", flat=True)) == {mine, unknown}
    for serial in (theirs, elsewhere):
        with pytest.raises(NotFound):
            purchase_for(nora, serial)
    with pytest.raises(NotFound):
        record_purchase(purchase=NewPurchase([NewLine(text="x", amount=1)], customer=other), by=nora, at=NOW)
    nobody = replace(OLGA, rights=frozenset({"customers.view"}))
    with pytest.raises(NotAllowed):
        purchases(nobody)
    with pytest.raises(NotAllowed):
        correct_purchase(serial=mine, changes={}, by=nobody, at=NOW)
    assert Line.objects.count() == 4
