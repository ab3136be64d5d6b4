"""What purchases come to, over HTTP: a customer's standing; how deliveries go."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import Field

from regulars.areas.customers.queries import card_for
from regulars.areas.house.queries import house, looking_at, today
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import queries
from regulars.areas.trade.endpoints.shapes import Day
from regulars.kernel.api import AskedDay, Routes, Shape, answer
from regulars.kernel.http import actor_of
from regulars.kernel.money import plain

routes = Routes("Purchases")


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


@routes.get("/customers/{number}/standing", right="trade.view", also=("customers.view",), gives=StandingShown,
            refuses=(404, 410))  # fmt: skip
def show_standing(
    request: HttpRequest,
    number: Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")],
    at: At = "",
) -> HttpResponse:
    """Show what a customer's purchases come to."""
    with looking_at(at) as then:
        card, rules = card_for(actor_of(request), number), house()
        stands = queries.standing_of(card.number, rules.day(then), rules)
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


class DeliveriesShown(Shape):
    """How the deliveries of one product, type, place or channel went."""

    code: str = Field(description="A product's number, a type's name, a place's or channel's code.")
    name: str
    promised: int = Field(description="Deliveries promised for these days.")
    late: int = Field(description="Of these, those that came after the day.")
    missing: int = Field(description="Of these, those that have not come, though the day is over.")
    damaged: int
    days_late: float | None = Field(description="How late the late ones came, on average.")
    sold: str = Field(description="How much was sold on these days.")
    back: str = Field(description="How much came back on these days.")
    faulty: str = Field(description="How much of that as defective or damaged.")


@routes.get("/deliveries", right="trade.view", gives=list[DeliveriesShown])
def show_deliveries(
    request: HttpRequest,
    by: Annotated[Literal["product", "type", "place", "channel"], Query()] = "product",
    since: Annotated[AskedDay | None, Query(description="The first day; left out, 90 days in all.")] = None,
    until: Annotated[AskedDay | None, Query(description="The last day; left out, today.")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    at: At = "",
) -> HttpResponse:
    """Show how deliveries go, and what comes back as faulty, those most often late first."""
    with looking_at(at) as then:
        day = today(then)
        first, last = queries.days_of(since, until, day)
        found = queries.deliveries(actor_of(request), each=by, since=first, until=last, today=day)
        return answer([each.as_json() for each in found[:limit]])
