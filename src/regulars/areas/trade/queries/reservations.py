"""What is reserved, in the order of asking; and the goods of a customer that are under warranty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, Q, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import visible
from regulars.areas.trade.models import OPEN, Agreement, Line, Product, Purchase, Reservation
from regulars.areas.trade.queries.purchases import lines_left
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound
from regulars.kernel.money import plain
from regulars.kernel.paging import read_cursor, write_cursor


def reservations(
    by: Actor,
    *,
    state: str = "open",
    customer: int | None = None,
    product: str = "",
    place: str = "",
    overdue_on: date | None = None,
) -> QuerySet[Reservation]:
    """Those that match, in the order of asking. `state` is one of the model's, `open` or `all`; `overdue_on`: needed by
    a day before this one, or kept longer than was said. Raises NotAllowed."""
    found = _seen(by).order_by("serial")
    if state == "open":
        found = found.filter(state__in=OPEN)
    elif state != "all":
        found = found.filter(state=state)
    if customer is not None:
        found = found.filter(customer_id=customer)
    if product:
        found = found.filter(product__number=product)
    if place:
        found = found.filter(Q(place__code=place) | Q(place__within__code=place))
    if overdue_on:
        waits, kept = Q(state="waiting", wanted_by__lt=overdue_on), Q(state="ready", kept_until__lt=overdue_on)
        found = found.filter(waits | kept)
    return found


def reservation_page(found: QuerySet[Reservation], after: str, limit: int) -> tuple[list[Reservation], str]:
    """So many of them behind a cursor, and the cursor of the page after, '' at the end. Raises Refused for a cursor
    that is none."""
    if after:
        found = found.filter(serial__gt=read_cursor(after, int)[0])
    rows = list(found[: limit + 1])
    return rows[:limit], write_cursor([rows[limit - 1].serial]) if len(rows) > limit else ""


def reservation_for(by: Actor, serial: int) -> Reservation:
    """One reservation by its serial. Raises NotAllowed, NotFound, also for a stranger's."""
    found = _seen(by).filter(serial=serial).first()
    if found is None:
        raise NotFound(_("There is no reservation %(serial)s.") % {"serial": serial}, where="serial")
    return found


def waiting_for(by: Actor, product: Product) -> list[Reservation]:
    """Who waits for a product, in the order of asking. Raises NotAllowed."""
    return list(_seen(by).filter(product=product, state="waiting").order_by("serial"))


def places_in_line(rows: Sequence[Reservation]) -> dict[int, int]:
    """For each of these that waits for a product, how many wait with it and before it, by its serial: 1 is next."""
    products = {row.product_id for row in rows if row.product_id and row.state == "waiting"}
    found: dict[int, int] = {}
    line: dict[int, int] = {}
    waiting = Reservation.objects.filter(product__in=products, state="waiting").order_by("serial")
    for product, serial in waiting.values_list("product", "serial") if products else ():
        line[product] = line.get(product, 0) + 1
        found[serial] = line[product]
    return found


def _warranted(number: int, today: date) -> list[Line]:
    """What a customer bought that is under warranty today and did not come back whole, what ends first before the
    rest."""
    rows = Line.objects.filter(customer=number, kind="sale", warranty_until__gte=today)
    found = lines_left(list(rows.select_related("product", "purchase").order_by("warranty_until", F("pk"))))
    return [row for row in found if row.left > 0]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for a customer: her open reservations, each with its place in line and whether it is overdue; and
    her goods under warranty."""

    reserved: Sequence[tuple[Reservation, int | None, bool]] = ()
    warranted: Sequence[Line] = ()

    def __bool__(self) -> bool:
        return bool(self.reserved or self.warranted)


class ThereIs(NamedTuple):
    """Whether anything of a customer's is there to be shown."""

    bought: bool = False
    reserved: bool = False
    warranted: bool = False
    agreed: bool = False


def there_is(by: Actor, number: int, today: date) -> ThereIs:
    """Purchases, open reservations, goods under warranty, agreements: asked at once, so that nothing is asked of most
    customers. Nothing for whoever may not see purchases."""
    if not by.may("trade.view"):
        return ThereIs()
    hers = {
        "bought": Purchase.objects.filter(customer=number),
        "reserved": Reservation.objects.filter(customer=number, state__in=OPEN),
        "warranted": Line.objects.filter(customer=number, kind="sale", warranty_until__gte=today),
        "agreed": Agreement.objects.filter(customer=number),
    }
    found = Customer.objects.filter(pk=number).values_list(*(Exists(rows) for rows in hers.values())).first()
    return ThereIs(*found) if found else ThereIs()


def kept_for(by: Actor, number: int, today: date, there: ThereIs | None = None) -> Kept:
    """What is reserved for a customer, and her goods under warranty; nothing for whoever may not see purchases."""
    there = there or there_is(by, number, today)
    rows = list(reservations(by, customer=number)) if there.reserved else []
    lines = places_in_line(rows)
    reserved = [(row, lines.get(row.serial), row.is_overdue(today)) for row in rows]
    return Kept(reserved, _warranted(number, today) if there.warranted else [])


def overdue(by: Actor, today: date) -> int:
    """How many open reservations are needed by a day that is over, or kept longer than was said; 0 for whoever may not
    see purchases."""
    return reservations(by, overdue_on=today).count() if by.may("trade.view") else 0


def reservation_json(row: Reservation, place_in_line: int | None) -> dict[str, Any]:
    """A reservation as a program reads it."""
    days = {name: getattr(row, name) for name in ("wanted_by", "kept_until", "changed_on")}
    return {
        "serial": row.serial, "customer": row.customer_id, "day": row.day.isoformat(),
        "product": row.product.number if row.product else None,
        "text": row.text or (str(row.product) if row.product else ""), "quantity": plain(row.quantity),
        "place": row.place.code if row.place else None, "state": row.state, "place_in_line": place_in_line,
        **{name: day.isoformat() if day else None for name, day in days.items()}, "note": row.note,
    }  # fmt: skip


def _seen(by: Actor) -> QuerySet[Reservation]:
    if not by.may("trade.view"):
        raise NotAllowed(_("Your account may not see what customers bought."))
    rows = Reservation.objects.select_related("product", "place", "customer")
    return rows if by.own is None else rows.filter(customer__in=visible(by))
