"""Reservations over HTTP: taken down, changed, laid ready, fetched, dropped."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query
from pydantic import Field

from regulars.areas.house.queries import looking_at, today
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import actions, queries
from regulars.areas.trade.endpoints.shapes import Day, Figure, day_of, scaled
from regulars.kernel.api import Routes, Shape, answer, next_link
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of

routes = Routes("Purchases")
Which = Annotated[int, Path(ge=1, le=2**53 - 1, description="The reservation's `serial`.")]
State = Literal["waiting", "ready", "fetched", "dropped"]
_DAYS = ("wanted_by", "kept_until")


class ReservationShown(Shape):
    serial: int = Field(description="The order of asking.")
    customer: int
    day: str = Field(description="The house's day on which it was asked for.")
    product: str | None
    text: str
    quantity: str
    place: str | None = Field(description="Where it is to be fetched.")
    state: State
    place_in_line: int | None = Field(description="Of one that waits for a product: 1 is next.")
    wanted_by: str | None
    kept_until: str | None
    changed_on: str | None = Field(description="Since when it is in this state.")
    note: str


class ReservationInput(Shape):
    """What is to be kept for a customer: a product's number, or a text."""

    customer: int = Field(ge=1, le=2**53 - 1)
    product: str = Field("", max_length=60)
    text: str = Field("", max_length=300)
    quantity: Figure = 1
    place: str = Field("", max_length=40, description="The code of the place where it is to be fetched.")
    wanted_by: Day | None = None
    note: str = Field("", max_length=500)


class ReservationPatch(Shape):
    """What is to be put right; what is not named stays. A `state` that is named alone moves it on."""

    state: Literal["ready", "fetched", "dropped"] | None = None
    product: Annotated[str, Field(max_length=60)] | None = None
    text: Annotated[str, Field(max_length=300)] | None = None
    quantity: Figure | None = None
    place: Annotated[str, Field(max_length=40)] | None = None
    wanted_by: Day | None = None
    kept_until: Day | None = Field(None, description="Until when it is kept once it is ready.")
    note: Annotated[str, Field(max_length=500)] | None = None


class Arrival(Shape):
    """So many of a product came."""

    product: str = Field(min_length=1, max_length=60)
    quantity: Figure
    kept_until: Day | None = None


@routes.get("/reservations", right="trade.view", gives=list[ReservationShown])
def list_reservations(
    request: HttpRequest,
    state: Annotated[State | Literal["open", "all"], Query()] = "open",
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    product: Annotated[str, Query(max_length=60, description="The number of a product.")] = "",
    place: Annotated[str, Query(max_length=40)] = "",
    overdue: Annotated[bool, Query(description="Needed by a day that is over, or kept longer than was said.")] = False,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: At = "",
) -> HttpResponse:
    """List reservations in the order of asking."""
    with looking_at(at) as then:
        found = queries.reservations(
            actor_of(request), state=state, customer=customer, product=product, place=place,
            overdue_on=today(then) if overdue else None,
        )  # fmt: skip
        rows, following = queries.reservation_page(found, after, limit)
        lines = queries.places_in_line(rows)
        headers = {"Link": f'<{next_link(request, following)}>; rel="next"'} if following else {}
        return answer([queries.reservation_json(row, lines.get(row.serial)) for row in rows], headers=headers)


@routes.post(
    "/reservations", right="trade.record", also=("trade.view",), gives={201: ReservationShown}, refuses=(404, 410)
)
def add_reservation(request: HttpRequest, given: ReservationInput) -> HttpResponse:
    """Take a reservation down, behind all that stand."""
    wish = actions.Wish(
        given.customer, given.product.strip(), given.text, scaled(given.quantity, "quantity"), given.place,
        day_of(given.wanted_by, "wanted_by") if given.wanted_by else None, given.note,
    )  # fmt: skip
    changeset, serial = actions.reserve(wish=wish, by=actor_of(request), at=timezone.now())
    return answer(_told(request, serial), status=201, changeset=changeset, location=f"/api/v1/reservations/{serial}")


@routes.post(
    "/reservations/arrivals",
    right="trade.record",
    also=("trade.view",),
    gives=list[ReservationShown],
    refuses=(404,),
)
def goods_came(request: HttpRequest, given: Arrival) -> HttpResponse:
    """Say that goods came: whoever asked first gets hers, as long as they last. Answers those that are ready now."""
    by = actor_of(request)
    changeset, ready = actions.goods_came(
        product=given.product, quantity=scaled(given.quantity, "quantity"), by=by, at=timezone.now(),
        kept_until=day_of(given.kept_until, "kept_until") if given.kept_until else None,
    )  # fmt: skip
    return answer([_told(request, serial) for serial in ready], changeset=changeset)


@routes.get("/reservations/{serial}", right="trade.view", gives=ReservationShown, refuses=(404,))
def show_reservation(request: HttpRequest, serial: Which, at: At = "") -> HttpResponse:
    """Show a reservation, and its place in line."""
    with looking_at(at):
        return answer(_told(request, serial))


@routes.patch(
    "/reservations/{serial}", right="trade.record", also=("trade.view",), gives=ReservationShown, refuses=(404,)
)
def change_reservation(request: HttpRequest, serial: Which, given: ReservationPatch) -> HttpResponse:
    """Put a reservation right, or say that it is ready, fetched or not wanted any more. One that is over stays so."""
    told: dict[str, Any] = given.model_dump(exclude_unset=True)
    for name in _DAYS:
        if told.get(name) is not None:
            told[name] = day_of(told[name], name)
    told = {name: value for name, value in told.items() if value is not None or name in _DAYS}
    if "quantity" in told:
        told["quantity"] = scaled(told["quantity"], "quantity")
    by, at, state = actor_of(request), timezone.now(), told.pop("state", None)
    if state == "ready":
        kept_until = told.pop("kept_until", None)
        _refuse_others(told)
        changeset = actions.make_ready(serials=[serial], kept_until=kept_until, by=by, at=at)
    elif state is not None:
        _refuse_others(told)
        changeset = (actions.fetch if state == "fetched" else actions.drop)(serial=serial, by=by, at=at)
    else:
        changeset = actions.change_reservation(serial=serial, changes=told, by=by, at=at)
    return answer(_told(request, serial), changeset=changeset)


def _refuse_others(told: dict[str, Any]) -> None:
    if told:
        raise Refused(_("Move it on alone, and put it right in a call of its own."), where="state")


def _told(request: HttpRequest, serial: int) -> dict[str, Any]:
    row = queries.reservation_for(actor_of(request), serial)
    return queries.reservation_json(row, queries.places_in_line([row]).get(serial))
