"""Merging and un-merging over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.matching import actions
from regulars.areas.matching.queries.merges import merges
from regulars.kernel.api import Instant, Routes, Shape, answer
from regulars.kernel.http import actor_of

routes = Routes("Merges")
Side = Literal["keep", "absorb"]
_Number = Annotated[int, Field(ge=1, le=2**53 - 1)]
_Changeset = Annotated[int, Path(ge=1, le=2**53 - 1, description="The deed that merged the two cards.")]


class MergeInput(Shape):
    keep: _Number = Field(description="The number of the card that stays.")
    absorb: _Number = Field(description="The number of the card that is merged into it.")
    take: dict[Annotated[str, Field(max_length=80)], Side] = Field(
        {}, max_length=200, description="Whose value of a fact counts. Otherwise the fuller one, then the later one."
    )
    keep_version: _Number | None = Field(None, description="The card's version on which this was decided.")
    absorb_version: _Number | None = Field(None, description="The same of the card that is merged.")
    dry_run: bool = Field(False, description="Only say what would happen.")


class Chosen(Shape):
    """A fact in which the cards differed."""

    field: str
    label: str
    keep: Any = Field(description="The value of the card that stays; of a masked one only that there is one.")
    absorb: Any
    take: Side = Field(description="Whose value counts.")


class MergeDone(Shape):
    changeset: int | None = Field(description="The deed; none where it was only tried.")
    keep: int
    absorb: int
    moved: dict[str, int] = Field(description="How many rows went to the card that stays, by what they are.")
    chosen: list[Chosen]


class MergeShown(Shape):
    changeset: int
    keep: int
    absorb: int
    at: Instant
    by: str
    undone_by: int | None = Field(description="The deed that took it apart.")
    by_itself: bool = Field(description="The house did it without asking, as its settings allow.")


class MergeList(Shape):
    merges: list[MergeShown]
    next: int | None = Field(description="`before` for the next page; none at the end.")


class UnmergeInput(Shape):
    assign: dict[Annotated[str, Field(max_length=40)], Side] = Field(
        {}, max_length=1000, description="To which card something asked goes, by its key. Otherwise to the one kept."
    )
    dry_run: bool = Field(False, description="Only say what would be asked.")


class UnmergeValue(Shape):
    """One value of what is asked."""

    field: str
    label: str
    now: Any


class UnmergeAsked(Shape):
    """Something of which nobody can tell to which card it belongs."""

    key: str
    number: int = Field(description="The card that it stands on now.")
    field: str
    label: str
    now: Any
    values: list[UnmergeValue] = Field(
        description="All that it says, `field` and `now` first: a note’s kind, day, text."
    )
    choices: list[Side]
    assigned: Side


class UnmergeDone(Shape):
    changeset: int | None = Field(description="The deed; none where it was only tried.")
    asked: list[UnmergeAsked]


@routes.get("/merges", right="customers.view", gives=MergeList)
def list_merges(
    request: HttpRequest,
    before: Annotated[int | None, Query(ge=1, le=2**53 - 1, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> HttpResponse:
    """List which cards were merged, newest first."""
    found = merges(actor_of(request), before=before, limit=limit + 1)
    following = found[limit - 1].changeset if len(found) > limit else None
    return answer({"merges": [each.as_json() for each in found[:limit]], "next": following})


@routes.post(
    "/merges", right="customers.merge", also=("customers.view",), gives=MergeDone, refuses=(403, 404, 410, 412)
)
def merge(request: HttpRequest, said: MergeInput) -> HttpResponse:
    """Merge two cards of one person.

    The card `keep` gets everything that stood on both; the stricter consent counts. The number `absorb` answers with
    it from now on. It can be taken apart at any time later.
    """
    versions = {said.keep: said.keep_version, said.absorb: said.absorb_version}
    seen = {number: version for number, version in versions.items() if version is not None}
    told: dict[str, Any] = {"keep": said.keep, "absorb": said.absorb, "take": said.take, "dry_run": said.dry_run}
    done = actions.merge_customers(**told, seen=seen, by=actor_of(request), at=timezone.now())
    return answer(done.as_json(), changeset=done.changeset)


@routes.post(
    "/merges/{changeset}/unmerge",
    right="customers.merge",
    also=("customers.view",),
    gives=UnmergeDone,
    refuses=(403, 404, 409),
)
def unmerge(request: HttpRequest, changeset: _Changeset, said: UnmergeInput) -> HttpResponse:
    """Take a merge apart.

    Both cards are as they were; what was edited since is on the card it belongs to. What nobody can tell is `asked`.
    """
    told: dict[str, Any] = {"changeset": changeset, "assign": said.assign, "dry_run": said.dry_run}
    done = actions.unmerge(**told, by=actor_of(request), at=timezone.now())
    return answer(done.as_json(), changeset=done.changeset)
