"""Search as you type, cards to be checked, and what is proposed for a card, over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.customers.actions import accept_proposal, confirm_customer, decline_proposal
from regulars.areas.customers.queries import stale_cards
from regulars.areas.customers.queries.proposals import proposals_for
from regulars.areas.customers.queries.searching import search
from regulars.areas.house.queries import house, looking_at
from regulars.areas.journal.endpoints import At
from regulars.areas.segments.queries import segments_called
from regulars.kernel.api import Instant, Routes, Shape, answer, next_link, nothing, read_cursor, write_cursor
from regulars.kernel.http import actor_of
from regulars.kernel.tables import moment

routes = Routes("Search")
proposals = Routes("Customers")
Number = Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
Token = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="As the list of proposals shows it.")]


class HitShown(Shape):
    """One customer who was found. Contact facts that the token may not see are empty."""

    number: int
    name: str
    kind: Literal["person", "organisation"]
    email: str
    phone: str
    city: str
    state: Literal["active", "archived"]
    standings: list[str] = Field(description="As on the card: `archived`, `prospect`, `do_not_contact` …")


class SearchShown(Shape):
    """Who fits, the best first in each group."""

    text: str = Field(description="What was searched for, blanks made single.")
    people: list[HitShown]
    organisations: list[HitShown]
    segments: list[str] = Field(description="Names of saved segments that hold the text.")
    more: bool = Field(description="There are other customers who fit.")
    complete: bool = Field(description="False while some customers cannot be found yet: after an upgrade, a long list.")


@routes.get("/search", right="customers.view", gives=SearchShown)
def search_customers(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="A name in any order, an e-mail address or a phone number by any part, a number, a town.",
            example="berg anna",
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> HttpResponse:
    """Search as you type.

    Case, accents and spelling do not matter (`Soerensen` finds Sørensen); one typing error a word is forgiven.
    """
    by = actor_of(request)
    segments = segments_called(q, by=by, limit=limit)
    return answer({**search(by, q, limit=limit).as_json(), "segments": segments})


# --- still right? -----------------------------------------------------------------------------------------------------

still = Routes("Cards to check")


class StaleShown(Shape):
    """A card whose contact details nobody confirmed or changed for as long as the house says."""

    number: int
    confirmed: str | None = Field(description="The day of the last confirmation, ISO 8601.")
    updated_at: Instant


@still.get("/cards-to-check", right="customers.view", gives=list[StaleShown])
def list_stale(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    at: At = "",
) -> HttpResponse:
    """List cards to check, now or then.

    Whose phone, e-mail and address nobody confirmed or changed for the months that the settings name
    (`check_after_months`), those that something happened on last first. `Link: rel="next"` leads to the next page.
    """
    last: Any = tuple(read_cursor(after, str, int)) if after else None
    with looking_at(at) as then:
        told: dict[str, Any] = {"rules": house(), "at": then, "limit": limit + 1, "after": last}
        found = stale_cards(actor_of(request), **told)
    headers: dict[str, Any] = {}
    if len(found) > limit:
        end = found[limit - 1]
        headers["Link"] = f'<{next_link(request, write_cursor([moment(end.updated_at), end.number]))}>; rel="next"'
    shown = [
        {
            "number": each.number,
            "confirmed": each.confirmed.isoformat() if each.confirmed else None,
            "updated_at": moment(each.updated_at),
        }
        for each in found[:limit]
    ]
    return answer(shown, headers=headers)


@still.post(
    "/customers/{number}/confirm",
    right="customers.edit",
    also=("customers.view",),
    gives={204: None},
    refuses=(404, 410),
)
def confirm(
    request: HttpRequest, number: Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
) -> HttpResponse:
    """Say that the contact details are still right.

    The day of it is kept as `confirmed`. Saying it twice on one day changes nothing.
    """
    return nothing(changeset=confirm_customer(number=number, by=actor_of(request), at=timezone.now()))


class ProposalShown(Shape):
    """Something that an order says and the card does not."""

    token: str
    kind: Literal["email", "phone", "address"]
    text: str = Field(description="The value in one line.")
    value: dict[str, str] = Field(description="As an item of the card's JSON.")
    said: str = Field(description="Where it stood.")
    day: str


class ProposalAnswered(Shape):
    token: str
    changeset: int | None = Field(description="The deed, by which this can be taken back.")


@proposals.get("/customers/{number}/proposals", right="customers.view", gives=list[ProposalShown], refuses=(404, 410))
def list_proposals(request: HttpRequest, number: Number, at: At = "") -> HttpResponse:
    """List what is proposed for a card, now or then: an address, an e-mail address or a phone beside another."""
    names = ("token", "kind", "text", "value", "said", "day")
    with looking_at(at):
        found = proposals_for(actor_of(request), number)
    return answer([{name: getattr(each, name) for name in names} for each in found])


@proposals.post(
    "/customers/{number}/proposals/{token}/accept", right="customers.edit", gives=ProposalAnswered, refuses=(404, 410)
)
def accept_proposed(request: HttpRequest, number: Number, token: Token) -> HttpResponse:
    """Take what is proposed onto the card, beside what stands there."""
    changeset = accept_proposal(number=number, token=token, by=actor_of(request), at=timezone.now())
    return answer({"token": token, "changeset": changeset}, changeset=changeset)


@proposals.post(
    "/customers/{number}/proposals/{token}/decline", right="customers.edit", gives=ProposalAnswered, refuses=(404, 410)
)
def decline_proposed(request: HttpRequest, number: Number, token: Token) -> HttpResponse:
    """Leave the card as it is. The same value is not proposed again."""
    changeset = decline_proposal(number=number, token=token, by=actor_of(request), at=timezone.now())
    return answer({"token": token, "changeset": changeset}, changeset=changeset)
