"""Search as you type, over HTTP."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from regulars.areas.customers.queries.searching import search
from regulars.areas.segments.queries import segments_called
from regulars.kernel.api import Routes, Shape, answer
from regulars.kernel.http import actor_of

routes = Routes("Search")


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
