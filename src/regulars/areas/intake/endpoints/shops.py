"""Online shops over HTTP: listed, joined, parted from."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path
from pydantic import Field

from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Shop
from regulars.areas.intake.queries.shops import RIGHT
from regulars.kernel.api import Routes, Shape, answer, nothing
from regulars.kernel.http import actor_of

routes = Routes("Shops")


class ShopInput(Shape):
    name: str = Field(min_length=1, max_length=60, description="Its orders are kept under this name, as their source.")
    kind: Literal["shopify", "woocommerce"]
    place: str = Field("", max_length=40, description="The code of the place its sales are counted at.")
    secret: str = Field("", max_length=200, description="By which it signs; left out, one is made.")


class ShopShown(Shape):
    name: str
    kind: Literal["shopify", "woocommerce"]
    place: str
    address: str = Field(description="Where its webhooks go.")


class ShopMade(ShopShown):
    secret: str = Field(description="It is told this once.")


@routes.get("/shops", right=RIGHT, gives=list[ShopShown])
def list_shops(request: HttpRequest) -> HttpResponse:
    """List the shops that are joined."""
    return answer([_told(request, shop) for shop, _calls in queries.shops(actor_of(request))])


@routes.post("/shops", right=RIGHT, gives={201: ShopMade})
def add_shop(request: HttpRequest, given: ShopInput) -> HttpResponse:
    """Join a shop, which then tells of its orders by itself."""
    shop, secret = actions.add_shop(
        name=given.name, kind=given.kind, secret=given.secret, place=given.place, by=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return answer({**_told(request, shop), "secret": secret}, status=201)


@routes.delete("/shops/{name}", right=RIGHT, gives={204: None}, refuses=(404,))
def remove_shop(
    request: HttpRequest, name: Annotated[str, Path(max_length=60, description="What it is called here.")]
) -> HttpResponse:
    """Part from a shop. What it told of stays; its secret is gone for good."""
    return nothing(changeset=actions.remove_shop(name=name, by=actor_of(request), at=timezone.now()))


def _told(request: HttpRequest, shop: Shop) -> dict[str, str]:
    address = request.build_absolute_uri(reverse("shop_call", args=[shop.token]))
    return {"name": shop.name, "kind": shop.kind, "place": shop.place, "address": address}
