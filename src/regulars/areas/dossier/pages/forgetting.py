"""Forgetting a customer: what goes, what stays and why is shown first; the number is typed; then it is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regulars.areas.access.actions import prove
from regulars.areas.access.door import sessions
from regulars.areas.customers import actions
from regulars.areas.customers.queries import names_of_customers
from regulars.areas.dossier import queries
from regulars.areas.dossier.forms import ReallyForget
from regulars.areas.dossier.pages.cards import about
from regulars.kernel.errors import Gone, NotFound, Refused
from regulars.kernel.http import actor_of, address_of, done, show
from regulars.kernel.registries import Text

_GROUPS: tuple[tuple[str, Text], ...] = (
    ("erase", gettext_lazy("What goes")),
    ("blank", gettext_lazy("What stays without what named this customer")),
    ("keep", gettext_lazy("What stays")),
)


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """Asks for the number and forgets; the card's address says so from then on. Also for a card that was deleted."""
    context = _who(request, number)
    number = int(context["number"])
    seat, at = request.seat, timezone.now()  # type: ignore[attr-defined]
    form = ReallyForget(request.POST or None, number=number, fresh=sessions.is_fresh(seat, at))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, context, form, status=200 if request.method != "POST" else 422)
    try:
        _prove(request, form.cleaned_data.get("your_password"))
    except Refused as refused:
        form.add_error("your_password", refused.message)
        return _ask(request, context, form, status=refused.status)
    try:
        actions.forget_customer(number=number, by=actor_of(request), at=at)
    except Refused as refused:
        return _ask(request, context, form, status=refused.status, refused=refused)
    return done(request, reverse("dossier:card", args=[number]), notice=_("Forgotten for good."))


def _prove(request: HttpRequest, password: str | None) -> None:
    """Checks the own password; None where it was given within the last minutes. Raises Refused."""
    if password is None:
        return
    seat, mark = request.seat, sessions.cookie_of(request, "known")  # type: ignore[attr-defined]
    prove(
        user=seat.user, session=seat, password=password, address=address_of(request), mark=mark, at=timezone.now(),
    )  # fmt: skip


def _who(request: HttpRequest, number: int) -> dict[str, Any]:
    """The card's head, where there is a card; a merged number is its keeper's."""
    try:
        return about(request, queries.look(actor_of(request), number))
    except Gone:
        raise
    except NotFound:
        return {"number": number, "look": None}


def _ask(
    request: HttpRequest, context: dict[str, Any], form: ReallyForget, *, status: int, refused: Refused | None = None
) -> HttpResponse:
    by, number = actor_of(request), int(context["number"])
    told = actions.Forgetting(number)
    try:
        told = actions.what_would_go(number=number, by=by)
    except (Gone, NotFound):
        raise
    except Refused as why:
        refused, status = why, why.status
    groups = [(title, [each for each in told.fates if each.then == then]) for then, title in _GROUPS]
    context |= {"groups": [each for each in groups if each[1]], "form": None if refused else form, "refused": refused}
    context["cards"] = sorted(names_of_customers(by, told.cards).items())
    return show(request, "dossier/forget.html", status=status, **context)
