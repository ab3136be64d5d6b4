"""Kept mappings on screen: listed, renamed, removed. They are kept and taken on the page of a file."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.intake import actions, queries
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_http_methods(["GET", "HEAD", "POST"])
def mappings(request: HttpRequest) -> HttpResponse:
    """All kept mappings; the form of each gives it another name or removes it."""
    by, refused = actor_of(request), None
    if request.method == "POST":
        try:
            return _changed(request)
        except Refused as problem:
            refused = problem
    kept = [(each, _columns(each.mapping)) for each in queries.mappings(by)]
    status = refused.status if refused else 200
    return show(request, "intake/mappings.html", part="all", status=status, mappings=kept, refused=refused)


def _changed(request: HttpRequest) -> HttpResponse:
    by, at, name = actor_of(request), timezone.now(), request.POST.get("name", "")
    if request.POST.get("remove"):
        changeset = actions.remove_mapping(name=name, by=by, at=at)
        notice = _("“%(name)s” is removed. What came in with it stays.") % {"name": name}
    else:
        to = request.POST.get("to", "")
        changeset = actions.rename_mapping(name=name, to=to, by=by, at=at)
        notice = _("“%(name)s” is called “%(to)s” now.") % {"name": name, "to": to}
    return done(request, reverse("import_mappings"), notice=notice, changeset=changeset)


def _columns(mapping: dict[str, list[dict[str, str]]]) -> str:
    return ", ".join(each["column"] for each in mapping["columns"] if each["to"] != "ignore")
