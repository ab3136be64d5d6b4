"""What a customer allows, over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path
from pydantic import Field

from regulars.areas.consent import actions, queries
from regulars.areas.house.queries import looking_at
from regulars.areas.journal.endpoints import At
from regulars.kernel.api import Routes, Shape, answer
from regulars.kernel.http import actor_of

routes = Routes("Consent")
Number = Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
Channel = Literal["email", "phone", "sms", "post"]
Purpose = Literal["offers", "surveys", "service"]


class ConsentShown(Shape):
    """One purpose over one channel: what the customer answered, and whether it is allowed to use it so now."""

    channel: Channel
    purpose: Purpose
    answer: Literal["none", "refused", "claimed", "given"]
    day: Annotated[str, Field(json_schema_extra={"format": "date"})] | None
    heard: str
    allowed: bool
    why: str = Field(description="The reason, in words.")


class ConsentInput(Shape):
    answer: Literal["refused", "given", "none"] = Field(description="`none` takes off an answer that was never given.")
    channels: list[Channel] = Field([], max_length=4, description="All where none is named.")
    purposes: list[Purpose] = Field([], max_length=3, description="All where none is named.")
    heard: str = Field("", max_length=200, description="How we know: on paper, at the counter. A yes needs it.")
    wording: str = Field("", max_length=2000, description="The text the customer agreed to.")


@routes.get("/customers/{number}/consent", right="customers.view", gives=list[ConsentShown], refuses=(404, 410))
def show_consent(request: HttpRequest, number: Number, at: At = "") -> HttpResponse:
    """Show what a customer allows.

    A claimed yes (found in a file) allows nothing; a no wins over everything.
    """
    with looking_at(at):
        return answer(_shown(request, number))


@routes.post(
    "/customers/{number}/consent",
    right="customers.edit",
    also=("customers.view",),
    gives=list[ConsentShown],
    refuses=(404, 410),
)
def note_consent(request: HttpRequest, number: Number, said: ConsentInput) -> HttpResponse:
    """Note what a customer said."""
    told: dict[str, Any] = {"number": number, "channels": said.channels, "purposes": said.purposes}
    by, at = actor_of(request), timezone.now()
    if said.answer == "none":
        changeset = actions.correct(**told, by=by, at=at)
    elif said.answer == "refused":
        changeset = actions.refuse(**told, by=by, at=at, heard=said.heard)
    else:
        changeset = actions.give(**told, by=by, at=at, heard=said.heard, wording=said.wording)
    return answer(_shown(request, number), changeset=changeset)


def _shown(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    return [
        {
            "channel": cell.channel,
            "purpose": cell.purpose,
            "answer": cell.word,
            "day": cell.answer.day.isoformat() if cell.answer else None,
            "heard": cell.answer.heard if cell.answer else "",
            "allowed": cell.verdict.allowed,
            "why": cell.verdict.why,
        }
        for line in queries.for_card(actor_of(request), number)
        for cell in line
    ]
