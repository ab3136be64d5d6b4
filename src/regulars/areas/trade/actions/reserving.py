"""Reservations: taken down in the order of asking, ready when the goods are there, fetched or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import house
from regulars.areas.journal.actions import Link, deed
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.actions.making import refuse_secrets
from regulars.areas.trade.models import OPEN, Place, Product, Reservation
from regulars.areas.trade.queries.reservations import reservation_for, waiting_for
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused

_MOST = 2**62
_AT_ONCE = 500
_LONGEST = {"text": 300, "note": 500}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be kept for somebody: a product's number or a text; `quantity` in 1/10,000; `place` is a code."""

    customer: int
    product: str = ""
    text: str = ""
    quantity: int = 10_000
    place: str = ""
    wanted_by: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """What somebody buys on a day: the quantity of each product (its id), in 1/10,000."""

    customer: int
    day: date
    bought: Mapping[int, int]


def reserve(*, wish: Wish, by: Actor, at: datetime) -> tuple[int | None, int]:
    """Takes a reservation down, behind all that stand. Returns the changeset and its serial. Raises NotAllowed,
    NotFound, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.reserved", by=by, at=at, particulars={"number": wish.customer}) as link:
        customer = card_for(by, wish.customer)
        today = house().day(at)
        row = Reservation(customer_id=customer.number, day=today, changed_on=today)
        for name, value in _values(row, today, _told(wish)).items():
            setattr(row, name, value)
        row.serial = take("reservation")
        link.add(row)
        link.particulars |= {"number": customer.number, "reservation": row.serial}
    return link.changeset, row.serial


def reserved_already(*, wish: Wish, by: Actor, at: datetime) -> int | None:
    """The serial of a reservation of the same day that is open and says the same to the letter. Raises as `reserve`."""
    _refuse_who_may_not(by)
    customer, today = card_for(by, wish.customer), house().day(at)
    told = _values(Reservation(), today, _told(wish))
    found = Reservation.objects.filter(customer=customer, day=today, state__in=OPEN, **told)
    return found.order_by("serial").values_list("serial", flat=True).first()


def change_reservation(*, serial: int, changes: Mapping[str, Any], by: Actor, at: datetime) -> int | None:
    """Brings a reservation that is open to these values (those of `Wish` but the customer, and `kept_until`); it keeps
    its place in the order. Returns the changeset, None where nothing differs. Raises NotAllowed, NotFound, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.reservation_changed", by=by, at=at, particulars={"reservation": serial}) as link:
        row = _open(by, serial)
        link.particulars["number"] = row.customer_id
        link.change(row, **_values(row, house().day(at), changes))
    return link.changeset


def make_ready(*, serials: Sequence[int], by: Actor, at: datetime, kept_until: date | None = None) -> int | None:
    """What was reserved is here; it is kept until this day, if one is said. Raises NotAllowed, NotFound, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.reservations_ready", by=by, at=at, particulars={"reservations": len(serials)}) as link:
        rows = [_open(by, serial) for serial in serials]
        _ready(link, rows, house().day(at), kept_until)
    return link.changeset


def goods_came(
    *, product: str, quantity: int, by: Actor, at: datetime, kept_until: date | None = None
) -> tuple[int | None, list[int]]:
    """So many of a product came: whoever asked first gets hers, as long as they last. Who wants more than is left
    waits, and so does everybody behind her. Returns the changeset and the serials that are ready now. Raises
    NotAllowed, NotFound, Refused."""
    _refuse_who_may_not(by)
    if quantity <= 0:
        raise Refused(_("Say how many came: a quantity above nought."), where="quantity")
    with deed(verb="trade.reservations_ready", by=by, at=at, particulars={}) as link:
        rows = []
        for row in waiting_for(by, _product(product)):
            if row.quantity > quantity:
                break
            quantity -= row.quantity
            rows.append(row)
        link.particulars["reservations"] = len(rows)
        if rows:
            _ready(link, rows, house().day(at), kept_until)
    return link.changeset, [row.serial for row in rows]


def fetch(*, serial: int, by: Actor, at: datetime) -> int | None:
    """It was handed over. Raises NotAllowed, NotFound, Refused."""
    return _end(serial, "fetched", "trade.reservation_fetched", by, at)


def drop(*, serial: int, by: Actor, at: datetime) -> int | None:
    """It is not wanted any more. Raises NotAllowed, NotFound, Refused."""
    return _end(serial, "dropped", "trade.reservation_dropped", by, at)


def fetched_with(link: Link, sales: Sequence[Sale]) -> list[int]:
    """What customers had reserved and buy now is fetched, in the deed of the purchases, the oldest first. Of a
    reservation for more than is bought the rest stays; one that was taken down after the day of the purchase stays
    whole. Returns the serials of what is fetched whole."""
    done: list[int] = []
    waiting = _waiting(sales)
    for sale in sorted(sales, key=lambda each: each.day) if waiting else ():
        left = dict(sale.bought)
        hers = [row for row in waiting.get(sale.customer, ()) if row.state in OPEN and row.day <= sale.day]
        for row in hers:
            bought = left.get(row.product_id or 0, 0)
            if row.quantity <= bought:
                left[row.product_id or 0] = bought - row.quantity
                link.change(row, state="fetched", changed_on=sale.day)
                done.append(row.serial)
        for row in hers:
            if row.state in OPEN and (part := left.pop(row.product_id or 0, 0)):
                link.change(row, quantity=row.quantity - part)
    return done


def _waiting(sales: Sequence[Sale]) -> dict[int | None, list[Reservation]]:
    """The open reservations of goods by customer, in the order of asking."""
    found: dict[int | None, list[Reservation]] = {}
    buyers = sorted({sale.customer for sale in sales if sale.bought})
    goods = Reservation.objects.filter(state__in=OPEN, product__isnull=False)
    for some in batched(buyers, _AT_ONCE) if buyers and (len(buyers) == 1 or goods.exists()) else ():
        for row in goods.filter(customer__in=some).order_by("serial"):
            found.setdefault(row.customer_id, []).append(row)
    return found


def _told(wish: Wish) -> dict[str, Any]:
    """A wish by the names of its fields, the customer left out."""
    return {name: getattr(wish, name) for name in Wish.__slots__ if name != "customer"}


def _end(serial: int, state: str, verb: str, by: Actor, at: datetime) -> int | None:
    _refuse_who_may_not(by)
    with deed(verb=verb, by=by, at=at, particulars={"reservation": serial}) as link:
        row = _open(by, serial)
        link.particulars["number"] = row.customer_id
        link.change(row, state=state, changed_on=house().day(at))
    return link.changeset


def _ready(link: Link, rows: Sequence[Reservation], today: date, kept_until: date | None) -> None:
    if kept_until is not None and kept_until < today:
        raise Refused(_("They cannot be kept until a day that is over."), where="kept_until")
    for row in rows:
        link.change(row, state="ready", changed_on=today, kept_until=kept_until)
    if len(rows) == 1:
        link.particulars["number"] = rows[0].customer_id


def _open(by: Actor, serial: int) -> Reservation:
    row = reservation_for(by, serial)
    if row.state not in OPEN:
        told = {"serial": serial, "state": row.get_state_display()}
        raise Refused(_("Reservation %(serial)s is over: %(state)s. Take that back first.") % told, where="serial")
    return row


def _values(row: Reservation, today: date, told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of what is told of a reservation. Raises Refused, NotFound."""
    values = dict(told)
    for name, longest in _LONGEST.items():
        if name in values:
            values[name] = " ".join(values[name].split())
            if len(values[name]) > longest:
                message = _("This takes at most %(longest)s characters.")
                raise Refused(message % {"longest": longest}, where=name)
            refuse_secrets(**{name: values[name]})
    if "product" in values:
        number = values.pop("product").strip()
        values["product_id"] = _product(number).pk if number else None
    if "place" in values:
        values["place_id"] = _place(values.pop("place").strip())
    if not values.get("product_id", row.product_id) and not values.get("text", row.text):
        raise Refused(_("Name the product, or write what is to be kept."), where="product")
    if not 0 < values.get("quantity", row.quantity) < _MOST:
        raise Refused(_("A quantity is above nought."), where="quantity")
    for name in ("wanted_by", "kept_until"):
        day = values.get(name)
        if day is not None and day < today and day != getattr(row, name):
            raise Refused(_("This day is over. Name one to come."), where=name)
    if values.get("kept_until") is not None and row.state != "ready":
        raise Refused(_("It is kept until a day once it is here. Say that it is ready first."), where="kept_until")
    return values


def _product(number: str) -> Product:
    found = Product.objects.filter(number=number.strip()).first()
    if found is None:
        message = _("There is no product %(number)s. Make it first, or write the goods as a text.")
        raise NotFound(message % {"number": number[:60]}, where="product")
    return found


def _place(code: str) -> int | None:
    if not code:
        return None
    found = Place.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no place “%(code)s”.") % {"code": code[:40]}, where="place")
    return int(found.pk)


def _refuse_who_may_not(by: Actor) -> None:
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not take down purchases."))


def bought_of(lines: Sequence[tuple[int | None, int]]) -> dict[int, int]:
    """The quantity of each product, of (product's id, quantity in 1/10,000)."""
    found: dict[int, int] = {}
    for product, quantity in lines:
        if product is not None and quantity > 0:
            found[product] = found.get(product, 0) + quantity
    return found
