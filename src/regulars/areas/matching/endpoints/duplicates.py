"""Pairs that may be one person, over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from regulars.areas.customers.actions import whom_it_could_be
from regulars.areas.customers.card import shapes
from regulars.areas.matching import actions, queries
from regulars.kernel.api import AskedDay, Routes, Shape, answer, next_link, nothing, read_cursor, write_cursor
from regulars.kernel.http import actor_of

routes = Routes("Duplicates")
CardInput: Any = shapes.card_input()
Number = Annotated[int, Field(ge=1, le=2**53 - 1, description="A customer's number.")]


class PairReason(Shape):
    """What speaks for a pair, or against it."""

    code: str
    bits: float = Field(description="Its weight in bits; below 0 it speaks against.")
    text: str = Field(description="The same in words.")


class PairOut(Shape):
    """Two customers who may be one person, the lower number first."""

    a: int
    b: int
    score: float = Field(ge=0, le=1, description="The probability that they are.")
    verdict: Literal["same", "likely", "possible"]
    reasons: list[PairReason] = Field(description="The weightiest first.")


class LaterInput(Shape):
    """Two customers, in either order, and how long it may wait."""

    a: Number
    b: Number
    until: AskedDay | None = Field(None, strict=False, description="A day to come; 30 days where it is left out.")


class NearReason(Shape):
    code: Literal["address", "domain", "email", "organisation", "phone"]
    text: str


class NearOut(Shape):
    """Cards that belong together: people of one household, colleagues, or a person (`a`) and where she works (`b`)."""

    a: int
    b: int
    kind: Literal["household", "works_at", "colleagues"]
    reasons: list[NearReason] = Field(description="What they share.")


class BelongInput(Shape):
    """Two customers, in either order, and what they are to each other."""

    a: Number
    b: Number
    kind: Literal["household", "works_at", "colleagues", "nothing"]


class TwoInput(Shape):
    """Two customers, in either order."""

    a: Number
    b: Number


@routes.get("/duplicates", right="customers.view", gives=list[PairOut])
def list_duplicates(
    request: HttpRequest,
    min_score: Annotated[float, Query(ge=0, le=1, description="The least probability.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    state: Annotated[
        Literal["open", "later", "rejected"], Query(description="Nobody has answered; put off; not the same.")
    ] = "open",
) -> HttpResponse:
    """List pairs that may be one person.

    Those whom the last scan found and nobody has answered yet, the likeliest first. `Link: rel="next"` leads to the
    next page.
    """
    last: Any = tuple(read_cursor(after, float, int, int)) if after else None
    pairs = queries.open_pairs(actor_of(request), min_score=min_score, limit=limit + 1, after=last, state=state)
    headers: dict[str, Any] = {}
    if len(pairs) > limit:
        end = pairs[limit - 1]
        headers["Link"] = f'<{next_link(request, write_cursor([float(end.bits), end.a, end.b]))}>; rel="next"'
    return answer([pair.as_json() for pair in pairs[:limit]], headers=headers)


@routes.post("/duplicates/check", right="customers.view", gives=list[shapes.Alike])
def check_card(request: HttpRequest, card: CardInput) -> HttpResponse:
    """Ask whom a card could be of before it is added.

    Nothing is kept. The likeliest come first, five at most.
    """
    found = whom_it_could_be(card=shapes.as_sent(card), by=actor_of(request), at=timezone.now())
    return answer([each.as_json() for each in found])


@routes.post(
    "/duplicates/reject", right="customers.edit", also=("customers.view",), gives={204: None}, refuses=(404, 410)
)
def reject_duplicate(request: HttpRequest, two: TwoInput) -> HttpResponse:
    """Say that two customers are not the same person.

    The pair does not come back unless other reasons do. Undoing the deed brings it back.
    """
    return nothing(changeset=actions.reject(a=two.a, b=two.b, by=actor_of(request), at=timezone.now()))


@routes.post(
    "/duplicates/later", right="customers.edit", also=("customers.view",), gives={204: None}, refuses=(404, 410)
)
def put_off_duplicate(request: HttpRequest, said: LaterInput) -> HttpResponse:
    """Put a pair off.

    It is out of the queue until that day, or until something on either card changes. Undoing the deed brings it back.
    """
    by, at = actor_of(request), timezone.now()
    return nothing(changeset=actions.put_off(a=said.a, b=said.b, until=said.until, by=by, at=at))


@routes.get("/duplicates/near", right="customers.view", gives=list[NearOut])
def list_near(
    request: HttpRequest, limit: Annotated[int, Query(ge=1, le=500, description="How many.")] = 50
) -> HttpResponse:
    """List who belongs together without being one.

    People who share an address, a telephone or an e-mail address, and people and the organisation with which they share
    one or whose e-mail domain is theirs. Those who share most come first; what is known or answered is not listed.
    """
    return answer([each.as_json() for each in queries.near(actor_of(request), limit=limit)])


@routes.post(
    "/duplicates/belong", right="customers.edit", also=("customers.view",), gives={204: None}, refuses=(404, 410)
)
def say_belong(request: HttpRequest, said: BelongInput) -> HttpResponse:
    """Say that two customers live together, work together, that one works at the other, or none of these.

    Colleagues work at the organisation that their cards tell; where none is known they are related as colleagues. With
    it is noted that they are not the same. Undoing the deed takes all of it back.
    """
    by, at = actor_of(request), timezone.now()
    if said.kind == "nothing":
        return nothing(changeset=actions.leave_apart(a=said.a, b=said.b, by=by, at=at))
    return nothing(changeset=actions.belong(a=said.a, b=said.b, kind=said.kind, by=by, at=at))
