"""Files on a card, and the facts of the business's own."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.customers import actions, queries
from regulars.areas.customers.forms import FieldForm, FileForm
from regulars.areas.customers.models import CustomField
from regulars.areas.house.forms import looks_back
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import actor_of, done, show

# A file is never run: it is handed over, not opened in our name, and what opens it anyway may do nothing.
_SANDBOX = "default-src 'none'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, number: int) -> HttpResponse:
    """The files of a card, and putting one more on it."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            changeset = actions.add_file(
                number=number, name=given.name, content=given.read(), by=actor_of(request), at=timezone.now()
            )
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            notice = _("The file is on the card.") if changeset else _("This file is on the card already.")
            return done(request, f"/customers/{number}/#files", notice=notice, changeset=changeset)
    card = queries.card_json(actor_of(request), number)
    may_edit = actor_of(request).may("customers.edit")
    status = 422 if form.errors else 200
    given = request.FILES.get("file")
    context: dict[str, Any] = {
        "card": card,
        "form": form,
        "may_edit": may_edit,
        "refused_name": given.name if given else "",
    }
    return show(request, "customers/files-page.html", status=status, **context)


@require_safe
def file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Hands the file over: always as a download, in a sandbox of its own."""
    row, content = actions.open_file(number=number, key=key, by=actor_of(request))
    response = HttpResponse(content, content_type=row.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def remove_file(request: HttpRequest, number: int, key: str) -> HttpResponse:
    changeset = actions.remove_file(number=number, key=key, by=actor_of(request), at=timezone.now())
    return done(request, f"/customers/{number}/#files", notice=_("The file is off the card."), changeset=changeset)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_back
def fields(request: HttpRequest) -> HttpResponse:
    """The facts of the business's own, and defining one more."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.define_field(**form.values(), by=actor_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            notice = _("“%(label)s” can now be kept, asked for and listed.") % {"label": form.cleaned_data["label"]}
            return done(request, reverse("customers:fields"), notice=notice)
    known = CustomField.objects.order_by("label")
    told: dict[str, Any] = {"form": form, "known": known, "may_change": actor_of(request).may("house.settings")}
    return show(request, "customers/fields.html", status=422 if form.errors else 200, **told)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_back
def field(request: HttpRequest, name: str) -> HttpResponse:
    """One of them: its label, choices, purpose. Name and type stay."""
    row = CustomField.objects.filter(name=name).first()
    if row is None:
        raise NotFound(_("There is no field called %(name)s.") % {"name": name})
    form = FieldForm(request.POST or None, field=row)
    if request.method == "POST" and form.is_valid():
        try:
            changeset = actions.change_field(name=name, by=actor_of(request), at=timezone.now(), **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            return done(request, reverse("customers:fields"), notice=_("Saved."), changeset=changeset)
    may_change = actor_of(request).may("house.settings")
    for each in form.fields.values():
        each.disabled = not may_change
    told: dict[str, Any] = {"form": form, "field": row, "may_change": may_change}
    return show(request, "customers/field.html", status=422 if form.errors else 200, **told)
