"""What the demo's customers bought: books of a few types over two years, some brought back, some by nobody known."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from regulars.areas.customers.models import Customer, Standing
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import long_deed
from regulars.areas.trade import actions as trade
from regulars.areas.trade.actions import Book, NewLine, NewPurchase, Wish
from regulars.areas.trade.models import Purchase
from regulars.kernel.actor import Actor

BOOKS = (
    ("B101", "The Tide Table Murders", "Crime", 9_99), ("B102", "Death at Low Water", "Crime", 8_99),
    ("B201", "Poems for the Crossing", "Poetry", 12_50), ("B202", "A Lantern Year", "Poetry", 10_00),
    ("B301", "The Otter Who Counted", "Children", 6_99), ("B302", "Nine Small Boats", "Children", 7_50),
    ("B401", "Walking the Salt Path", "Travel", 18_00), ("B402", "Harbours of the North", "Travel", 24_00),
    ("B501", "Bread, Butter, Brine", "Cookery", 22_50),
)  # fmt: skip
_MOST, _PER_CUSTOMER, _AT_ONCE = 30_000, 4, 500
_SHILLING = 100  # 1/10,000 of a unit in one of its hundredths


def sold(*, by: Actor, now: datetime) -> None:
    """Takes down what was bought until now, as the deed of whoever keeps the shop."""
    for number, name, kind, price in BOOKS:
        trade.set_product(number=number, name=name, type=kind, price=price * _SHILLING, by=by, at=now)
    trade.set_place(code="main", name=house().name, by=by, at=now)
    trade.set_place(code="web", name="Online", kind="online", by=by, at=now)
    work = long_deed(verb="trade.recorded_many", by=by, at=now, particulars={"purchases": 0})
    book, count = Book(by=by, at=now), 0
    for part in batched(_bought(now), _AT_ONCE):
        with work.transaction(by=by, at=now) as link:
            count += trade.record_many(link, book, part).new
    work.close(by=by, at=now, particulars={"purchases": count})
    _brought_back(by, now)
    _kept(by, now)


def _bought(now: datetime) -> Iterator[NewPurchase]:
    apart = Standing.objects.filter(kind="prospect").values("customer")
    people = list(Customer.objects.exclude(number__in=apart).filter(merged_into=None).values_list("number", flat=True))
    draw, road = random.Random(21), random.Random(22)  # noqa: S311 - the same demo every time
    for place in range(min(len(people) * _PER_CUSTOMER, _MOST)):
        known = draw.random() < 0.9 and people
        buyer = people[min(int(draw.paretovariate(0.6)) - 1, 10**9) % len(people)] if known else None
        web = draw.random() < 0.25
        lines = [
            NewLine(number, text=name, quantity=draw.choice((1, 1, 1, 2)) * 10_000)
            for number, name, _kind, _price in draw.sample(BOOKS, draw.choice((1, 1, 2, 3)))
        ]
        at = now - timedelta(days=int(draw.random() ** 2 * 700), minutes=draw.randrange(600))
        new = NewPurchase(lines, source="till book", number=str(1000 + place), customer=buyer, at=at,
                          place="web" if web else "main", channel="web" if web else "shop")  # fmt: skip
        if web:
            _send(new, road, now)
        yield new


def _send(order: NewPurchase, road: random.Random, now: datetime) -> None:
    """An order online is promised within the week, sent the next day; one in seven comes late, one in fifty damaged."""
    assert order.at is not None
    ordered, today = order.at.date(), now.date()
    order.promised = ordered + timedelta(days=road.randrange(3, 7))
    sent = ordered + timedelta(days=1)
    delivered = order.promised + timedelta(days=road.randrange(1, 6) if road.random() < 1 / 7 else -road.randrange(2))
    damaged = road.random() < 1 / 50
    if sent <= today:
        order.sent = sent
    if delivered <= today:
        order.delivered, order.damaged = delivered, damaged


def _brought_back(by: Actor, now: datetime) -> None:
    """The last two purchases of somebody known, brought back in part; and what arrived damaged."""
    known = Purchase.objects.filter(customer__isnull=False).order_by("-day", "-serial")
    for serial in known.values_list("serial", flat=True)[:2]:
        trade.return_lines(serial=serial, items=[(1, 10_000)], reason="mind", by=by, at=now)
    broken = Purchase.objects.filter(damaged=True).order_by("-day", "-serial")
    for serial in broken.values_list("serial", flat=True)[:5]:
        trade.return_lines(serial=serial, items=[(1, 10_000)], reason="damaged", by=by, at=now)


def _kept(by: Actor, now: datetime) -> None:
    """Lamps with a warranty; a book that is still to come, for which some wait, and one that lies ready."""
    trade.set_product(
        number="L101", name="Reading lamp", type="Lamps", price=4_900 * _SHILLING, warranty=24, by=by, at=now
    )
    trade.set_product(
        number="B103", name="The Tide Table Returns", type="Crime", price=1_099 * _SHILLING, by=by, at=now
    )
    known = Purchase.objects.filter(customer__isnull=False).order_by("-day", "-serial")
    latest = list(dict.fromkeys(known.values_list("customer", flat=True)[:40]))
    for place, customer in enumerate(latest[:4]):
        lamp = NewPurchase(
            [NewLine("L101", text="Reading lamp")], customer=customer, at=now - timedelta(days=150 * place)
        )
        trade.record_purchase(purchase=lamp, by=by, at=now)
    today = house().day(now)
    for place, customer in enumerate(latest[:5]):
        trade.reserve(wish=Wish(customer, "B103", wanted_by=today + timedelta(days=5 * place)), by=by, at=now)
    trade.goods_came(product="B103", quantity=10_000, kept_until=today + timedelta(days=7), by=by, at=now)
    for customer in latest[1:2]:
        trade.reserve(wish=Wish(customer, text="A map of the harbour, framed", place="main"), by=by, at=now)
