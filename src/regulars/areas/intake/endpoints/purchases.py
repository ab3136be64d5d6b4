"""Purchases that come in over HTTP: from a shop, a till or a telephone system."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from regulars.areas.customers.card import shapes
from regulars.areas.intake import actions
from regulars.areas.trade import queries as trade
from regulars.areas.trade.actions import NewLine, NewPurchase
from regulars.areas.trade.endpoints.shapes import Channel, Figure, Kind, PurchaseShown, Reason, day_of, scaled
from regulars.kernel.api import Routes, Shape, answer
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of
from regulars.kernel.money import clean_rate

routes = Routes("Purchases")
CardInput: Any = shapes.card_input()


class LineNamed(Shape):
    """A line that is given back: of this purchase, by its place in it."""

    source: str = Field("", max_length=60)
    number: str = Field(max_length=80)
    ordinal: int = Field(ge=1, le=100_000, description="Its place in the purchase, from 1.")


class LineInput(Shape):
    product: str = Field("", max_length=60, description="The product's number. One that nobody knows is made.")
    text: str = Field("", max_length=300, description="What it is called.")
    type: str = Field("", max_length=100, description="Its type of goods. A product that has one keeps it.")
    quantity: Figure = 1
    price: Figure | None = Field(None, description="Of one unit; left out, the product's.")
    amount: Figure | None = Field(None, description="As paid for the line; left out, price times quantity.")
    kind: Kind = "sale"
    returns: LineNamed | None = Field(None, description="Of a return: what it gives back.")
    reason: Reason = ""
    remark: str = Field("", max_length=200)
    warranty_until: str = Field(
        "", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The last day of its warranty; left out, the product's."
    )


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
    channel: Channel = "shop"
    served_by: str = Field("", max_length=100)
    territory: str = Field("", max_length=60)
    at: str = Field("", max_length=40, description="RFC 3339 with its zone; left out, now.")
    currency: str = Field("", pattern="^([A-Z]{3})?$", description="ISO 4217; left out, the house's.")
    rate: str = Field(
        "", max_length=30, description="What one unit is worth in the house's currency, with nine decimals at most; "
        "left out, as with the latest purchase in it.",
    )  # fmt: skip
    promised: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day of delivery that was promised.")
    sent: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day it was sent.")
    delivered: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The day it came.")
    damaged: bool = Field(False, description="Whether it arrived damaged.")
    note: str = Field("", max_length=500)


@routes.post("/purchases", right="trade.record", also=("trade.view",), gives={200: PurchaseShown, 201: PurchaseShown},
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


def _order(told: PurchaseInput) -> actions.Order:
    lines = [_line(each, at) for at, each in enumerate(told.lines)]
    new = NewPurchase(
        lines, source=told.source.strip(), number=told.number.strip(), place=told.place, channel=told.channel,
        served_by=told.served_by, territory=told.territory, at=_moment(told.at), currency=told.currency,
        rate=_rate(told.rate),
        promised=_day(told.promised, "promised"), sent=_day(told.sent, "sent"),
        delivered=_day(told.delivered, "delivered"), damaged=told.damaged, note=told.note,
    )  # fmt: skip
    buyer = shapes.as_sent(told.buyer) if told.buyer is not None else {}
    return actions.Order(new, customer=told.customer, buyer=buyer, terminal=told.terminal_token.strip())


def _day(text: str, where: str) -> date | None:
    return day_of(text, where) if text else None


def _rate(text: str) -> int | None:
    try:
        return clean_rate(text, mark=".") if text else None
    except Refused as refused:
        raise Refused(refused.message, where="rate") from None


def _line(told: LineInput, at: int) -> NewLine:
    where = f"lines.{at}"
    figures = {
        name: None if getattr(told, name) is None else scaled(getattr(told, name), f"{where}.{name}")
        for name in ("price", "amount")
    }
    named = (told.returns.source, told.returns.number, told.returns.ordinal) if told.returns else None
    return NewLine(
        told.product.strip(), told.text.strip(), scaled(told.quantity, f"{where}.quantity"), figures["price"],
        figures["amount"], told.kind, named, told.reason, told.remark, told.type.strip(),
        _day(told.warranty_until, f"{where}.warranty_until"),
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1 < found.year < 9999:
        raise Refused(_("Write the moment with its zone, as in 2026-11-28T10:30:00+01:00."), where="at")
    return found.astimezone(UTC)
