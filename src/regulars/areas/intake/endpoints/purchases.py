"""Purchases over HTTP: from a shop, a till or a telephone system; read again; given back."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query
from pydantic import Field

from regulars.areas.customers.card import shapes
from regulars.areas.intake import actions
from regulars.areas.trade import queries as trade
from regulars.areas.trade.actions import NewLine, NewPurchase, return_lines
from regulars.areas.trade.models import Purchase
from regulars.kernel import money
from regulars.kernel.api import Routes, Shape, answer, next_link, read_cursor, write_cursor
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of

routes = Routes("Purchases")
VIEW = ("trade.view",)
CardInput: Any = shapes.card_input()
Serial = Annotated[int, Path(ge=1, le=2**53 - 1, description="The purchase's `serial`.")]
Number = Annotated[
    str | int | float, Field(description="Exact: a text such as `19.90`, or a number. At most four decimals.")
]
Kind = Literal["sale", "return", "refund", "donation"]
Reason = Literal["", "defect", "damaged", "wrong", "late", "unfit", "mind", "other"]
_SHORT = Annotated[str, Field(max_length=100)]
_LONGEST = 24  # characters of a figure


class LineNamed(Shape):
    """A line that is given back: of this purchase, by its place in it."""

    source: str = Field("", max_length=60)
    number: str = Field(max_length=80)
    ordinal: int = Field(ge=1, le=100_000, description="Its place in the purchase, from 1.")


class LineInput(Shape):
    product: str = Field("", max_length=60, description="The product's number. One that nobody knows is made.")
    text: str = Field("", max_length=300, description="What it is called.")
    type: str = Field("", max_length=100, description="Its type of goods. A product that has one keeps it.")
    quantity: Number = 1
    price: Number | None = Field(None, description="Of one unit; left out, the product's.")
    amount: Number | None = Field(None, description="As paid for the line; left out, price times quantity.")
    kind: Kind = "sale"
    returns: LineNamed | None = Field(None, description="Of a return: what it gives back.")
    reason: Reason = ""
    remark: str = Field("", max_length=200)


class PurchaseInput(Shape):
    """A purchase. Who bought is named by `customer` (the number on the house's card), by `buyer`, by
    `terminal_token`, or by nobody. Figures are positive; what goes back is a line of kind `return`."""

    lines: Annotated[list[LineInput], Field(min_length=1, max_length=2_000)]
    source: str = Field("", max_length=60, description="The system whose number this is.")
    number: str = Field("", max_length=80, description="Its number there. The same again is no second purchase.")
    customer: int | None = Field(None, ge=1, le=2**53 - 1)
    buyer: CardInput | None = Field(
        None,
        description="Found by reference, e-mail address or phone, else made. Gaps on a card are filled; a contact "
        "point or address beside another is proposed on the card.",
    )
    terminal_token: str = Field("", max_length=200, description="What a payment terminal calls a card by; no number.")
    place: str = Field("", max_length=40, description="The code of the branch or till.")
    channel: Literal["shop", "web", "phone", "post"] = "shop"
    served_by: str = Field("", max_length=100)
    territory: str = Field("", max_length=60)
    at: str = Field("", max_length=40, description="RFC 3339 with its zone; left out, now.")
    currency: str = Field("", pattern="^([A-Z]{3})?$", description="ISO 4217; left out, the house's.")
    promised: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day of delivery that was promised.")
    sent: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day it was sent.")
    delivered: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day it came.")
    damaged: bool = Field(False, description="Whether it arrived damaged.")
    note: str = Field("", max_length=500)


class LineShown(Shape):
    ordinal: int
    kind: Kind
    product: str | None
    text: str
    quantity: str = Field(description="Negative where it goes back.")
    price: str | None
    amount: str
    reason: str | None
    remark: str
    left: str = Field(description="How much of it may still be given back.")


class PurchaseShown(Shape):
    serial: int
    source: str
    number: str
    customer: int | None
    place: str
    channel: str
    served_by: str
    territory: str
    at: str
    day: str = Field(description="The house's day.")
    currency: str
    rate: str = Field(description="What one unit was worth in the house's currency.")
    total: str
    promised: str | None
    sent: str | None
    delivered: str | None
    late_days: int | None
    damaged: bool
    note: str
    void: str | None = Field(description="Why it does not count any more.")
    lines: list[LineShown]


class ReturnedLine(Shape):
    ordinal: int = Field(ge=1, le=100_000)
    quantity: Number = 1


class ReturnInput(Shape):
    lines: Annotated[list[ReturnedLine], Field(min_length=1, max_length=2_000)]
    reason: Reason = "other"
    remark: str = Field("", max_length=200)
    place: str = Field("", max_length=40)
    source: str = Field("", max_length=60)
    number: str = Field("", max_length=80, description="The number of the return's own receipt.")
    served_by: str = Field("", max_length=100)


@routes.post("/purchases", right="trade.record", also=VIEW, gives={200: PurchaseShown, 201: PurchaseShown},
             refuses=(404, 409))  # fmt: skip
def add_purchase(request: HttpRequest, purchase: PurchaseInput) -> HttpResponse:
    """Take a purchase down.

    201 where it is new; 200 with the purchase kept before where source and number are known and say the same; 409
    where they say something else.
    """
    by, at = actor_of(request), timezone.now()
    taken = actions.take_order(order=_order(purchase), by=by, at=at)
    row = trade.purchase_for(by, taken.serial)
    return answer(
        trade.as_json(row, trade.lines_of(row)), status=201 if taken.new else 200, changeset=taken.changeset,
        location=f"/api/v1/purchases/{taken.serial}" if taken.new else "",
    )  # fmt: skip


@routes.get("/purchases", right="trade.view", gives=list[PurchaseShown])
def list_purchases(
    request: HttpRequest,
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    place: Annotated[str, Query(max_length=40)] = "",
    channel: Annotated[Literal["", "shop", "web", "phone", "post"], Query()] = "",
    since: Annotated[date | None, Query(description="The first house day.")] = None,
    until: Annotated[date | None, Query(description="The last house day.")] = None,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:
    """List purchases, the newest day first."""
    found = trade.purchases(
        actor_of(request), customer=customer, place=place, channel=channel, since=since, until=until
    )
    if after:
        day, serial = read_cursor(after, str, int)
        found = found.filter(_before(day, serial))
    rows: list[Purchase] = list(found[: limit + 1])
    headers = {}
    if len(rows) > limit:
        last = rows[limit - 1]
        cursor = write_cursor([last.day.isoformat(), last.serial])
        headers["Link"] = f'<{next_link(request, cursor)}>; rel="next"'
    return answer([trade.as_json(row, trade.lines_of(row)) for row in rows[:limit]], headers=headers)


@routes.get("/purchases/{serial}", right="trade.view", gives=PurchaseShown, refuses=(404,))
def show_purchase(request: HttpRequest, serial: Serial) -> HttpResponse:
    """Show a purchase with its lines, and what of each may still be given back."""
    row = trade.purchase_for(actor_of(request), serial)
    return answer(trade.as_json(row, trade.lines_of(row)))


@routes.post("/purchases/{serial}/returns", right="trade.record", also=VIEW, gives={201: PurchaseShown}, refuses=(404,))
def add_return(request: HttpRequest, serial: Serial, given: ReturnInput) -> HttpResponse:
    """Take lines of a purchase back, at the price that was paid; never more than is left of them."""
    by = actor_of(request)
    items = [(each.ordinal, _scaled(each.quantity, f"lines.{at}.quantity")) for at, each in enumerate(given.lines)]
    done = return_lines(
        serial=serial, items=items, reason=given.reason, remark=given.remark, place=given.place, number=given.number,
        source=given.source, served_by=given.served_by, by=by, at=timezone.now(),
    )  # fmt: skip
    row = trade.purchase_for(by, done.serial)
    told = trade.as_json(row, trade.lines_of(row))
    return answer(told, status=201, changeset=done.changeset, location=f"/api/v1/purchases/{done.serial}")


def _before(day: str, serial: int) -> Any:
    from django.db.models import Q

    try:
        last = date.fromisoformat(day)
    except ValueError:
        raise Refused(_("This is not the `next` of a page of this list."), where="after") from None
    return Q(day__lt=last) | Q(day=last, serial__lt=serial)


def _order(told: PurchaseInput) -> actions.Order:
    lines = [_line(each, at) for at, each in enumerate(told.lines)]
    new = NewPurchase(
        lines, source=told.source.strip(), number=told.number.strip(), place=told.place, channel=told.channel,
        served_by=told.served_by, territory=told.territory, at=_moment(told.at), currency=told.currency,
        promised=_day(told.promised, "promised"), sent=_day(told.sent, "sent"),
        delivered=_day(told.delivered, "delivered"), damaged=told.damaged, note=told.note,
    )  # fmt: skip
    buyer = shapes.as_sent(told.buyer) if told.buyer is not None else {}
    return actions.Order(new, customer=told.customer, buyer=buyer, terminal=told.terminal_token.strip())


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("There is no day %(day)s.") % {"day": text}, where=where) from None


def _line(told: LineInput, at: int) -> NewLine:
    where = f"lines.{at}"
    figures = {
        name: None if getattr(told, name) is None else _scaled(getattr(told, name), f"{where}.{name}")
        for name in ("price", "amount")
    }
    named = (told.returns.source, told.returns.number, told.returns.ordinal) if told.returns else None
    return NewLine(
        told.product.strip(), told.text.strip(), _scaled(told.quantity, f"{where}.quantity"), figures["price"],
        figures["amount"], told.kind, named, told.reason, told.remark, told.type.strip(),
    )  # fmt: skip


def _scaled(value: str | float, where: str) -> int:
    """A figure in 1/10,000, exactly as it was written. Raises Refused."""
    text = value if isinstance(value, str) else repr(value)
    try:
        if len(text) > _LONGEST:
            raise Refused(_("This number is too long."), where=where)
        return money.clean_decimal(text, mark=".")
    except Refused as refused:
        raise Refused(refused.message, where=where) from None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(_("Write the moment with its zone, as in 2026-11-28T10:30:00+01:00."), where="at")
    return found.astimezone(UTC)
