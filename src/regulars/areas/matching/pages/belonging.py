"""Who belongs together: people of one household, colleagues, people and where they work; said at one press."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.matching import actions, queries
from regulars.areas.matching.pages.queue import following_of
from regulars.areas.matching.queries.near import was_scanned
from regulars.kernel.http import actor_of, done, show

_SHOWN = 50


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Those who share something and are not one, those who share most first."""
    actor = actor_of(request)
    found = queries.near(actor, limit=_SHOWN + 1)
    return show(
        request,
        "matching/near.html",
        found=found[:_SHOWN],
        more=len(found) > _SHOWN,
        put_off=queries.how_many(actor, "later"),
        may_edit=actor.may(actions.RIGHT_TO_REJECT),
        scanned=was_scanned(),
    )


@require_POST
def belong(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """They live or work together, or the one works at the other: noted, and on to the next."""
    actor, at, onward = actor_of(request), timezone.now(), following_of(request, a, b)
    told = {"a": a, "b": b}
    if request.POST.get("kind") == "works_at":
        changeset = actions.belong(a=a, b=b, kind="works_at", by=actor, at=at)
        notice = _("Noted: %(a)s works at %(b)s.") % told
    elif request.POST.get("kind") == "colleagues":
        changeset = actions.belong(a=a, b=b, kind="colleagues", by=actor, at=at)
        notice = _("Noted: %(a)s and %(b)s work together.") % told
    else:
        changeset = actions.belong(a=a, b=b, kind="household", by=actor, at=at)
        notice = _("Noted: %(a)s and %(b)s are two people of one household.") % told
    return done(request, onward, notice=notice, changeset=changeset)


@require_POST
def apart_for_good(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """They have nothing to do with each other."""
    changeset = actions.leave_apart(a=a, b=b, by=actor_of(request), at=timezone.now())
    notice = _("Noted: %(a)s and %(b)s do not belong together.") % {"a": a, "b": b}
    return done(request, reverse("matching:near"), notice=notice, changeset=changeset)
