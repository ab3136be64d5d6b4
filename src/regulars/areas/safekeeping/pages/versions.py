"""The page Safekeeping: the versions, the second place, the drill."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.access.door.proof import proved
from regulars.areas.safekeeping import actions, queries
from regulars.areas.safekeeping.forms import ArrangementForm
from regulars.areas.safekeeping.keeping.arrangement import arrangement
from regulars.areas.safekeeping.queries import Version
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Which versions there are and whether they were proved; the second place; the last drill."""
    known = queries.versions()
    context: dict[str, Any] = {
        "standing": queries.standing(timezone.now()),
        "at_work": queries.at_work(),
        "days": _days(known),
        "elsewhere": arrangement().elsewhere,
        "budget": arrangement().budget,
        "used": sum(each.size for each in known),
        "carried": queries.last_carried(),
        "drills": queries.drills(),
        "drilling": queries.drilling(),
        "may_change_keys": actor_of(request).may("access.users"),
    }
    return show(request, "safekeeping/versions.html", part="state", **context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Has a version made in the background; whoever asks while it is at it sees that one."""
    actions.ask_for_version(by=actor_of(request))
    return done(request, reverse("safekeeping:versions"))


@require_POST
def prove(request: HttpRequest, name: str) -> HttpResponse:
    actions.ask_for_proof(name=name, by=actor_of(request))
    notice = _("The version is being proved again. Look again in a minute.")
    return done(request, reverse("safekeeping:versions"), notice=notice)


@require_POST
def drill(request: HttpRequest) -> HttpResponse:
    actions.ask_for_drill(by=actor_of(request))
    notice = _("The newest proved version is being brought back on trial. Look again in a minute.")
    return done(request, reverse("safekeeping:versions"), notice=notice)


@proved
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    """How much room versions may take, and the second place."""
    form = ArrangementForm(request.POST or None, standing=arrangement())
    if request.method == "POST" and form.is_valid():
        place = form.elsewhere()
        try:
            actions.arrange_house(
                budget=form.cleaned_data["budget"], elsewhere=place, nowhere=place is None, by=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused.where, refused.message)
        else:
            notice = _("It is kept so from now on. The next nightly version goes to the second place by itself.")
            return done(request, reverse("safekeeping:versions"), notice=notice if place else _("It is kept so."))
    return show(request, "safekeeping/arrange.html", status=422 if form.errors else 200, form=form)


def _days(known: Sequence[Version]) -> list[tuple[date, list[Version]]]:
    """The versions by the house's days, newest first."""

    def day(version: Version) -> date:
        return timezone.localtime(version.at).date()

    return [(each, list(group)) for each, group in groupby(known, key=day)]
