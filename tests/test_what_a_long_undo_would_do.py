"""What taking a deed with very many rows back would do is counted, not looked at row by row: the same comes of it as of
looking at every one, and as of doing it."""

import gc
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers import models
from regulars.areas.customers.actions import edit_customer
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.journal.actions import Undone, long_deed, undo
from regulars.areas.journal.actions.undo import plain, trying
from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.steps import Step
from regulars.areas.journal.queries import newest_deed, verify
from regulars.areas.matching.actions import merge_customers
from regulars.areas.trade.actions import (
    Book,
    NewLine,
    NewPurchase,
    record_many,
    record_purchase,
    set_product,
    void_purchase,
)
from regulars.areas.trade.models import Line, Purchase
from regulars.interfaces.cli import main as cli
from tests.test_changes import html

pytestmark = pytest.mark.django_db(transaction=True)

CARDS, KNOWN = 6, 2  # customers that the deed makes, and those who had a card before
CARL = replace(OLGA, name="Carl")


class Brought:
    """A deed that brings cards, who know each other, and purchases: of these, of others, of nobody. In between somebody
    else did something."""

    def __init__(self) -> None:
        self.known = [anna(given_name=f"Lea {place}") for place in range(KNOWN)]
        work = long_deed(verb="intake.brought_in", by=OLGA, at=NOW, particulars={"file": "x"})
        with work.transaction(by=OLGA, at=NOW) as link:
            self.made = list(link.numbers(CARDS))
            cards = [models.Customer(number=n, given_name=f"Bo {n}", created_at=NOW, updated_at=NOW, kind="person")
                     for n in self.made]  # fmt: skip
            for before, card in pairwise(cards[:3]):
                card.referred_by_id = before.pk
            link.add(*cards, *(models.Tag(customer_id=n, tag="tea") for n in [*self.made, self.known[0]]))
        self.other = anna(given_name="Between")
        with work.transaction(by=OLGA, at=NOW) as link:
            book = Book(by=OLGA, at=NOW, make_products=True)
            some = [*self.made[1:], *self.known, None, None, None, None]
            record_many(link, book, [_sale(str(place), whose) for place, whose in enumerate(some)])
            back = NewLine(quantity=10_000, kind="return", returns=("till", "8", 1), reason="mind", text="Cup")
            record_many(link, book, [NewPurchase([back], source="till", number="back")])
        work.close(by=OLGA, at=NOW, particulars={})
        self.changeset = work.changeset

    def serial(self, number: int) -> int:
        return Purchase.objects.get(source="till", number=str(number)).serial


def _sale(number: str, whose: int | None) -> NewPurchase:
    lines = [NewLine(f"P{int(number) % 4}", text="Cup", amount=10_000), NewLine(text="Tea", amount=20_000)]
    return NewPurchase(lines, source="till", number=number, customer=whose)


def _edited(number: int) -> None:
    edit_customer(number=number, card={"occupation": "Nurse"}, by=CARL, at=NOW)


def _bought(customer: int | None, product: str = "") -> None:
    new = NewPurchase([NewLine(product, text="Cup", amount=10_000)], customer=customer)
    record_purchase(purchase=new, by=CARL, at=NOW)


def _given_back(serial: int) -> None:
    row = Line.objects.get(purchase__serial=serial, ordinal=1)
    back = NewLine(quantity=10_000, kind="return", returns=("till", row.purchase.number, 1), reason="mind")
    new = NewPurchase([back], customer=row.customer_id)
    record_purchase(purchase=new, by=CARL, at=NOW)


def _merged(keep: int, absorb: int) -> None:
    merge_customers(keep=keep, absorb=absorb, by=CARL, at=NOW)


SINCE: dict[str, Callable[[Brought], Any]] = {
    "nothing": lambda b: None,
    "an edit of a card it made": lambda b: _edited(b.made[1]),
    "an edit of the first of a row": lambda b: _edited(b.made[0]),
    "an edit of the last of a row": lambda b: _edited(b.made[2]),
    "an edit of somebody known": lambda b: _edited(b.known[0]),
    "an edit of somebody else": lambda b: _edited(b.other),
    "a void purchase of hers": lambda b: void_purchase(serial=b.serial(1), reason="x", by=CARL, at=NOW),
    "a void purchase of nobody's": lambda b: void_purchase(serial=b.serial(9), reason="x", by=CARL, at=NOW),
    "a void purchase of somebody known": lambda b: void_purchase(serial=b.serial(5), reason="x", by=CARL, at=NOW),
    "a purchase of hers": lambda b: _bought(b.made[3]),
    "a purchase of nobody's": lambda b: _bought(None, "P2"),
    "a purchase of somebody else's": lambda b: _bought(b.other, "P1"),
    "goods that nobody brought back": lambda b: _given_back(b.serial(7)),
    "goods that she brought back": lambda b: _given_back(b.serial(2)),
    "a product's name": lambda b: set_product(number="P1", name="Mug", by=CARL, at=NOW),
    "two of them merged": lambda b: _merged(b.made[1], b.made[4]),
    "one merged with somebody else": lambda b: _merged(b.other, b.made[4]),
    "somebody who was sent by one": lambda b: edit_customer(
        number=b.other, card={"referred_by": b.made[5]}, by=CARL, at=NOW
    ),
    "an edit taken back": lambda b: (_edited(b.made[1]), undo(changeset=newest_deed(), by=CARL, at=NOW)),
    "two at once": lambda b: (_edited(b.made[4]), void_purchase(serial=b.serial(9), reason="x", by=CARL, at=NOW)),
}


def _told(undone: Undone) -> dict[str, Any]:
    json = undone.as_json()
    conflicts = sorted((each["key"], each["kind"], each["choice"]) for each in json["conflicts"])
    return {name: json[name] for name in ("restored", "removed", "rows", "disputed")} | {"conflicts": conflicts}


@pytest.mark.parametrize("later", ["keep", "overwrite"])
@pytest.mark.parametrize("since", SINCE)
def test_what_is_counted_is_what_looking_at_every_row_finds_and_what_is_done(
    since: str, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = Brought()
    SINCE[since](brought)
    asked: dict[str, Any] = {"changeset": brought.changeset, "by": OLGA, "at": NOW, "later": later}
    looked_at = _told(undo(**asked, dry_run=True))
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    monkeypatch.setattr(trying, "_LOOKED_AT", 2)
    for few in (1, 20_000):
        monkeypatch.setattr(plain, "_FEW", few)
        assert _told(undo(**asked, dry_run=True)) == looked_at
    done = _told(undo(**asked))
    if since == "goods that nobody brought back" and later == "overwrite":
        # that return is first left by what it names, then goes with the place where it was
        done["restored"] -= 1
        next(each for each in done["rows"] if each["what"] == "lines")["restored"] -= 1
    assert done == looked_at and verify().ok


@pytest.mark.parametrize("since", ["nothing", "two at once"])
def test_every_value_is_shown_of_what_is_only_counted_a_page_at_a_time(
    since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = Brought()
    SINCE[since](brought)
    asked: dict[str, Any] = {"changeset": brought.changeset, "by": OLGA, "at": NOW, "dry_run": True}
    values = undo(**asked, show=1000).differences
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    for name, most in (("_AT_ONCE", 2), ("_ROWS", 3)):
        monkeypatch.setattr(plain, name, most)
    shown: list[Any] = []
    for skip in range(0, 1000, 7):
        page = undo(**asked, show=7, skip=skip)
        shown += page.differences
        if not page.more:
            break
    told = [sorted(repr((each.number, each.as_json())) for each in some) for some in (shown, values)]
    assert told[0] == told[1] and len(values) > 50


def test_nothing_of_a_row_stays_in_memory_once_it_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for circles meanwhile: one would keep every row to the end."""
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    changeset: int | None = Brought().changeset
    gc.collect()
    gc.disable()
    try:
        for _once_and_back in range(2):
            changeset = undo(changeset=changeset or 0, by=OLGA, at=NOW).changeset
            assert not [each for each in gc.get_objects() if type(each) in (Step, Settled)]
    finally:
        gc.enable()


def test_the_page_and_the_command_say_what_goes(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    deed = Brought().changeset
    for at_once in (150, 1):
        monkeypatch.setattr(trying, "AT_ONCE", at_once)
        page = " ".join(re.sub(r"<[^>]+>", " ", html(browser_of().get(f"/changes/{deed}/undo/"))).split())
        for said in ("6 cards go again", "12 purchases go again", "23 lines of purchases go again",
                     "4 products go again", "1 other entry of the house goes again"):  # fmt: skip
            assert said in page
        assert cli.main(["undo", str(deed), "--dry-run"]) == 0
        said = capsys.readouterr().out
        assert "would be gone: 6." in said and "12 purchases go again" in said


def test_a_deed_of_the_house_alone_can_be_taken_back_on_the_page() -> None:
    browser = browser_of()
    set_product(number="P9", name="Cup", by=OLGA, at=NOW)
    page = html(browser.get(f"/changes/{newest_deed()}/undo/"))
    assert "product goes again" in page and "Everything is as it was before" not in page
    assert '<button class="primary">' in page
