"""What is done to a card as a whole: put away, marked, deleted, looked into. One action each, each with its undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.customers import actions
from regulars.areas.customers.models import STANDINGS
from regulars.areas.dossier import queries
from regulars.areas.dossier.face.showing import MEANINGS
from regulars.areas.dossier.pages.cards import about, timeline
from regulars.kernel import registries, saying
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import actor_of, done, show


def _card(number: int) -> str:
    return reverse("dossier:card", args=[number])


@require_POST
def archive(request: HttpRequest, number: int) -> HttpResponse:
    changeset = actions.archive_customer(
        number=number, by=actor_of(request), at=timezone.now(), reason=request.POST.get("reason", "")
    )
    return done(
        request, _card(number), notice=_("Archived. The card leaves the list and stays findable."), changeset=changeset
    )


@require_POST
def unarchive(request: HttpRequest, number: int) -> HttpResponse:
    changeset = actions.unarchive_customer(number=number, by=actor_of(request), at=timezone.now())
    return done(request, _card(number), notice=_("Taken out of the archive."), changeset=changeset)


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Asks for the reason and marks the card; a second time takes the mark off."""
    label = str(dict(STANDINGS).get(kind, ""))
    if not label or kind == "archived":
        raise NotFound(_("There is no such mark."))
    look = queries.look(actor_of(request), number)
    if request.method != "POST":
        context: dict[str, Any] = {"kind": kind, "label": label, "on": kind in look.card["standings"]}
        context["meaning"] = MEANINGS.get(kind, "")
        return show(request, "dossier/standing.html", part="ask", **about(request, look), **context)
    by, at = actor_of(request), timezone.now()
    if request.POST.get("off") and kind == "prospect":
        changeset = actions.become_customer(number=number, by=by, at=at)
        return done(request, _card(number), notice=_("A customer from now on."), changeset=changeset)
    if request.POST.get("off"):
        changeset = actions.take_standing(number=number, kind=kind, by=by, at=at)
        return done(
            request, _card(number), notice=_("The mark “%(mark)s” is off.") % {"mark": label}, changeset=changeset
        )
    reason = request.POST.get("reason", "")
    changeset = actions.give_standing(number=number, kind=kind, by=by, at=at, reason=reason)
    return done(request, _card(number), notice=_("Marked: %(mark)s.") % {"mark": label}, changeset=changeset)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Asks once, then deletes; the notice offers to take it back."""
    look = queries.look(actor_of(request), number)
    refused = None
    if request.method == "POST":
        try:
            changeset = actions.delete_customer(number=number, by=actor_of(request), at=timezone.now())
        except Refused as why:
            refused = why
        else:
            notice = _("Card %(number)s is deleted.") % {"number": number}
            return done(request, reverse("customers"), notice=notice, changeset=changeset)
    status = refused.status if refused else 200
    return show(request, "dossier/delete.html", part="ask", status=status, **about(request, look), refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
def unmask(request: HttpRequest, number: int, fact: str, key: str = "") -> HttpResponse:
    """Asks why, then shows one masked value once. Who looked, when and why is in the journal first."""
    declared = registries.facts().get(fact)
    if declared is None or declared.protection == "open":
        raise NotFound(_("%(fact)s is not a masked fact.") % {"fact": fact})
    look = queries.look(actor_of(request), number)
    clear = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        clear = actions.unmask(
            number=number, fact=fact, key=key, by=actor_of(request), at=timezone.now(), reason=reason
        )
    context: dict[str, Any] = {
        "fact": declared,
        "key": key,
        "clear": clear if declared.type == "sealed" else saying.said(declared, clear),
        "asked": request.method == "POST",
    }
    if context["asked"]:
        context |= timeline(request, number)
    return show(request, "dossier/unmask.html", part="ask", **about(request, look), **context)
