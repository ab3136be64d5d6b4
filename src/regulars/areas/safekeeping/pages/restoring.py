"""A version put back from the screen."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.areas.journal.queries import changes, newest_deed
from regulars.areas.safekeeping import queries
from regulars.areas.safekeeping.actions import restoring
from regulars.kernel import takeover
from regulars.kernel.http import actor_of, done, show

_DEEDS = 100  # of those that would be lost, as many are listed


@require_safe
def restore(request: HttpRequest) -> HttpResponse:
    """The good copies by day, each with what would be lost."""
    return show(request, "safekeeping/restore.html", copies=restoring.copies(newest=newest_deed()))


@require_http_methods(["GET", "HEAD", "POST"])
def restore_copy(request: HttpRequest, name: str) -> HttpResponse:
    """One copy: what would be lost; putting it back, or agreeing to what another asked for."""
    version, by, now = queries.version_named(name), actor_of(request), timezone.now()
    if request.method == "POST" and "withdraw" in request.POST:
        restoring.withdraw_wish(version=name, by=by, at=now)
        return done(request, reverse("safekeeping:restore"), notice=_("Nothing was put back."))
    if request.method == "POST":
        answer = restoring.ask_for_restore(version=name, by=by, at=now)
        if answer is None:
            return done(
                request, request.path, notice=_("Asked. It is put back when another owner agrees on this page.")
            )
        return redirect(f"{reverse('safekeeping:going')}?{urlencode({'answer': answer, 'what': takeover.RESTORE})}")
    copy = next((each for each in restoring.copies(newest=newest_deed()) if each.name == name), None)
    lost = [each for each in changes(limit=_DEEDS) if copy is None or each.changeset > (copy.changeset or 0)]
    wish = restoring.wish_of(name, at=now)
    context: dict[str, Any] = {"version": version, "copy": copy, "deeds": lost, "wish": wish}
    context["now"] = restoring.customers_now()
    second = restoring.needs_another(by, wish)
    return show(request, "safekeeping/restore_copy_page.html", second=second, **context)
