"""Products and places over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.house.queries import house, looking_at
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import actions
from regulars.areas.trade.models import Place, Product
from regulars.areas.trade.queries import place_json, product_json
from regulars.kernel.api import Routes, Shape, answer, next_link, nothing, read_cursor, write_cursor
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of
from regulars.kernel.money import clean_money

routes = Routes("Purchases")
ProductNumber = Annotated[str, Path(min_length=1, max_length=60, description="The product's own number.")]
Code = Annotated[str, Path(min_length=1, max_length=40, description="The place's code.")]


class ProductShown(Shape):
    number: str
    name: str
    type: str
    price: str | None = Field(description="Of one: `12.5 EUR`.")
    warranty: int | None = Field(description="Months of warranty.")


class ProductInput(Shape):
    name: Annotated[str, Field(max_length=300)] | None = None
    type: Annotated[str, Field(max_length=100)] | None = Field(None, description="A type of goods; empty takes it off.")
    price: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(None, description="`12.50`, `12.50 USD`.")
    warranty: Annotated[int, Field(ge=0, le=1200)] | None = Field(
        None, description="Months of warranty of what is sold from now on; 0 for none."
    )


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


@routes.get("/products", right="trade.view", gives=list[ProductShown])
def list_products(
    request: HttpRequest,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: At = "",
) -> HttpResponse:
    """List products by number, now or then."""
    rows = Product.objects.select_related("type").order_by("number")
    if after:
        rows = rows.filter(number__gt=read_cursor(after, str)[0])
    with looking_at(at):
        found = list(rows[: limit + 1])
    more = f'<{next_link(request, write_cursor([found[limit - 1].number]))}>; rel="next"' if len(found) > limit else ""
    return answer([product_json(each) for each in found[:limit]], headers={"Link": more} if more else {})


@routes.put("/products/{number}", right="trade.goods", also=("trade.view",), gives=ProductShown)
def set_product(request: HttpRequest, number: ProductNumber, given: ProductInput) -> HttpResponse:
    """Make a product, or change it.

    What is not named stays. Purchases count under the type that a product has now.
    """
    told: dict[str, Any] = {"name": given.name, "type": given.type, "warranty": given.warranty}
    if given.price is not None:
        try:
            told["price"], told["currency"] = clean_money(given.price, house().currency)
        except Refused as refused:
            raise Refused(refused.message, where="price") from None
    changeset = actions.set_product(number=number, by=actor_of(request), at=timezone.now(), **told)
    return answer(product_json(_known(Product, number=number.strip())), changeset=changeset)


@routes.delete("/products/{number}", right="trade.goods", gives={204: None}, refuses=(404,))
def remove_product(request: HttpRequest, number: ProductNumber) -> HttpResponse:
    """Take a product off that nobody bought."""
    return nothing(changeset=actions.remove_product(number=number, by=actor_of(request), at=timezone.now()))


# --- places -----------------------------------------------------------------------------------------------------------


@routes.get("/places", right="trade.view", gives=list[PlaceShown])
def list_places(request: HttpRequest, at: At = "") -> HttpResponse:
    """List places by code, now or then."""
    with looking_at(at):
        return answer([place_json(each) for each in Place.objects.select_related("within").order_by("code")])


@routes.put("/places/{code}", right="trade.goods", also=("trade.view",), gives=PlaceShown, refuses=(404,))
def set_place(request: HttpRequest, code: Code, given: PlaceInput) -> HttpResponse:
    """Make a place, or change it. What is not named stays."""
    told = given.model_dump(exclude_unset=True)
    changeset = actions.set_place(code=code, by=actor_of(request), at=timezone.now(), **told)
    return answer(place_json(_known(Place, code=code.strip())), changeset=changeset)


@routes.delete("/places/{code}", right="trade.goods", gives={204: None}, refuses=(404,))
def remove_place(
    request: HttpRequest,
    code: Code,
    into: Annotated[str, Query(max_length=40, description="The place to which all that stands there goes.")] = "",
) -> HttpResponse:
    """Take a place off where nothing was bought, or give what stands there to another."""
    return nothing(changeset=actions.remove_place(code=code, into=into, by=actor_of(request), at=timezone.now()))


def _known(model: Any, **named: str) -> Any:
    return model.objects.get(**named)
