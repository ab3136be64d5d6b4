"""“Is this the same person?”: asked before a card is made or changed, with what was typed kept as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from regulars.areas.customers.actions import whom_it_could_be
from regulars.areas.customers.queries import cards_json
from regulars.areas.customers.queries.searching import Hit
from regulars.areas.dossier.forms import CallerForm, NewForm
from regulars.kernel.http import actor_of, show
from regulars.kernel.resembling import Somebody

FOUND = 409  # answered with the question: somebody could be there already


@dataclass(frozen=True, slots=True)
class Alike:
    """Who could be meant: each as found by the search, with what speaks for it. `apart` are those of whom the one who
    asks has said that it is another person; `open` says that somebody is left."""

    people: tuple[tuple[Hit, Somebody], ...] = ()
    apart: tuple[int, ...] = ()

    @property
    def open(self) -> bool:
        return any(hit.number not in self.apart for hit, _somebody in self.people)


def asked(request: HttpRequest, card: Mapping[str, Any], *, number: int = 0) -> Alike:
    """Whom this card could be of, and of whom that was answered in the form (`apart`)."""
    actor = actor_of(request)
    found = whom_it_could_be(card=card, by=actor, at=timezone.now(), number=number)
    answered = {text for text in request.POST.getlist("apart") if text.isdecimal()}
    apart = tuple(each.number for each in found if str(each.number) in answered)
    shown = cards_json(actor, [each.number for each in found])
    return Alike(tuple((_hit(card), each) for card, each in zip(shown, found, strict=True)), apart)


def _hit(card: Mapping[str, Any]) -> Hit:
    email, phone = (next((each["value"] for each in card[group]), "") for group in ("emails", "phones"))
    city = next((each["city"] or "" for each in card["addresses"]), "")
    return Hit(card["number"], card["name"], card["kind"], email, phone, city, card["state"], tuple(card["standings"]))


@require_POST
def alike_new(request: HttpRequest) -> HttpResponse:
    """The question beside the form of a new card, as it is filled in."""
    form = NewForm(request.POST, kind=request.POST.get("kind") or "person", begin={})
    return _beside(request, form, form.card)


@require_POST
def alike_caller(request: HttpRequest) -> HttpResponse:
    """The same at the till."""
    form = CallerForm(request.POST)
    return _beside(request, form, form.card)


def _beside(request: HttpRequest, form: Any, card: Callable[[], Mapping[str, Any]]) -> HttpResponse:
    alike = asked(request, card()) if form.is_valid() else Alike()
    at_till = isinstance(form, CallerForm)
    return show(request, "dossier/alike.html", alike=alike, form=form, at_till=at_till)
