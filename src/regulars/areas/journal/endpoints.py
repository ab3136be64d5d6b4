"""What was done, over HTTP: the house's deeds, one deed, taking one back, proving that nothing was falsified."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field

from regulars.areas.journal import actions, queries
from regulars.kernel.api import Instant, Moment, Routes, Shape, answer, next_link, read_cursor, write_cursor
from regulars.kernel.http import actor_of

routes = Routes("Journal")
Id = Annotated[int, Path(ge=1, le=2**53 - 1, description="The changeset's number.")]
At = Annotated[
    str,
    Query(
        max_length=40,
        description="As it stood then: a day (its end) or an instant, `2026-03-03`, `2026-03-03T14:00`; in the house's "
        "time zone where none is written. Empty: now.",
        examples=["2026-03-03"],
    ),
]
_MOST_FIELDS = 1000


class FieldChange(Shape):
    field: str = Field(description="The fact's name.")
    from_: Any = Field(alias="from")
    to: Any


class FieldOfCard(FieldChange):
    number: int | None


class Change(Shape):
    """One deed."""

    changeset: int
    at: Instant
    by: str
    through: str = Field(description="page, api, command, file or job.")
    verb: str
    sentence: str = Field(description="What was done, in the language asked for.")
    customers: int = Field(description="How many cards it concerned.")
    undone_by: int | None = Field(description="The deed that took it back.")


class ChangeWithFields(Change):
    fields: list[FieldChange]


class OneChange(Change):
    fields: list[FieldOfCard]
    undoes: int | None
    undoable: bool
    open: bool = Field(description="Whether it is still at work.")


class Kept(Shape):
    number: int | None
    field: str
    then: Any = Field(description="What the deed left.")
    now: Any = Field(description="What stands now.")
    by: str
    back: Any = Field(description="What would stand if the later edit were taken back as well.")
    changeset: int | None = Field(description="The deed that edited it.")


class Conflict(Shape):
    """Later edits that are decided together."""

    key: str = Field(description="Its name, for `decisions`.")
    kind: str = Field(description="value, row, card, rests, gone or twice.")
    number: int | None
    choice: str = Field(description="keep or overwrite: how it was decided, or would be.")
    open: bool = Field(description="Whether anything but keep is possible.")
    why: str
    edits: list[Kept]


class Moved(Shape):
    what: str = Field(description="purchases, lines, products, or entries: whatever else belongs to the house.")
    removed: int
    restored: int = Field(description="They come back, or become what they were.")


class Undone(Shape):
    changeset: int | None = Field(description="The deed that took it back; null in a dry run, or if nothing was left.")
    undoes: int
    restored: int
    removed: int
    rows: list[Moved] = Field(description="The rows that count for themselves, beside the cards.")
    forgotten: int = Field(description="Customers whom the deed touched and who were forgotten since: they stay so.")
    kept: list[Kept] = Field(description="Later edits that were kept.")
    disputed: int = Field(description="How many things were edited later, or rest on what goes.")
    conflicts: list[Conflict] = Field(description="The first 10,000 of them.")
    fields: list[FieldOfCard] = Field(description="In a dry run the first values that would differ.")
    seen: int = Field(description="How far the journal had come in a dry run, for `seen`.")


class HowToUndo(Shape):
    """What to do with later edits."""

    later: Literal["keep", "overwrite"] = Field("keep", description="The rule for all that is not decided.")
    decisions: dict[str, Literal["keep", "overwrite"]] = Field({}, description="One by one, by the conflicts’ keys.")
    seen: int | None = Field(None, description="From the dry run: what was edited after it is kept.")


class Undoable(Shape):
    changeset: int | None = Field(description="The deed's number; null where nothing was different.")


class Problem(Shape):
    kind: str = Field(
        description="edited, removed, inserted, reordered, truncated, rolled_back, row_differs, file_differs, page."
    )
    where: str
    changeset: int | None
    message: str


class Verdict(Shape):
    ok: bool
    changes: int = Field(description="How many payloads were read.")
    problems: list[Problem]


@routes.get("/changesets", right="journal.view", gives={200: list[Change]})
def list_changesets(
    request: HttpRequest,
    since: Annotated[Moment | None, Query(description="From this instant on.")] = None,
    until: Annotated[Moment | None, Query(description="Before this instant.")] = None,
    by: Annotated[str, Query(max_length=200, description="The name of who did it.")] = "",
    verb: Annotated[str, Query(max_length=80, description="A deed's name, or the room: `customers`.")] = "",
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> HttpResponse:
    """List what was done.

    Newest first. `Link: rel="next"` leads to the next page.
    """

    def page(before: int | None, many: int) -> list[queries.Deed]:
        return queries.changes(since=since, until=until, by=by, verb=verb, customer=customer, before=before, limit=many)

    return page_of_deeds(request, page, after, limit, with_fields=False)


@routes.get("/changesets/{changeset}", right="journal.view", gives=OneChange, refuses=(404,))
def show_changeset(
    request: HttpRequest,
    changeset: Id,
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1, description="Only what it did to this one.")] = None,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
) -> HttpResponse:
    """Show one deed with the values it changed, about 1,000 of them.

    `Link: rel="next"` leads to further values.
    """
    deed = queries.changeset(changeset)
    place = read_cursor(after, int, int) if after else (0, -1)
    fields, more = queries.difference_page(
        changeset, by=actor_of(request), after=(int(place[0]), int(place[1])), customer=customer, limit=_MOST_FIELDS
    )
    told = deed.as_json()
    told["fields"] = [{"number": each.number, **each.as_json()} for each in fields]
    headers = {"Link": f'<{next_link(request, write_cursor(list(more)))}>; rel="next"'} if more else {}
    return answer({**told, "undoes": deed.undoes, "undoable": deed.undoable, "open": deed.open}, headers=headers)


@routes.post("/changesets/{changeset}/undo", right="journal.undo", gives=Undone, refuses=(404, 409), long=True)
def undo_changeset(
    request: HttpRequest,
    changeset: Id,
    dry_run: Annotated[bool, Query(description="Only say what would happen.")] = False,
    show: Annotated[int, Query(ge=0, le=1000, description="With dry_run: how many values are told.")] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000, description="With dry_run: after how many others.")] = 0,
    body: HowToUndo | None = None,
) -> HttpResponse:
    """Take a deed back.

    Every value it wrote becomes what it was before, by a deed of its own. Where somebody edited later, that edit is
    kept and listed in `kept`, unless `later` or `decisions` say `overwrite`. A dry run lists them first, with a key
    each.
    """
    how = body or HowToUndo.model_validate({})
    undone = actions.undo(
        changeset=changeset, by=actor_of(request), at=timezone.now(), dry_run=dry_run, later=how.later,
        decisions=how.decisions, seen=how.seen, show=show if dry_run else 0, skip=skip,
    )  # fmt: skip
    return answer(undone.as_json(), changeset=undone.changeset)


@routes.get("/verify", right="journal.verify", gives=Verdict)
def verify_register(request: HttpRequest) -> HttpResponse:
    """Prove the register.

    Reads the whole chain, its signed heads, every row and every kept file, and names what is not as it was written.
    A register of a million customers takes about a minute.
    """
    return answer(queries.verify().as_json())


Page = Callable[[int | None, int], list[queries.Deed]]


def page_of_deeds(
    request: HttpRequest, page: Page, after: str, limit: int, *, with_fields: bool = True
) -> HttpResponse:
    """At most `limit` deeds, and the way to those before them."""
    (before,) = read_cursor(after, int) if after else (None,)
    deeds = page(before, limit + 1)
    told = [deed.as_json(with_fields=with_fields) for deed in deeds[:limit]]
    headers = {}
    if len(deeds) > limit:
        headers["Link"] = f'<{next_link(request, write_cursor([deeds[limit - 1].changeset]))}>; rel="next"'
    return answer(told, headers=headers)
