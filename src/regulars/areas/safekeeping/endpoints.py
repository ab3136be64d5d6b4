"""The versions of the register over HTTP: which there are, and making one."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from regulars.areas.safekeeping import actions, queries
from regulars.kernel.api import Instant, Routes, Shape, answer
from regulars.kernel.http import actor_of

routes = Routes("Safekeeping")


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


def _told(version: queries.Version) -> dict[str, Any]:
    return {**version.as_json(), "file": version.file.name}
