"""A list of sales to nobody known, taken back: a piece at a time, a purchase with its lines and what returns them."""

from typing import Any

import pytest

from regulars.areas.customers.tests.people import dump
from regulars.areas.journal.actions import long_deed, undo
from regulars.areas.journal.actions.undo import taking_back, trying
from regulars.areas.journal.actions.undo.writing import write
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import Book, NewLine, NewPurchase, record_many, void_purchase
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.tests.people import NOW, OLGA, anna, bought

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "_ROWS", 3)
    for name, most in (("_LEAST", 2), ("_MOST", 2)):
        monkeypatch.setattr(taking_back, name, most)


def brought(customer: int) -> int:
    """Seven sales by one deed, the last to somebody; a return of a line of the first; its changeset."""
    work = long_deed(verb="trade.recorded_many", by=OLGA, at=NOW, particulars={"purchases": 8})
    with work.transaction(by=OLGA, at=NOW) as link:
        book = Book(by=OLGA, at=NOW, make_products=True)
        sales = [
            NewPurchase(
                [NewLine(f"N{place}", text="Nail", amount=10_000), NewLine(text="Screw", amount=20_000)],
                source="till", number=str(place), customer=customer if place == 7 else None,
            )
            for place in range(1, 8)
        ]  # fmt: skip
        record_many(link, book, sales)
        back = NewLine(quantity=10_000, kind="return", returns=("till", "1", 2), reason="mind", text="Screw")
        record_many(link, book, [NewPurchase([back], source="till", number="8")])
    work.close(by=OLGA, at=NOW, particulars={})
    return work.changeset


def test_sales_to_nobody_go_and_come_again_piece_by_piece() -> None:
    number = anna()
    bought(None, 5)
    before = dump()
    deed = brought(number)
    after = dump()
    links = Link.objects.count()
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    assert Link.objects.count() - links >= 5  # seven pieces, two at a time; the customer; what is of the house
    assert dump() == before and not undone.conflicts and astray() == []
    again = undo(changeset=undone.changeset or 0, by=OLGA, at=NOW)
    assert dump() == after and not again.conflicts and astray() == []
    assert verify().ok
    undo(changeset=again.changeset or 0, by=OLGA, at=NOW)
    assert dump() == before and verify().ok


def test_what_was_edited_since_stays_and_nothing_else() -> None:
    deed = brought(anna())
    serial = Purchase.objects.get(source="till", number="3").serial
    void_purchase(serial=serial, reason="a slip", by=OLGA, at=NOW)
    asked = undo(changeset=deed, by=OLGA, at=NOW, dry_run=True)
    undone = undo(changeset=deed, by=OLGA, at=NOW)
    assert asked.disputed == undone.disputed
    assert {each.place[0] for each in undone.conflicts} == {"trade.purchase", "trade.place"}  # where it was bought
    assert [(row.number, row.void) for row in Purchase.objects.all()] == [("3", "a slip")]
    assert not Line.objects.exists() and verify().ok


def test_one_that_was_cut_off_goes_on_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    number = anna()
    before = dump()
    deed = brought(number)
    wrote: list[Any] = []

    def cut(link: Any, settled: Any) -> None:
        wrote.append(link)
        if len(wrote) == 3:
            raise KeyboardInterrupt
        write(link, settled)

    with monkeypatch.context() as patched:
        patched.setattr(taking_back, "write", cut)
        with pytest.raises(KeyboardInterrupt):
            undo(changeset=deed, by=OLGA, at=NOW)
    assert 0 < Purchase.objects.count() < 8
    undo(changeset=deed, by=OLGA, at=NOW)
    assert dump() == before and verify().ok
