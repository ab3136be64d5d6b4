"""A new card: a few fields, the others on demand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.models import LABELS
from regulars.areas.dossier.forms import NewForm
from regulars.areas.dossier.pages.alike import FOUND, Alike, asked
from regulars.areas.journal.queries import changes
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show

PAGE = "dossier/new.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?kind=organisation` begins with an organisation; facts in the query stand in their fields."""
    kind = request.POST.get("kind") or request.GET.get("kind") or "person"
    begin: dict[str, Any] = {name: value for name, value in request.GET.items() if name != "kind"}
    form = NewForm(request.POST or None, kind=kind, begin=begin)
    alike = Alike()
    if request.method == "POST" and form.is_valid():
        alike = asked(request, form.card())
        if alike.open:
            return show(request, PAGE, status=FOUND, form=form, kind=kind, labels=LABELS, alike=alike)
        told: dict[str, Any] = {"card": form.card(), "standings": form.standings(), "apart": alike.apart}
        try:
            number = add_customer(**told, by=actor_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            made = changes(customer=number, limit=1)[0].changeset
            notice = _("Card %(number)s is made.") % {"number": number}
            return done(request, reverse("dossier:card", args=[number]), notice=notice, changeset=made)
    return show(request, PAGE, status=422 if form.errors else 200, form=form, kind=kind, labels=LABELS, alike=alike)
