"""The first page: in an empty house what to do first, afterwards today in a few figures and the latest deeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.areas.access.queries import users
from regulars.areas.customers.queries import visible
from regulars.areas.health.queries import last_look
from regulars.areas.house.queries import House
from regulars.areas.journal.queries import changes, last_proof
from regulars.areas.safekeeping.queries import standing
from regulars.areas.segments.actions.agreeing import Wish, export_wish
from regulars.areas.segments.queries import count
from regulars.areas.trade.queries import overdue
from regulars.kernel.actor import Actor
from regulars.kernel.http import actor_of, is_htmx, show
from regulars.kernel.registries import Text

_LATEST = 8
_LATELY = timedelta(minutes=15)  # everything is looked at once a minute


@dataclass(frozen=True, slots=True)
class Figure:
    """One question of the customers with its answer; it leads to the list of them."""

    label: Text
    count: int | None
    address: str


_HERE = "not archived and not prospect"  # as the list leaves them out
_ASKED: tuple[tuple[Text, str], ...] = (
    (_("Customers"), _HERE),
    (_("New in the last 7 days"), f"created_at in last 7 days and {_HERE}"),
    (_("Birthdays in the next 7 days"), f"birthday in next 7 days and not deceased and {_HERE}"),
    (_("Without phone and e-mail"), f"email is empty and phone is empty and {_HERE}"),
)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.may("customers.view"):
        return show(request, "start.html", empty=False, figures=[], deeds=[], **_may(request, actor))
    if actor.own is None and not visible(actor).exists():
        return show(request, "start.html", empty=True, alone=users().count() < 2, **_may(request, actor))
    counted = is_htmx(request)  # the page stands at once, the figures follow
    deeds = changes(limit=_LATEST) if actor.may("journal.view") and not counted else []
    figures = list(_figures(request, actor, counted))
    return show(
        request, "start.html", part="figures", empty=False, figures=figures, deeds=deeds, **_may(request, actor)
    )


def _figures(request: HttpRequest, actor: Actor, counted: bool) -> Iterator[Figure]:
    rules: House = request.house  # type: ignore[attr-defined]
    today = rules.day(timezone.now())
    for label, criteria in _ASKED:
        many = count(criteria, by=actor, today=today, zone=rules.zone, rules=rules) if counted else None
        asked = criteria.removesuffix(_HERE).removesuffix(" and ")
        address = reverse("customers") + (f"?{urlencode({'criteria': asked})}" if asked else "")
        yield Figure(label, many, address)


def _may(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    now = timezone.now()
    health = last_look() if actor.may("health.view") else None
    if health and now - health.at >= _LATELY:
        health = None  # the backroom does not look: what is known without it is asked here
    return {
        "may_edit": actor.may("customers.edit"),
        "imports": _address("imports") if actor.may("customers.import") else "",
        "people": _address("people") if actor.may("access.users") else "",
        "health": health,
        "proved": last_proof() if health is None and actor.may("journal.verify") else None,
        "kept": standing(now) if health is None and actor.may("safekeeping.backup") else None,
        "asked": _asked_of(actor, now),
        "overdue": overdue(actor, request.house.day(now)),  # type: ignore[attr-defined]
        "settings": _address("house") if actor.may("house.settings") else "",
    }


def _asked_of(actor: Actor, now: datetime) -> Wish | None:
    """The wish to export the whole register to which this owner may agree."""
    wish = export_wish(at=now) if actor.may("access.users") else None
    return wish if wish and not wish.agreed and wish.by != actor.account else None


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
