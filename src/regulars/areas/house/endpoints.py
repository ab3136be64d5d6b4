"""The settings of the house over HTTP. Their shape is made from their declarations."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field, create_model

from regulars.areas.house import actions, queries
from regulars.areas.house.models import SETTINGS, Declared
from regulars.areas.journal.endpoints import At
from regulars.kernel.api import Routes, Shape, answer
from regulars.kernel.http import actor_of

routes = Routes("House")


def _kind(declared: Declared) -> Any:
    text = Annotated[str, Field(max_length=254)]
    if declared.kind == "number":
        return Annotated[int, Field(ge=declared.least, le=declared.most)]
    if declared.kind == "yes":
        return bool
    if declared.kind == "hours":
        return Annotated[list[text], Field(min_length=7, max_length=7)]
    return Annotated[list[text], Field(min_length=1, max_length=40)] if declared.kind == "languages" else text


def _shape(name: str, *, sent: bool) -> Any:
    members: Any = {}
    for each in SETTINGS:
        about = f"{each.label}. {each.help}".strip()
        kind = _kind(each)
        members[each.name] = (kind | None, Field(None, description=about)) if sent else (kind, Field(description=about))
    return create_model(name, __base__=Shape, **members)


Settings = _shape("Settings", sent=False)
SettingsPatch: Any = _shape("SettingsPatch", sent=True)


@routes.get("/settings", right="customers.view", gives=Settings)
def show_settings(request: HttpRequest, at: At = "") -> HttpResponse:
    """Show the settings of the house, now or then."""
    with queries.looking_at(at):
        return answer(_standing())


@routes.patch("/settings", right="house.settings", gives=Settings)
def change_settings(request: HttpRequest, settings: SettingsPatch) -> HttpResponse:
    """Change settings of the house.

    Those you do not name stay. Reports of the past go on counting with the settings of their day.
    """
    told = {name: value for name, value in settings.model_dump(exclude_unset=True).items() if value is not None}
    changeset = actions.change_settings(by=actor_of(request), at=timezone.now(), values=told)
    return answer(_standing(), changeset=changeset)


def _standing() -> dict[str, Any]:
    standing = queries.house()
    return queries.as_kept({each.name: getattr(standing, each.name) for each in SETTINGS})
