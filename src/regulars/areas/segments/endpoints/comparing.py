"""One criterion at two moments, over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from regulars.areas.house.queries import moment_asked
from regulars.areas.journal.endpoints import FieldChange
from regulars.areas.journal.queries import Moment
from regulars.areas.segments import queries
from regulars.areas.segments.endpoints.asking import Criteria, customers, tree_of
from regulars.kernel.api import Instant, Shape, answer
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of


class Counts(Shape):
    at: int = Field(description="How many at the one moment.")
    and_: int = Field(alias="and", description="How many at the other.")
    came: int
    went: int
    changed: int = Field(description="How many at both of whom anything differs.")


class Came(Shape):
    number: int
    name: str
    new: bool = Field(description="Whether there was no such card before; else it only meets the criteria since.")


class Went(Shape):
    number: int
    name: str = Field(description="As it was.")
    gone: bool = Field(description="Whether there is no such card any more; else it only meets the criteria no longer.")


class Changed(Shape):
    number: int
    name: str
    fields: list[FieldChange] = Field(description="What differs; masked values are masked.")


class ComparisonOut(Shape):
    """Who came, went, changed between two moments."""

    at: Instant
    and_: Instant = Field(alias="and")
    count: Counts
    came: list[Came]
    went: list[Went]
    changed: list[Changed]
    next: int | None = Field(description="Send it as `after` for those after; null at the end.")


@customers.get("/compare", right="customers.view", gives=ComparisonOut)
def compare_moments(
    request: HttpRequest,
    at: Annotated[
        str, Query(max_length=40, description="The one moment: a day (its end) or an instant.", examples=["2026-03-03"])
    ],
    other: Annotated[str, Query(max_length=40, alias="and", description="The other moment.", examples=["2026-04-03"])],
    criteria: Criteria = "",
    only: Annotated[Literal["", "came", "went", "changed"], Query(description="Those alone.")] = "",
    after: Annotated[int, Query(ge=0, le=2**53 - 1, description="`next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> HttpResponse:
    """Compare two moments.

    Who met the criteria at the one and not at the other, and what changed of those who did at both. Each moment reads
    the criteria as they would have been read then: relative days count from it, segments are those of then.
    """
    how: dict[str, Any] = {"by": actor_of(request), "after": after, "limit": limit, "only": only}
    found = queries.compare(tree_of(criteria), _moment(at, "at"), _moment(other, "and"), **how)
    return answer(found.as_json())


def _moment(text: str, where: str) -> Moment:
    try:
        moment = moment_asked(text, now=timezone.now())
    except Refused as refused:
        refused.where = where
        raise
    if moment is None:
        raise Refused(_("Say both moments, `at` and `and`."), where=where)
    return moment
