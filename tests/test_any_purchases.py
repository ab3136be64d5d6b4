"""Whatever is done in whatever order: what is kept of a customer's purchases is what her lines say."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.areas.customers.actions import add_customer, forget_customer
from regulars.areas.journal.actions import long_deed, undo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.queries import verify
from regulars.areas.matching.actions import merge_customers, unmerge
from regulars.areas.trade.actions import (
    Book,
    NewAgreement,
    NewLine,
    NewPurchase,
    agree,
    correct_purchase,
    give_receipts,
    record_many,
    record_purchase,
    return_lines,
    roll,
    set_product,
    void_purchase,
)
from regulars.areas.trade.counting.keeping import COLUMNS, counted
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries import agreed_by, standings_of
from regulars.areas.trade.tests.people import NOW, OLGA
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db

CUSTOMERS = 4
_DAYS = (0, 1, 29, 30, 31, 89, 90, 200, 364, 365, 366, 500, -5)
_WHO = st.integers(0, CUSTOMERS - 1) | st.none()
_STEP = st.one_of(
    st.tuples(st.just("buy"), _WHO, st.sampled_from(_DAYS), st.integers(1, 900)),
    st.tuples(st.just("many"), st.lists(st.tuples(_WHO, st.sampled_from(_DAYS), st.integers(1, 900)), max_size=5)),
    st.tuples(st.just("donate"), _WHO, st.sampled_from(_DAYS), st.integers(1, 900)),
    st.tuples(st.just("pledge"), st.integers(0, CUSTOMERS - 1), st.sampled_from(_DAYS), st.integers(1, 900)),
    st.tuples(st.just("receipts"), st.sampled_from((0, 1))),
    st.tuples(st.just("return"), st.integers(0, 30)),
    st.tuples(st.just("pay_back"), st.integers(0, 30), st.booleans(), st.integers(0, 900)),
    st.tuples(st.just("void"), st.integers(0, 30)),
    st.tuples(st.just("give"), st.integers(0, 30), _WHO),
    st.tuples(st.just("move"), st.integers(0, 30), st.sampled_from(_DAYS)),
    st.tuples(st.just("deliver"), st.integers(0, 30), st.integers(-3, 9)),
    st.tuples(st.just("retype"), st.sampled_from(("Books", "Toys", ""))),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("merge"), st.integers(0, CUSTOMERS - 1), st.integers(0, CUSTOMERS - 1)),
    st.tuples(st.just("unmerge"), st.integers(0, 5)),
    st.tuples(st.just("forget"), st.integers(0, CUSTOMERS - 1)),
    st.tuples(st.just("days"), st.sampled_from((0, 1, 29, 40, 300))),
)


class World:
    """The register at work; a day may pass at any time."""

    def __init__(self) -> None:
        self.at = NOW
        self.numbers = [add_customer(card={"given_name": name}, by=OLGA, at=NOW) for name in "ABCD"]
        self.made = 0

    def new(self, who: int | None, ago: int, amount: int) -> NewPurchase:
        self.made += 1
        lines = [NewLine(text="Goods", amount=amount * 10_000, quantity=20_000), NewLine("P1", amount=7, text="Atlas")]
        number = None if who is None else self.numbers[who]
        at = self.at - timedelta(days=ago)
        promised = at.date() + timedelta(days=3) if self.made % 2 else None
        return NewPurchase(lines, source="x", number=str(self.made), customer=number, at=at, promised=promised)

    def buy(self, who: int | None, ago: int, amount: int) -> None:
        record_purchase(purchase=self.new(who, ago, amount), by=OLGA, at=self.at, make_products=True)

    def donate(self, who: int | None, ago: int, amount: int) -> None:
        new = self.new(who, ago, amount)
        new.lines = [NewLine(text="Roof", amount=amount * 10_000, kind="donation")]
        record_purchase(purchase=new, by=OLGA, at=self.at)

    def pledge(self, who: int, ago: int, amount: int) -> None:
        since = (self.at - timedelta(days=ago)).date()
        told = NewAgreement("pledge", amount * 10_000, purpose="Roof", since=since)
        agree(customer=self.numbers[who], told=told, by=OLGA, at=self.at)

    def receipts(self, years_ago: int) -> None:
        give_receipts(year=self.at.year - years_ago, by=OLGA, at=self.at)

    def many(self, told: list[tuple[int | None, int, int]]) -> None:
        work = long_deed(verb="trade.recorded_many", by=OLGA, at=self.at, particulars={"purchases": 0})
        with work.transaction(by=OLGA, at=self.at) as link:
            record_many(link, Book(by=OLGA, at=self.at, make_products=True), [self.new(*each) for each in told])
        work.close(by=OLGA, at=self.at, particulars={})

    def _some(self, which: int) -> int:
        serials = list(Purchase.objects.order_by("serial").values_list("serial", flat=True))
        return serials[which % len(serials)] if serials else 0

    def do_return(self, which: int) -> None:
        return_lines(serial=self._some(which), items=[(1, 10_000)], reason="mind", by=OLGA, at=self.at)

    def pay_back(self, which: int, goods: bool, amount: int) -> None:
        items = [(1, 10_000)] if goods else []
        return_lines(serial=self._some(which), items=items, amount=amount * 10_000, reason="mind", by=OLGA, at=self.at)

    def void(self, which: int) -> None:
        void_purchase(serial=self._some(which), reason="a slip", by=OLGA, at=self.at)

    def give(self, which: int, who: int | None) -> None:
        number = None if who is None else self.numbers[who]
        correct_purchase(serial=self._some(which), changes={"customer": number}, by=OLGA, at=self.at)

    def move(self, which: int, ago: int) -> None:
        when = self.at - timedelta(days=ago)
        correct_purchase(serial=self._some(which), changes={"at": when}, by=OLGA, at=self.at)

    def deliver(self, which: int, late: int) -> None:
        row = Purchase.objects.filter(serial=self._some(which)).first()
        day = row.promised + timedelta(days=late) if row and row.promised else None
        correct_purchase(serial=self._some(which), changes={"delivered": day}, by=OLGA, at=self.at)

    def retype(self, name: str) -> None:
        set_product(number="P1", type=name, by=OLGA, at=self.at)

    def undo(self, back: int) -> None:
        deeds = list(Changeset.objects.filter(verb__startswith="trade.").order_by("-number")[: back + 1])
        if deeds:
            undo(changeset=deeds[-1].number, by=OLGA, at=self.at)

    def merge(self, keep: int, absorb: int) -> None:
        merge_customers(keep=self.numbers[keep], absorb=self.numbers[absorb], by=OLGA, at=self.at)

    def unmerge(self, back: int) -> None:
        deeds = list(Changeset.objects.filter(verb="matching.merged").order_by("-number")[: back + 1])
        if deeds:
            unmerge(changeset=deeds[-1].number, by=OLGA, at=self.at)

    def forget(self, who: int) -> None:
        forget_customer(number=self.numbers[who], by=OLGA, at=self.at)

    def days(self, passed: int) -> None:
        self.at += timedelta(days=passed)
        if passed != 1:
            roll(at=self.at)


def _told(numbers: list[int], day: date) -> dict[int, Any]:
    place = {name: COLUMNS.index(name) for name in ("spent", "spent_30", "spent_90", "spent_year", "count", "returned")}
    return {row[0]: tuple(int(row[at]) for at in place.values()) for row in counted(numbers, day)}


@settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_STEP, min_size=1, max_size=14))
def test_what_is_kept_is_what_the_lines_say(steps: list[tuple[Any, ...]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        world = World()
        for name, *told in steps:
            try:
                with transaction.atomic():
                    getattr(world, "do_return" if name == "return" else name)(*told)
            except Refused:
                pass
            assert astray() == [], (name, told)
        day = world.at.date()
        said = _told(world.numbers, day)
        for number, each in standings_of(world.numbers, day).items():
            kept = (each.spent, each.spent_30, each.spent_90, each.spent_year, each.count, each.returned)
            assert kept == said.get(number, (0, 0, 0, 0, 0, 0))
        for sold in Line.objects.filter(kind="sale"):  # never more goes back than was paid
            back = Line.objects.filter(returns=sold).values_list("amount", flat=True)
            assert sold.amount + sum(back) >= 0
        for number in world.numbers:  # every donation that any pledge is over counts in one, and once
            agreed = agreed_by(number, day)
            first = min((each.row.since for each in agreed), default=date.max)
            gifts = Line.objects.filter(customer=number, kind="donation", day__gte=first, day__lte=day)
            assert sum(each.given[0] for each in agreed) == sum(gifts.values_list("amount", flat=True))
        # the signed heads and the ledger of the forgotten lie in files, which know nothing of what is rolled back
        assert [each for each in verify().problems if each.kind == "row_differs"] == []
        transaction.set_rollback(True)
