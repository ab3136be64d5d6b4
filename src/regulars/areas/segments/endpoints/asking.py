"""Which customers, over HTTP: lists by criteria, the words one can ask with, saved segments."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.access.actions import reads
from regulars.areas.customers.card import shapes
from regulars.areas.customers.queries import cards_json
from regulars.areas.house.queries import house, looking_at
from regulars.areas.journal.endpoints import At
from regulars.areas.journal.queries import changeset_of
from regulars.areas.segments import actions, queries
from regulars.areas.segments.language import Tree, from_json, parse, text_of, to_json
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.models import Segment
from regulars.kernel.api import Instant, Routes, Shape, answer, next_link, nothing
from regulars.kernel.http import actor_of

customers = Routes("Customers")
routes = Routes("Segments")
VIEW = ("customers.view",)
Criteria = Annotated[
    str,
    Query(
        max_length=10_000,
        description='In the criteria language, `city = "Berlin" and not tag "staff"`, or its tree as JSON. Empty: all.',
        example="gender = female and city = Berlin",
    ),
]
Name = Annotated[str, Path(max_length=100, description="The segment's name; case and accents do not matter.")]


class CustomerPage(Shape):
    """One page of a list."""

    count: int = Field(description="How many in all.")
    at: Instant = Field(description="The instant that relative days were counted from.")
    customers: list[shapes.card() | dict[str, Any]] = Field(  # type: ignore[valid-type]
        description="Whole customers, or the asked columns with `number`."
    )
    next: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class Asked(Shape):
    """What criteria mean, in every form they can have."""

    criteria: str = Field(description="The canonical text.")
    tree: dict[str, Any] = Field(description="The same as JSON.")
    sentence: str = Field(description="The same in words.")
    count: int


class WordShown(Shape):
    """One fact as a word of the language."""

    name: str
    label: str
    room: str
    group: str | None
    group_label: str
    type: str
    operators: list[str]
    choices: list[list[str]] = Field(description="Each word with its label.")
    parameters: list[list[Any]] = Field(description="Each parameter with its words.")
    example: str
    help: str
    many: bool = Field(description="Any of several values counts.")
    listed: bool = Field(description="May be a column.")
    protection: str


class SegmentShown(Shape):
    name: str
    criteria: str
    description: str
    saved_by: str
    saved_at: Instant
    sentence: str | None
    count: int | None = Field(description="How many are in it now, where it was asked for.")
    problem: str | None = Field(description="Why it can no longer be asked.")


class SegmentInput(Shape):
    """A criterion under a name; one already there by that name is replaced."""

    name: str = Field(min_length=1, max_length=100)
    criteria: Annotated[str, Field(max_length=10_000)] | dict[str, Any] = Field(
        description="Text of the language, or its tree.", examples=['city = "Berlin"']
    )
    description: str = Field("", max_length=500)


class SegmentPatch(Shape):
    name: str | None = Field(None, min_length=1, max_length=100)
    criteria: Annotated[str, Field(max_length=10_000)] | dict[str, Any] | None = None
    description: str | None = Field(None, max_length=500)


# --- lists ----------------------------------------------------------------------------------------------------------


@customers.get("/customers", right="customers.view", gives=CustomerPage)
def find_customers(
    request: HttpRequest,
    criteria: Criteria = "",
    columns: Annotated[
        str, Query(max_length=2000, description="Facts by name, with commas, instead of the whole card.")
    ] = "",
    order: Annotated[
        str, Query(max_length=100, description="A fact to sort by, `-` before it for the other way round.")
    ] = "",
    after: Annotated[str, Query(max_length=4000, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    at: At = "",
) -> HttpResponse:
    """Find customers.

    Archived ones too, where the criteria do not leave them out. A merged card is none; its number asks for the card
    that it leads to. With `at` as the register stood then: relative days count from that day, segments and lists are
    those of then; rights are today's.
    """
    with looking_at(at) as then:
        return _found(request, then, criteria, columns, order, after, limit)


def _found(
    request: HttpRequest, at: datetime, criteria: str, columns: str, order: str, after: str, limit: int
) -> HttpResponse:
    by = actor_of(request)
    names = [each.strip() for each in columns.split(",") if each.strip()]
    page = queries.page(
        tree_of(criteria),
        columns=names or ("number",),
        order=order,
        after=after or None,
        limit=limit,
        **asking(request, at),
    )
    if names != ["number"]:
        reads(by, timezone.now(), len(page.rows))
    rows = page.rows if names else cards_json(by, [row["number"] for row in page.rows])
    headers = {"Link": f'<{next_link(request, page.next)}>; rel="next"'} if page.next else {}
    return answer({"count": page.count, "at": at, "customers": rows, "next": page.next}, headers=headers)


@customers.get("/criteria", right="customers.view", gives=Asked)
def read_criteria(request: HttpRequest, criteria: Criteria = "", at: At = "") -> HttpResponse:
    """Read criteria, as of now or then.

    As text, as a tree, in words, and how many customers they find. What cannot be asked is refused with its place
    (`offset`, `length`) and the nearest names.
    """
    with looking_at(at) as then:
        tree, how = tree_of(criteria), asking(request, then)
        told = {"criteria": text_of(tree), "tree": to_json(tree)}
        return answer({**told, "sentence": queries.sentence(tree, **how), "count": queries.count(tree, **how)})


@customers.get("/vocabulary", right="customers.view", gives=list[WordShown])
def show_vocabulary(request: HttpRequest, at: At = "") -> HttpResponse:
    """List the words of the criteria language, now or then: every fact with its operators, choices and an example."""
    with looking_at(at):
        return answer([word.as_json() for word in queries.vocabulary(actor_of(request))])


def tree_of(criteria: str | dict[str, Any]) -> Tree:
    """The tree of criteria sent as text or as JSON. Raises CriteriaError."""
    if isinstance(criteria, dict):
        return from_json(criteria)
    if not criteria.lstrip().startswith("{"):
        return parse(criteria)
    try:
        return from_json(orjson.loads(criteria))
    except orjson.JSONDecodeError as problem:
        raise CriteriaError(str(problem)) from None


def asking(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """Who asks, on which house day."""
    rules = house()
    return {"by": actor_of(request), "today": rules.day(at), "zone": rules.zone}


# --- segments -------------------------------------------------------------------------------------------------------


@routes.get("/segments", right="customers.view", gives=list[SegmentShown])
def list_segments(
    request: HttpRequest,
    counted: Annotated[bool, Query(description="With how many are in each.")] = False,
    at: At = "",
) -> HttpResponse:
    """List the saved segments."""
    with looking_at(at) as then:
        saved = queries.saved_segments(counted=counted, **asking(request, then))
    return answer([each.as_json() for each in saved])


@routes.post("/segments", right="segments.edit", also=VIEW, gives={201: SegmentShown})
def save_segment(request: HttpRequest, segment: SegmentInput) -> HttpResponse:
    """Save criteria under a name.

    A segment is live: who is in it is worked out whenever it is asked.
    """
    at = timezone.now()
    told: dict[str, Any] = {"criteria": text_of(tree_of(segment.criteria)), "description": segment.description}
    row = actions.save_segment(name=segment.name, at=at, **told, **asking(request, at))
    return _segment(request, row, at, status=201)


@routes.get("/segments/{name}", right="customers.view", gives=SegmentShown, refuses=(404,))
def show_segment(request: HttpRequest, name: Name, at: At = "") -> HttpResponse:
    """Show a segment with its sentence and how many are in it, now or then."""
    with looking_at(at) as then:
        return answer(queries.show_segment(name, **asking(request, then)).as_json())


@routes.patch("/segments/{name}", right="segments.edit", also=VIEW, gives=SegmentShown, refuses=(404,))
def change_segment(request: HttpRequest, name: Name, wanted: SegmentPatch) -> HttpResponse:
    """Rename a segment, or change its criteria or description."""
    at = timezone.now()
    criteria = None if wanted.criteria is None else text_of(tree_of(wanted.criteria))
    told: dict[str, Any] = {"to": wanted.name, "criteria": criteria, "description": wanted.description}
    row = actions.change_segment(name=name, at=at, **told, **asking(request, at))
    return _segment(request, row, at)


@routes.delete("/segments/{name}", right="segments.edit", also=VIEW, gives={204: None}, refuses=(404,))
def remove_segment(request: HttpRequest, name: Name) -> HttpResponse:
    """Remove a segment.

    Refused while another segment asks for it. Undoing the deed brings it back.
    """
    return nothing(changeset=actions.remove_segment(name=name, by=actor_of(request), at=timezone.now()))


def _segment(request: HttpRequest, row: Segment, at: datetime, *, status: int = 200) -> HttpResponse:
    shown = queries.show_segment(row.name, **asking(request, at)).as_json()
    location = f"/api/v1/segments/{quote(row.name, safe='')}" if status == 201 else ""
    return answer(shown, status=status, changeset=changeset_of(row.link), location=location)
