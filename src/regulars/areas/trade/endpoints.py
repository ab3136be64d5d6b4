"""Over HTTP: putting purchases right, products, places, and what a customer's purchases come to."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query
from pydantic import Field

from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import house
from regulars.areas.trade import actions, queries
from regulars.areas.trade.models import Place, Product
from regulars.kernel.api import Moment, Routes, Shape, answer, next_link, nothing, read_cursor, write_cursor
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of
from regulars.kernel.money import clean_money, plain

routes = Routes("Purchases")
Serial = Annotated[int, Path(ge=1, le=2**53 - 1, description="The purchase's serial.")]
ProductNumber = Annotated[str, Path(min_length=1, max_length=60, description="The product's own number.")]
Code = Annotated[str, Path(min_length=1, max_length=40, description="The place's code.")]
DELIVERY = ("promised", "sent", "delivered")
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class PurchasePatch(Shape):
    """What is to be put right; what is not named stays. `customer` null: nobody knows who bought."""

    customer: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = None
    place: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    channel: Literal["shop", "web", "phone", "post"] | None = None
    served_by: Annotated[str, Field(max_length=100)] | None = None
    at: Moment | None = None
    promised: Day | None = None
    sent: Day | None = None
    delivered: Day | None = None
    damaged: bool | None = None
    note: Annotated[str, Field(max_length=500)] | None = None


class WhyVoid(Shape):
    reason: str = Field(min_length=1, max_length=200)


class PurchaseStands(Shape):
    """How a purchase stands after it was put right; its lines are at `/purchases/{serial}`."""

    serial: int
    customer: int | None
    place: str
    channel: str
    day: Day
    promised: Day | None
    sent: Day | None
    delivered: Day | None
    damaged: bool
    late_days: int | None = Field(description="Days between the day promised and the day delivered.")
    void: str | None = Field(description="Why it is void; null while it counts.")


class ProductShown(Shape):
    number: str
    name: str
    type: str
    price: str | None = Field(description="Of one: `12.5 EUR`.")


class ProductInput(Shape):
    name: Annotated[str, Field(max_length=300)] | None = None
    type: Annotated[str, Field(max_length=100)] | None = Field(None, description="A type of goods; empty takes it off.")
    price: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(None, description="`12.50`, `12.50 USD`.")


class PlaceShown(Shape):
    code: str
    name: str
    kind: Literal["branch", "till", "online"]
    within: str | None = Field(description="The code of the branch that a till stands in.")
    territory: str


class PlaceInput(Shape):
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    kind: Literal["branch", "till", "online"] | None = None
    within: Annotated[str, Field(max_length=40)] | None = Field(None, description="Empty: in none.")
    territory: Annotated[str, Field(max_length=60)] | None = None


class StandingShown(Shape):
    """What a customer's purchases come to today, in the house's currency, as exact texts."""

    currency: str
    spent: str
    spent_last_30_days: str
    spent_last_90_days: str
    spent_last_12_months: str
    returned: str
    donated: str
    purchases: int
    first_purchase: Day | None
    last_purchase: Day | None
    average_order: str | None
    days_between_purchases: int | None
    state: Literal["none", "active", "quiet", "lost"]
    gold: bool


@routes.patch("/purchases/{serial}", right="trade.correct", also=("trade.view",), gives=PurchaseStands, refuses=(404,))
def correct_purchase(request: HttpRequest, serial: Serial, given: PurchasePatch) -> HttpResponse:
    """Put a purchase right, or say how its delivery goes: promised, sent, delivered, damaged.

    What is said already changes nothing, so that the same call may come again.
    What was returned of it goes along to another customer. Its lines are not changed here: that is done on its page, or
    make it void and take it down anew.
    """
    told: dict[str, Any] = given.model_dump(exclude_unset=True)
    for name in DELIVERY:
        if told.get(name) is not None:
            told[name] = _day(told[name], name)
    empty = {"customer", *DELIVERY}
    told = {name: value for name, value in told.items() if value is not None or name in empty}
    changeset = actions.correct_purchase(serial=serial, changes=told, by=actor_of(request), at=timezone.now())
    return answer(_stands(request, serial), changeset=changeset)


@routes.post(
    "/purchases/{serial}/void", right="trade.correct", also=("trade.view",), gives={200: PurchaseStands}, refuses=(404,)
)
def void_purchase(request: HttpRequest, serial: Serial, why: WhyVoid) -> HttpResponse:
    """Make a purchase void.

    It counts for nothing any more; its number stays taken. Refused while something of it was returned.
    """
    changeset = actions.void_purchase(serial=serial, reason=why.reason, by=actor_of(request), at=timezone.now())
    return answer(_stands(request, serial), changeset=changeset)


@routes.get("/customers/{number}/standing", right="trade.view", also=("customers.view",), gives=StandingShown,
            refuses=(404, 410))  # fmt: skip
def show_standing(
    request: HttpRequest, number: Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
) -> HttpResponse:
    """Show what a customer's purchases come to."""
    card, rules = card_for(actor_of(request), number), house()
    stands = queries.standing_of(card.number, rules.day(timezone.now()), rules)
    return answer(
        {
            "currency": stands.currency, "spent": plain(stands.spent), "spent_last_30_days": plain(stands.spent_30),
            "spent_last_90_days": plain(stands.spent_90), "spent_last_12_months": plain(stands.spent_year),
            "returned": plain(stands.returned), "donated": plain(stands.donated), "purchases": stands.count,
            "first_purchase": stands.first.isoformat() if stands.first else None,
            "last_purchase": stands.last.isoformat() if stands.last else None,
            "average_order": None if stands.average is None else plain(stands.average),
            "days_between_purchases": stands.days_between, "state": stands.state, "gold": stands.gold,
        }
    )  # fmt: skip


# --- products ---------------------------------------------------------------------------------------------------------


@routes.get("/products", right="trade.view", gives=list[ProductShown])
def list_products(
    request: HttpRequest,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:
    """List products by number."""
    rows = Product.objects.select_related("type").order_by("number")
    if after:
        rows = rows.filter(number__gt=read_cursor(after, str)[0])
    found = list(rows[: limit + 1])
    more = f'<{next_link(request, write_cursor([found[limit - 1].number]))}>; rel="next"' if len(found) > limit else ""
    return answer([_product(each) for each in found[:limit]], headers={"Link": more} if more else {})


@routes.put("/products/{number}", right="trade.goods", also=("trade.view",), gives=ProductShown)
def set_product(request: HttpRequest, number: ProductNumber, given: ProductInput) -> HttpResponse:
    """Make a product, or change it.

    What is not named stays. Purchases count under the type that a product has now.
    """
    told: dict[str, Any] = {"name": given.name, "type": given.type}
    if given.price is not None:
        try:
            told["price"], told["currency"] = clean_money(given.price, house().currency)
        except Refused as refused:
            raise Refused(refused.message, where="price") from None
    changeset = actions.set_product(number=number, by=actor_of(request), at=timezone.now(), **told)
    return answer(_product(_known(Product, number=number.strip())), changeset=changeset)


@routes.delete("/products/{number}", right="trade.goods", gives={204: None}, refuses=(404,))
def remove_product(request: HttpRequest, number: ProductNumber) -> HttpResponse:
    """Take a product off that nobody bought."""
    return nothing(changeset=actions.remove_product(number=number, by=actor_of(request), at=timezone.now()))


# --- places -----------------------------------------------------------------------------------------------------------


@routes.get("/places", right="trade.view", gives=list[PlaceShown])
def list_places(request: HttpRequest) -> HttpResponse:
    """List places by code."""
    return answer([_place(each) for each in Place.objects.select_related("within").order_by("code")])


@routes.put("/places/{code}", right="trade.goods", also=("trade.view",), gives=PlaceShown, refuses=(404,))
def set_place(request: HttpRequest, code: Code, given: PlaceInput) -> HttpResponse:
    """Make a place, or change it. What is not named stays."""
    told = given.model_dump(exclude_unset=True)
    changeset = actions.set_place(code=code, by=actor_of(request), at=timezone.now(), **told)
    return answer(_place(_known(Place, code=code.strip())), changeset=changeset)


@routes.delete("/places/{code}", right="trade.goods", gives={204: None}, refuses=(404,))
def remove_place(request: HttpRequest, code: Code) -> HttpResponse:
    """Take a place off where nothing was bought."""
    return nothing(changeset=actions.remove_place(code=code, by=actor_of(request), at=timezone.now()))


# --- shown ------------------------------------------------------------------------------------------------------------


def _stands(request: HttpRequest, serial: int) -> dict[str, Any]:
    row = queries.purchase_for(actor_of(request), serial)
    return {
        "serial": row.serial, "customer": row.customer_id, "place": row.place.code, "channel": row.channel,
        "day": row.day.isoformat(), "damaged": row.damaged, "late_days": row.late, "void": row.void or None,
    } | {name: day.isoformat() if (day := getattr(row, name)) else None for name in DELIVERY}  # fmt: skip


def _product(row: Product) -> dict[str, Any]:
    price = None if row.price is None else f"{plain(row.price)} {row.currency}"
    return {"number": row.number, "name": row.name, "type": row.type.name if row.type else "", "price": price}


def _place(row: Place) -> dict[str, Any]:
    within = row.within.code if row.within else None
    return {"code": row.code, "name": row.name, "kind": row.kind, "within": within, "territory": row.territory}


def _known(model: Any, **named: str) -> Any:
    return model.objects.get(**named)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("There is no day %(day)s.") % {"day": text[:40]}, where=where) from None
