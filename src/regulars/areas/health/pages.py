"""The page *Health*: what was found when everything was last looked at, and what can be mended from here."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.health import actions, queries
from regulars.kernel import jobs, metrics
from regulars.kernel.crypto import same
from regulars.kernel.errors import NotFound
from regulars.kernel.http import actor_of, done, show


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """What was found last. Before the first look of the background process everything is looked at here."""
    actor = actor_of(request)
    found = queries.last_look() or queries.look_now(timezone.now())
    return show(
        request,
        "health/health.html",
        found=found,
        given_up=jobs.given_up() if actor.may("house.settings") else [],
        may_say_printed=actor.may("access.users") and any(each.seen.answer == "unsaid" for each in found.findings),
    )


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to whoever brings `REGULARS_METRICS_TOKEN`; without that setting nothing is here."""
    wanted = metrics.token()
    if not wanted:
        raise NotFound(_("There is nothing at this address."))
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not same(given.strip().encode(), wanted.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    figures = queries.figures(timezone.now())
    return HttpResponse(metrics.page(figures), content_type=metrics.CONTENT_TYPE)


@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Looks at everything now, also at what would still hold."""
    actions.look_after(at=timezone.now(), anew=True)
    return done(request, reverse("health"), notice=_("Everything has been looked at anew."))


@require_POST
def sheet_printed(request: HttpRequest) -> HttpResponse:
    actions.say_sheet_is_printed(by=actor_of(request), at=timezone.now())
    actions.look_after(at=timezone.now(), anew=True)
    return done(request, reverse("health"), notice=_("Noted: the recovery sheet is printed and locked away."))


@require_POST
def job_again(request: HttpRequest, ticket: str) -> HttpResponse:
    actions.revive_job(ticket=ticket, by=actor_of(request))
    return done(request, reverse("health"), notice=_("It is done again."))


@require_POST
def job_let_go(request: HttpRequest, ticket: str) -> HttpResponse:
    actions.let_job_go(ticket=ticket, by=actor_of(request))
    return done(request, reverse("health"), notice=_("It is let go."))
