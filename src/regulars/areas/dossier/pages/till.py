"""Till and telephone: a number, a name or an e-mail, and the person with what matters now; who is not known yet gets a
card in three fields."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.access.actions import reads
from regulars.areas.customers.actions import add_customer
from regulars.areas.customers.queries.proposals import proposals_on
from regulars.areas.customers.queries.searching import search
from regulars.areas.dossier import queries
from regulars.areas.dossier.forms import CallerForm
from regulars.areas.dossier.pages import recent
from regulars.areas.dossier.pages.alike import FOUND, Alike, asked
from regulars.areas.dossier.pages.cards import about
from regulars.areas.journal.queries import changes
from regulars.areas.trade.queries import kept_for, lines_of, sold_to, there_is
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, number_in, show

PAGE, _SHOWN, _LATEST = "dossier/till.html", 8, 3


@require_safe
def till(request: HttpRequest) -> HttpResponse:
    """Who fits `q`: one alone, whoever has it as number, or the `customer` chosen is shown as she stands, several as a
    list; for nobody a card is offered."""
    actor, text = actor_of(request), request.GET.get("q", "")
    found = search(actor, text, limit=_SHOWN, recent=recent.opened(request))
    context: dict[str, Any] = {"found": found, "may_edit": actor.may("customers.edit")}
    context["may_sell"] = actor.may("trade.record")
    chosen = number_in(request.GET, "customer")
    if chosen is None:
        chosen = found.hits[0].number if len(found.hits) == 1 else found.numbered
    if chosen is not None:
        context["others"] = [hit for hit in found.hits if hit.number != chosen]
        look = queries.look(actor, chosen)
        reads(actor, timezone.now())
        told = about(request, look)
        told |= _bought(request, look.number, told["day"])
        answer = show(request, PAGE, part="found", **context | told)
        return recent.remember(request, answer, look.number)
    if found.text and not found.hits:
        context["form"] = CallerForm(initial=CallerForm.told_by(found.text))
    return show(request, PAGE, part="found", **context)


def _bought(request: HttpRequest, number: int, day: date) -> dict[str, Any]:
    """What she bought last and what is kept for her, for whoever may see that; and what orders say otherwise."""
    actor = actor_of(request)
    there = there_is(actor, number, day)
    told: dict[str, Any] = {"proposals": proposals_on(number), "kept": kept_for(actor, number, day, there)}
    if there.bought:
        for row in sold_to(actor, number, _LATEST):
            lines = lines_of(row)
            told.setdefault("bought", []).append((row, lines, any(line.left for line in lines)))
    return told


@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """Makes the card of whoever is not known yet and shows her at the till."""
    form, alike = CallerForm(request.POST), Alike()
    nobody = search(actor_of(request), "", limit=1)
    if form.is_valid():
        alike = asked(request, form.card())
        if alike.open:
            return show(request, PAGE, status=FOUND, found=nobody, form=form, alike=alike, may_edit=True)
        try:
            number = add_customer(card=form.card(), apart=alike.apart, by=actor_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            made = changes(customer=number, limit=1)[0].changeset
            notice = _("Card %(number)s is made.") % {"number": number}
            return done(request, f"{reverse('dossier:till')}?customer={number}", notice=notice, changeset=made)
    return show(request, PAGE, status=422, found=nobody, form=form, alike=alike, may_edit=True)
