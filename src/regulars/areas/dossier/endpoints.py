"""Search as you type, and what is proposed for a card, over HTTP."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.customers.actions import accept_proposal, decline_proposal
from regulars.areas.customers.queries.proposals import proposals_for
from regulars.areas.customers.queries.searching import search
from regulars.areas.segments.queries import segments_called
from regulars.kernel.api import Routes, Shape, answer
from regulars.kernel.http import actor_of

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
def list_proposals(request: HttpRequest, number: Number) -> HttpResponse:
    """List what is proposed for a card: an address, an e-mail address or a phone beside another."""
    names = ("token", "kind", "text", "value", "said", "day")
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
