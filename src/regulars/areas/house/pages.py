"""The page of the settings: how they stand, and changing them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.house import actions, queries
from regulars.areas.house.forms import SettingsForm, looks_back
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_http_methods(["GET", "HEAD", "POST"])
@looks_back
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, standing=queries.house())
    if request.method == "POST" and form.is_valid():
        try:
            changeset = actions.change_settings(by=actor_of(request), at=timezone.now(), values=form.values())
        except Refused as refused:
            form.refuse(refused.where, refused.message)
        else:
            notice = _("The settings of the house are changed.") if changeset else _("Nothing was different.")
            return done(request, reverse("house"), notice=notice, changeset=changeset)
    may_change = actor_of(request).may("house.settings")
    for field in form.fields.values():
        field.disabled = not may_change
    changes = queries.changes() if may_change else []
    told: dict[str, Any] = {"form": form, "may_change": may_change, "changes": changes}
    return show(request, "house/settings.html", status=422 if form.errors else 200, **told)
