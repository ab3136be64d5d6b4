"""The saved segments: all of them, keeping a new one, another name, away with one."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import house
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import looking_back
from regulars.areas.segments import actions, queries
from regulars.areas.segments.actions.saving import Standing
from regulars.areas.segments.forms import RenameForm, SegmentForm
from regulars.areas.segments.queries.saved import segment_named
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show
from regulars.kernel.text import fold


def _now() -> dict[str, date | ZoneInfo]:
    """The house's day, also where one looks back."""
    rules, moment = house(), looking_back()
    return {"today": rules.day(moment.at if moment else timezone.now()), "zone": rules.zone}


@require_safe
@looks_back
def segments(request: HttpRequest) -> HttpResponse:
    return all_of_them(request)


def all_of_them(request: HttpRequest, status: int = 200, **typed: str) -> HttpResponse:
    """The segments and lists; with `problem` and `new_name` a new list that will not do."""
    actor = actor_of(request)
    saved = queries.saved_segments(by=actor, counted=True, **_now())  # type: ignore[arg-type]
    lists = queries.fixed_lists(actor)
    told: dict[str, Any] = {"saved": saved, "lists": lists, "may_save": actor.may("segments.edit")}
    return show(request, "segments/segments.html", status=status, **told, **typed)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the criterion of a list under a name."""
    begin = {name: request.GET[name] for name in ("criteria", "name") if name in request.GET}
    form, replaces = SegmentForm(request.POST or None, initial=begin), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        again = fold(request.POST.get("replaces")) == fold(given["name"])
        try:
            saved = actions.save_segment(**given, replaces=again, by=actor_of(request), at=timezone.now(), **_now())  # type: ignore[arg-type]
        except Standing as standing:
            replaces = given["name"]
            told = {"name": standing.more["name"], "criteria": standing.more["criteria"] or "*"}
            form.add_error("name", _("“%(name)s” is there already: %(criteria)s. Save once more to replace it.") % told)
        except Refused as refused:
            form.add_error("name" if refused.where == "name" else None, refused.message)
        else:
            changeset = Link.objects.filter(pk=saved.link).values_list("changeset_id", flat=True).first()
            to = f"{reverse('customers')}?{urlencode({'criteria': given['criteria']})}"
            return done(request, to, notice=_("Saved as “%(name)s”.") % {"name": saved.name}, changeset=changeset)
    status = 422 if form.errors else 200
    return show(request, "segments/save.html", part="ask", status=status, form=form, replaces=replaces)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("name", "")
    segment = queries.show_segment(name, by=actor_of(request), **_now())  # type: ignore[arg-type]
    form = RenameForm(request.POST or None, initial={"to": segment.name})
    if request.method == "POST" and form.is_valid():
        try:
            renamed = actions.rename_segment(
                name=name, to=form.cleaned_data["to"], by=actor_of(request), at=timezone.now()
            )
        except Refused as refused:
            form.add_error("to", refused.message)
        else:
            changeset = Link.objects.filter(pk=renamed.link).values_list("changeset_id", flat=True).first()
            return done(request, reverse("segments"), notice=_("Renamed."), changeset=changeset)
    return show(
        request, "segments/rename.html", part="ask", status=422 if form.errors else 200, form=form, segment=segment
    )


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    name = segment_named(request.GET.get("name", "")).name
    changeset = actions.remove_segment(name=name, by=actor_of(request), at=timezone.now())
    notice = _("The segment “%(name)s” is removed. No customer was changed.") % {"name": name}
    return done(request, reverse("segments"), notice=notice, changeset=changeset)
