"""The health of the house over HTTP."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from regulars.areas.health import queries
from regulars.kernel.api import Instant, Routes, Shape, answer

routes = Routes("Health")
Level = Literal["good", "note", "watch", "bad"]


class Finding(Shape):
    """What one check found."""

    check: str = Field(description="Its name, `data.disk`.")
    group: str
    title: str
    level: Level = Field(description="good, note (to be read once), watch (will hurt), bad (hurts now).")
    answer: str = Field(description="Which of its answers it is; this word does not change with the language.")
    sentence: str
    todo: str = Field(description="What to do; empty where nothing is to be done.")
    at: Instant
    values: dict[str, Any] = Field(description="What stands in the sentence: bytes, seconds, instants, counts.")


class Health(Shape):
    """One look at everything."""

    ok: bool = Field(description="Whether nothing is bad.")
    level: Level = Field(description="The worst of all.")
    at: Instant
    checks: list[Finding]


@routes.get("/health", right="health.view", gives=Health)
def show_health(request: HttpRequest) -> HttpResponse:
    """Show the health of the house and its machine.

    What was found when the background process last looked, at most a minute or two ago. `/healthz` says without a
    token whether the register can be written.
    """
    found = queries.last_look() or queries.look_now(timezone.now())
    return answer(found.as_json())
