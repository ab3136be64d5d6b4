"""The versions of the register over HTTP: which there are, making one, putting one back, or one customer of it."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query
from pydantic import Field

from regulars.areas.safekeeping import actions, queries
from regulars.areas.safekeeping.actions import restoring
from regulars.kernel import takeover
from regulars.kernel.api import Instant, Routes, Shape, answer
from regulars.kernel.errors import NotFound
from regulars.kernel.http import actor_of

routes = Routes("Safekeeping")
Name = Annotated[str, Path(min_length=1, max_length=100, description="The version's name.")]


class Proof(Shape):
    """What a process of its own found when it opened the version."""

    at: Instant
    ok: bool
    kind: str = Field(description="How much it looked at: whole, new, pages or listed.")
    changes: int = Field(description="How many payloads of the journal were read.")
    seconds: float
    doubts: list[str] = Field(description="What is not as it was written in the register of which this is a true copy.")


class Head(Shape):
    link: int = Field(description="The last link of the journal's chain in it; 0 where nobody knows.")
    digest: str


class Version(Shape):
    """One copy of the whole register."""

    version: str = Field(description="Its name.")
    at: Instant
    why: str = Field(description="nightly, hourly, backup, upgrade, before-import, after-import, …")
    by: str
    bytes: int
    sha256: str
    checked: bool = Field(description="Whether it was proved and nothing was found wrong with it.")
    problems: list[str]
    file: str = Field(description="Its file, without the folder.")
    head: Head
    customers: int
    links: int
    library: str
    schema_: str = Field(alias="schema", description="Which migrations it has had, by their digest.")
    files: int = Field(description="How many sealed files beside it it names.")
    proof: Proof | None
    elsewhere: Instant | None = Field(description="When it was carried to the second place.")


@routes.get("/versions", right=queries.RIGHT, gives=list[Version])
def list_versions(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> HttpResponse:
    """List the versions of the register, newest first."""
    return answer([_told(version) for version in queries.versions()[:limit]])


@routes.post("/versions", right=queries.RIGHT, gives={201: Version})
def make_a_version(request: HttpRequest) -> HttpResponse:
    """Make a version now.

    It is proved within some minutes: its `proof` is null until then.
    """
    made = actions.make_version(at=timezone.now(), why="backup", by=actor_of(request))
    return answer(_told(made), status=201)


class RestoreAsked(Shape):
    """A version that is to be put back."""

    state: Literal["asked", "waiting"] = Field(
        description="asked: it begins now, and the register is closed meanwhile. waiting: another owner must agree "
        "first, by the same call or on screen, within a day."
    )
    answer: str | None = Field(description="Under which name `/restores/{answer}` tells how it went.")


class RestoreStands(Shape):
    """How a restore goes."""

    state: Literal["going", "done", "refused"]
    said: str | None = Field(description="Why it was refused; nothing was changed then.")


class WhatOfHer(Shape):
    """What of a customer is to be as it was in a version."""

    field: str = Field("", max_length=100, description="One fact, by its name; left out, all of her card.")
    dry_run: bool = Field(False, description="Only say what would be written.")


class CustomerBroughtBack(Shape):
    """What was written, or would be."""

    number: int
    version: str
    changeset: int | None = Field(description="Null in a dry run, and where nothing differs.")
    added: int
    changed: int
    removed: int
    left: list[str] = Field(description="What could not come back, and why.")


@routes.post("/versions/{version}/restore", right=queries.RIGHT, gives={202: RestoreAsked}, refuses=(404,))
def restore_version(request: HttpRequest, version: Name) -> HttpResponse:
    """Put a version back in the place of the register.

    What stands now becomes a version first. Where there are several owners, another one has to agree. Whoever was
    forgotten does not come back. The register is closed for some seconds: wait until `/healthz` answers again.
    """
    name = restoring.ask_for_restore(version=version, by=actor_of(request), at=timezone.now())
    return answer({"state": "asked" if name else "waiting", "answer": name}, status=202)


@routes.get("/restores/{name}", right=queries.RIGHT, gives=RestoreStands, refuses=(404,))
def show_restore(
    request: HttpRequest, name: Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="Its `answer`.")]
) -> HttpResponse:
    """Show how a restore goes. The token must be one that the version knows."""
    said = takeover.answer(name)
    if said is None:
        if not takeover.waiting():
            raise NotFound(_("Nobody asks for this version to be put back any more."), where="name")
        return answer({"state": "going", "said": None})
    return answer({"state": "refused" if "error" in said else "done", "said": said.get("error")})


@routes.post("/versions/{version}/customers/{number}/restore", right=queries.RIGHT,
             gives={200: CustomerBroughtBack}, refuses=(404, 410))  # fmt: skip
def restore_customer(
    request: HttpRequest,
    version: Name,
    number: Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")],
    given: WhatOfHer,
) -> HttpResponse:
    """Bring one customer, or one fact of hers, back as she was in a version.

    That is a deed like any other, and can be taken back.
    """
    done = restoring.restore_customer(
        choice=restoring.Choice(version), number=number, fact=given.field, by=actor_of(request), at=timezone.now(),
        dry_run=given.dry_run,
    )  # fmt: skip
    return answer(done.as_json(), changeset=done.changeset)


def _told(version: queries.Version) -> dict[str, Any]:
    return {**version.as_json(), "file": version.file.name}
