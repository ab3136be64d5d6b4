"""Subscriptions and pledges over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.house.queries import looking_at, today
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import actions, queries
from regulars.areas.trade.endpoints.shapes import Day, Figure, day_of, scaled
from regulars.kernel.actor import Actor
from regulars.kernel.api import Routes, Shape, answer, next_link
from regulars.kernel.http import actor_of

routes = Routes("Purchases")
Serial = Annotated[int, Path(ge=1, le=2**53 - 1, description="The agreement's `serial`.")]
Agreed = Literal["subscription", "pledge"]
Every = Literal["once", "month", "quarter", "year"]
Currency = Annotated[str, Field(max_length=10, description="Three letters; left out, the house's.")]


class AgreementShown(Shape):
    """A subscription or a pledge, with what is due of it today and what came; amounts as exact texts."""

    serial: int
    customer: int
    kind: Agreed
    product: str | None = Field(description="The number of the product that is subscribed to.")
    purpose: str
    amount: str = Field(description="Each time.")
    currency: str
    every: Every
    since: Day
    until: Day | None
    note: str
    why: str = Field(description="Why it ended.")
    due: str = Field(description="By now: the amount for each period that has begun.")
    given: str
    behind: str
    next: Day | None = Field(description="When something is due next.")
    does_not_count: list[str] = Field(description="What came for it in other currencies: `6 USD`.")


class AgreementInput(Shape):
    customer: int = Field(ge=1, le=2**53 - 1)
    kind: Agreed
    product: str = Field("", max_length=60, description="Of a subscription: a product's number.")
    purpose: str = Field("", max_length=300, description="Of a pledge what for, empty: anything. Of a subscription "
                                                         "what it is, where it is no product.")  # fmt: skip
    amount: Figure
    currency: Currency = ""
    every: Every = "month"
    since: Day | None = Field(None, description="Left out, today.")
    until: Day | None = None
    note: str = Field("", max_length=500)


class AgreementPatch(Shape):
    """What is to be put right; what is not named stays. `until` null: it goes on."""

    product: Annotated[str, Field(max_length=60)] | None = None
    purpose: Annotated[str, Field(max_length=300)] | None = None
    amount: Figure | None = None
    currency: Currency | None = None
    every: Every | None = None
    since: Day | None = None
    until: Day | None = None
    note: Annotated[str, Field(max_length=500)] | None = None


class AgreementEnd(Shape):
    until: Day = Field(description="Its last day: what begins after it is not due any more.")
    why: str = Field(min_length=1, max_length=200)


@routes.get("/agreements", right="trade.view", gives=list[AgreementShown])
def list_agreements(
    request: HttpRequest,
    kind: Annotated[Agreed | Literal[""], Query()] = "",
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    behind: Annotated[bool, Query(description="Those alone of which something due has not come.")] = False,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: At = "",
) -> HttpResponse:
    """List subscriptions and pledges, the newest first."""
    with looking_at(at) as then:
        found = queries.agreements(actor_of(request), kind=kind, customer=customer)
        rows, following = queries.agreement_page(found, day=today(then), behind=behind, after=after, limit=limit)
        headers = {"Link": f'<{next_link(request, following)}>; rel="next"'} if following else {}
        return answer([each.as_json() for each in rows], headers=headers)


@routes.get("/agreements/{serial}", right="trade.view", gives=AgreementShown, refuses=(404,))
def show_agreement(request: HttpRequest, serial: Serial, at: At = "") -> HttpResponse:
    """Show a subscription or a pledge, with what is due of it and what came."""
    return answer(_shown(actor_of(request), serial, at))


@routes.post("/agreements", right="trade.record", also=("trade.view",), gives={201: AgreementShown}, refuses=(404, 410))
def add_agreement(request: HttpRequest, given: AgreementInput) -> HttpResponse:
    """Take a subscription or a pledge down.

    What comes of it is found among the purchases of the customer: what was bought of the product, donations for the
    purpose.
    """
    by = actor_of(request)
    told: dict[str, Any] = _told(given.model_dump(exclude={"customer"}))
    new = actions.NewAgreement(**told)
    changeset, serial = actions.agree(customer=given.customer, told=new, by=by, at=timezone.now())
    location = f"/api/v1/agreements/{serial}"
    return answer(_shown(by, serial), status=201, changeset=changeset, location=location)


@routes.patch("/agreements/{serial}", right="trade.correct", also=("trade.view",), gives=AgreementShown, refuses=(404,))
def change_agreement(request: HttpRequest, serial: Serial, given: AgreementPatch) -> HttpResponse:
    """Put a subscription or a pledge right, from its first day on."""
    by, told = actor_of(request), given.model_dump(exclude_unset=True)
    told = {name: value for name, value in told.items() if value is not None or name == "until"}
    changeset = actions.change_agreement(serial=serial, changes=_told(told), by=by, at=timezone.now())
    return answer(_shown(by, serial), changeset=changeset)


@routes.post(
    "/agreements/{serial}/end", right="trade.record", also=("trade.view",), gives={200: AgreementShown}, refuses=(404,)
)
def end_agreement(request: HttpRequest, serial: Serial, given: AgreementEnd) -> HttpResponse:
    """End a subscription or a pledge. What was due by its last day and did not come stays behind."""
    by, until = actor_of(request), day_of(given.until, "until")
    changeset = actions.end_agreement(serial=serial, until=until, why=given.why, by=by, at=timezone.now())
    return answer(_shown(by, serial), changeset=changeset)


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """The values as the deeds take them. Raises Refused."""
    told = dict(given)
    if told.get("amount") is not None:
        told["amount"] = scaled(told["amount"], "amount")
    days: dict[str, date | None] = {
        name: day_of(told[name], name) if told[name] is not None else None
        for name in ("since", "until")
        if name in told
    }
    return told | days


def _shown(by: Actor, serial: int, at: str = "") -> dict[str, Any]:
    with looking_at(at) as then:
        (each,) = queries.agreed([queries.agreement_for(by, serial)], today(then))
        return each.as_json()
