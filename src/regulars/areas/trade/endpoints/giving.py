"""What was given in a year, and the receipts for it, over HTTP."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.access.actions import reads
from regulars.areas.house.queries import looking_at
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import actions, queries
from regulars.areas.trade.endpoints.shapes import Day
from regulars.kernel.api import Routes, Shape, answer, next_link
from regulars.kernel.http import actor_of

routes = Routes("Purchases")
Number = Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
CalendarYear = Annotated[int, Path(ge=1900, le=9998, description="A year of the house's days.")]


class GiftShown(Shape):
    day: Day
    purpose: str
    amount: str
    currency: str
    worth: str = Field(description="In the house's currency.")


class ReceiptShown(Shape):
    serial: int
    at: str
    by: str
    amount: str
    currency: str
    changed_since: bool = Field(description="Whether the donations of the year differ by now.")


class YearShown(Shape):
    """What a customer gave in a year, and the receipt that was given out for it last."""

    customer: int
    name: str
    year: int
    amount: str
    currency: str
    donations: list[GiftShown]
    receipt: ReceiptShown | None


class GivenOut(Shape):
    changeset: int | None
    given_out: int


@routes.get("/donations/{year}", right="trade.view", also=("customers.view",), gives=list[YearShown])
def list_donations(
    request: HttpRequest,
    year: CalendarYear,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: At = "",
) -> HttpResponse:
    """List who gave in a year, the highest sum first."""
    by = actor_of(request)
    with looking_at(at):
        rows, following = queries.giver_page(by, year, after=after, limit=limit)
    reads(by, timezone.now(), len(rows))
    headers = {"Link": f'<{next_link(request, following)}>; rel="next"'} if following else {}
    return answer([each.as_json() for each in rows], headers=headers)


@routes.get("/customers/{number}/donations/{year}", right="trade.view", also=("customers.view",), gives=YearShown,
            refuses=(404, 410))  # fmt: skip
def show_donations(request: HttpRequest, number: Number, year: CalendarYear, at: At = "") -> HttpResponse:
    """Show what a customer gave in a year, and whether the receipt is given out."""
    with looking_at(at):
        return answer(queries.year_of(actor_of(request), number, year).as_json())


@routes.post("/customers/{number}/donations/{year}/receipt", right="trade.record",
             also=("trade.view", "customers.view"), gives={200: YearShown}, refuses=(404, 410))  # fmt: skip
def give_receipt(request: HttpRequest, number: Number, year: CalendarYear) -> HttpResponse:
    """Give out the receipt for what a customer gave in a year.

    Where the last one says the same, nothing changes.
    """
    by = actor_of(request)
    changeset = actions.give_receipt(customer=number, year=year, by=by, at=timezone.now())
    return answer(queries.year_of(by, number, year).as_json(), changeset=changeset)


@routes.post("/donations/{year}/receipts", right="trade.correct", also=("trade.view", "customers.view"),
             gives={200: GivenOut})  # fmt: skip
def give_receipts(request: HttpRequest, year: CalendarYear) -> HttpResponse:
    """Give out the receipts of all who gave in a year and have none that says it, as one deed."""
    changeset, count = actions.give_receipts(year=year, by=actor_of(request), at=timezone.now())
    return answer({"changeset": changeset, "given_out": count}, changeset=changeset)
