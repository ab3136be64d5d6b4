"""“Still right?”: cards whose contact details nobody confirmed for long, and the one touch that says they are."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.access.actions import reads
from regulars.areas.customers.actions import confirm_customer
from regulars.areas.customers.queries import Stale, cards_json, stale_cards
from regulars.areas.dossier.face.showing import address_lines
from regulars.areas.dossier.pages.cards import rules_of
from regulars.areas.house.forms import looks_back
from regulars.areas.journal.queries import looking_back
from regulars.kernel import saying
from regulars.kernel.http import actor_of, done, show
from regulars.kernel.paging import read_cursor, write_cursor
from regulars.kernel.phones import international
from regulars.kernel.tables import moment

_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A card with what is to be checked, as it is read out."""

    number: int
    name: str
    details: tuple[str, ...]
    confirmed: str


@require_safe
@looks_back
def stale(request: HttpRequest) -> HttpResponse:
    """The cards to check, those that something happened on last first."""
    actor, now, asked = actor_of(request), timezone.now(), request.GET.get("after", "")
    rules = rules_of(request)
    after: Any = tuple(read_cursor(asked, str, int)) if asked else None
    past = looking_back()
    found = stale_cards(actor, rules=rules, at=past.at if past else now, limit=_A_PAGE + 1, after=after)
    shown = found[:_A_PAGE]
    cards = cards_json(actor, [each.number for each in shown])
    if cards:
        reads(actor, now, len(cards))
    return show(
        request,
        "dossier/stale.html",
        cards=[_to_check(each, card, rules.country) for each, card in zip(shown, cards, strict=True)],
        next=write_cursor([moment(shown[-1].updated_at), shown[-1].number]) if len(found) > _A_PAGE else "",
        months=rules.check_after_months,
        may_edit=actor.may("customers.edit"),
    )


def _to_check(each: Stale, card: Any, at_home: str) -> ToCheck:
    phones = [international(str(row["value"])) for row in card["phones"]]
    addresses = [", ".join(address_lines(row, at_home)) for row in card["addresses"]]
    details = (*phones, *(row["value"] for row in card["emails"]), *addresses)
    return ToCheck(each.number, card["name"], details, saying.day(each.confirmed) if each.confirmed else "")


@require_POST
def still_right(request: HttpRequest, number: int) -> HttpResponse:
    """They are: the day is kept, and one is where one was (`back`: the card, the till or the queue)."""
    changeset = confirm_customer(number=number, by=actor_of(request), at=timezone.now())
    places = {
        "till": f"{reverse('dossier:till')}?customer={number}",
        "queue": reverse("dossier:stale"),
    }
    to = places.get(request.POST.get("back", ""), reverse("dossier:card", args=[number]))
    return done(request, to, notice=_("Noted: still right as of today."), changeset=changeset)
