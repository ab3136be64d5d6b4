"""Fixed lists, one deed on many customers, and why one is found or not, over HTTP."""

from typing import Annotated, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path
from pydantic import Field

from regulars.areas.house.queries import looking_at
from regulars.areas.journal.endpoints import At
from regulars.areas.segments import actions, queries
from regulars.areas.segments.endpoints.asking import Criteria, asking, customers, tree_of
from regulars.areas.segments.language import Tree, text_of
from regulars.areas.segments.language.tree import both
from regulars.areas.segments.queries.completeness import completeness
from regulars.areas.segments.queries.many import KINDS, MOST_TICKED, already, show_bulk, whom
from regulars.kernel.api import Instant, Routes, Shape, answer, nothing
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of

lists = Routes("Lists")
many = Routes("Many at once")
VIEW = ("customers.view",)
Name = Annotated[str, Path(max_length=100, description="The list's name; case and accents do not matter.")]


class ListOut(Shape):
    """A fixed list. Who is on it: `GET /customers?criteria=in list "NAME"`."""

    name: str
    description: str
    made_by: str
    made_at: Instant
    count: int = Field(description="How many are on it.")


class ListInput(Shape):
    name: str = Field(min_length=1, max_length=100)
    description: str = Field("", max_length=500)


class ListPatch(Shape):
    name: str | None = Field(None, min_length=1, max_length=100)
    description: str | None = Field(None, max_length=500)


class BulkInput(Shape):
    """What is done, and to whom: `numbers` one by one, or `criteria`."""

    deed: str = Field(description=f"One of {', '.join(KINDS)}.", examples=["tag"])
    value: str = Field("", max_length=500, description="The tag, territory, representative, list or value.")
    field: str = Field("", max_length=100, description="With `fact`: the fact of the business's own.")
    numbers: list[int] | None = Field(None, max_length=MOST_TICKED)
    criteria: Annotated[str, Field(max_length=10_000)] | dict[str, Any] | None = Field(
        None, description="Text of the language, or its tree; archived ones too, where it does not leave them out."
    )
    dry_run: bool = Field(False, description="Only count.")


class BulkOut(Shape):
    """How far a deed on many has come. Above 150 customers it is done in the background."""

    token: str | None
    deed: str
    value: str
    field: str
    count: int = Field(description="Whom it is for.")
    already: int | None = Field(description="For how many it was so beforehand, where that can be counted.")
    done: int
    changed: int
    gone: int = Field(description="Who was to be found no longer when it was done: merged, forgotten, handed over.")
    state: str = Field(description="planned, running, done, failed or stopped.")
    changeset: int | None = Field(description="Undo this deed to take all of it back.")
    made_at: Instant | None
    finished_at: Instant | None
    problem: str


class ReasonOut(Shape):
    """One part of the criteria."""

    kind: str = Field(description="and, or, not, segment or leaf.")
    criteria: str
    said: str = Field(description="In words.")
    holds: bool
    value: str = Field(description="What the card says to it; masked facts are masked.")
    parts: list["ReasonOut"]


@lists.get("/lists", right="customers.view", gives=list[ListOut])
def list_lists(request: HttpRequest, at: At = "") -> HttpResponse:
    """List the fixed lists, with how many are on each, now or then."""
    with looking_at(at):
        return answer([each.as_json() for each in queries.fixed_lists(actor_of(request))])


@lists.post("/lists", right="segments.edit", also=VIEW, gives={201: ListOut})
def make_list(request: HttpRequest, wanted: ListInput) -> HttpResponse:
    """Make an empty list. Put customers on it with `POST /bulk-deeds`."""
    told = {"name": wanted.name, "description": wanted.description}
    row = actions.make_list(by=actor_of(request), at=timezone.now(), **told)
    where = f"/api/v1/lists/{quote(row.name, safe='')}"
    return answer(queries.show_list(row.name, by=actor_of(request)).as_json(), status=201, location=where)


@lists.get("/lists/{name}", right="customers.view", gives=ListOut, refuses=(404,))
def show_list(request: HttpRequest, name: Name, at: At = "") -> HttpResponse:
    """Show a list, now or then."""
    with looking_at(at):
        return answer(queries.show_list(name, by=actor_of(request)).as_json())


@lists.patch("/lists/{name}", right="segments.edit", also=VIEW, gives=ListOut, refuses=(404,))
def change_list(request: HttpRequest, name: Name, wanted: ListPatch) -> HttpResponse:
    """Rename a list or change its description."""
    told = {"to": wanted.name, "description": wanted.description}
    changeset = actions.change_list(name=name, by=actor_of(request), at=timezone.now(), **told)
    shown = queries.show_list(wanted.name or name, by=actor_of(request))
    return answer(shown.as_json(), changeset=changeset)


@lists.delete("/lists/{name}", right="segments.edit", also=VIEW, gives={204: None}, refuses=(404,))
def remove_list(request: HttpRequest, name: Name) -> HttpResponse:
    """Remove a list.

    Its customers stay as they are. Refused while a segment asks for it. Undoing the deed brings it back.
    """
    return nothing(changeset=actions.remove_list(name=name, by=actor_of(request), at=timezone.now()))


@many.post("/bulk-deeds", right="customers.view", gives={200: BulkOut, 201: BulkOut}, refuses=(404,), long=True)
def act_on_many(request: HttpRequest, wanted: BulkInput) -> HttpResponse:
    """Do one thing to many customers.

    One changeset, whatever its size. Each deed needs its own right: `customers.edit`, `customers.archive` for the
    archive, `segments.edit` for lists.
    """
    at = timezone.now()
    how = asking(request, at)
    tree = _whom(wanted)
    told: dict[str, Any] = {"deed": wanted.deed, "value": wanted.value, "field": wanted.field}
    _change, value = actions.prepare(**told, by=how["by"], at=at)
    there = already(wanted.deed, value)
    have = queries.count(both(tree, there), **how) if there is not None else None
    if wanted.dry_run:
        plan = {**told, "value": value, "count": queries.count(tree, **how), "already": have}
        rest = {
            "token": None,
            "done": 0,
            "changed": 0,
            "gone": 0,
            "changeset": None,
            "made_at": None,
            "finished_at": None,
        }
        return answer({**plan, **rest, "state": "planned", "problem": ""})
    numbers = queries.numbers(tree, order="number", **how)
    bulk = actions.act_on_many(**told, numbers=numbers, asked=text_of(tree), by=how["by"], at=at)
    shown = {**show_bulk(bulk.token).as_json(), "already": have}
    return answer(shown, status=201, changeset=bulk.changeset, location=f"/api/v1/bulk-deeds/{bulk.token}")


@many.get("/bulk-deeds/{token}", right="customers.view", gives=BulkOut, refuses=(404,))
def show_bulk_deed(request: HttpRequest, token: Annotated[str, Path(max_length=32)]) -> HttpResponse:
    """Show how far a deed on many has come."""
    return answer({**show_bulk(token).as_json(), "already": None})


@many.post("/bulk-deeds/{token}/stop", right="customers.view", gives=BulkOut, refuses=(404,))
def stop_bulk_deed(request: HttpRequest, token: Annotated[str, Path(max_length=32)]) -> HttpResponse:
    """Stop a deed on many where it stands.

    What was done by then stays, and can be undone. Each deed needs its own right.
    """
    actions.stop_many(token=token, by=actor_of(request), at=timezone.now())
    return answer({**show_bulk(token).as_json(), "already": None})


class GapOut(Shape):
    """One thing that is missing."""

    section: str
    missing: str = Field(description="In words.")
    count: int
    of: int = Field(description="How many it is asked of.")
    criteria: str = Field(description="Finds those who lack it.")
    percent: float


@customers.get("/completeness", right="customers.view", gives=list[GapOut])
def show_completeness(request: HttpRequest, criteria: Criteria = "", at: At = "") -> HttpResponse:
    """Say which facts are missing where it matters; the archived and prospects count only where they are asked for."""
    with looking_at(at) as then:
        gaps = completeness(text_of(tree_of(criteria)), **asking(request, then))
    return answer([gap.as_json() for gap in gaps])


@customers.get("/customers/{number}/why", right="customers.view", gives=ReasonOut, refuses=(404, 410))
def explain_customer(
    request: HttpRequest,
    number: Annotated[int, Path(ge=1, le=2**62)],
    criteria: Criteria = "",
    at: At = "",
) -> HttpResponse:
    """Say why a customer is found by criteria, or not.

    Each part of them with whether it holds, each leaf with what the card says to it.
    """
    with looking_at(at) as then:
        reason = queries.why(tree_of(criteria), number, **asking(request, then))
    return answer(reason.as_json())


def _whom(wanted: BulkInput) -> Tree:
    if (wanted.numbers is None) == (wanted.criteria is None):
        raise Refused(_("Say whom: numbers or criteria, one of the two."), where="body.numbers")
    return whom(wanted.numbers) if wanted.numbers is not None else tree_of(wanted.criteria or "")
