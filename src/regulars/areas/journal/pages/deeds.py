"""What was done: the deeds of the house as asked for, one deed with what it changed, one customer step by step."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.areas.journal import queries
from regulars.areas.journal.forms import WhichDeeds, WhichPart
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.pages.undoing import may_take_back
from regulars.areas.journal.templatetags.deeds import THROUGH, lines_of
from regulars.kernel import registries
from regulars.kernel.http import actor_of, show

_A_PAGE = 50
_VALUES = 200


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The deeds of the house, newest first, as asked for."""
    form = WhichDeeds(request.GET, people=_people())
    unknown = sorted(set(request.GET) - {*form.fields, "day"})
    deeds: list[queries.Deed] = []
    if form.is_valid() and not unknown:
        deeds = queries.changes(**form.asked(), limit=_A_PAGE + 1)
    elif unknown:
        form.add_error(None, _("The journal cannot be asked for: %(names)s.") % {"names": ", ".join(unknown)})
    later = request.GET.copy()
    if len(deeds) > _A_PAGE:
        later["before"] = str(deeds[_A_PAGE - 1].changeset)
    known = registries.verbs()
    context: dict[str, Any] = {
        "deeds": deeds[:_A_PAGE],
        "earlier": later.urlencode() if len(deeds) > _A_PAGE else "",
        "narrowed": bool(set(request.GET) - {"before"}),
        "shortcuts": [(name, said, request.GET.get("verb") == name) for name, said in _often() if name in known],
        "may_prove": actor_of(request).may("journal.verify"),
    }
    if context["may_prove"]:
        context["proved"] = queries.last_proof()
    return show(request, "journal/changes.html", status=422 if form.errors else 200, form=form, **context)


def _often() -> list[tuple[str, str]]:
    """What is asked for most."""
    return [
        ("customers.unmasked", _("Who looked at hidden values")),
        ("intake.brought_in", _("Lists brought in")),
        ("customers.deleted", _("Cards deleted")),
        ("journal.undone", _("Taken back")),
    ]


def _people() -> list[str]:
    """Who did something lately, for the field that asks for a name."""
    names = Changeset.objects.order_by("-number").values_list("by_name", flat=True)[:500]
    return sorted(set(names))


@require_safe
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One deed: its sentence, who, when, through what, and the values it changed, page by page; with `customer` what it
    did to that one, and the way to the deeds before and after."""
    deed, by = queries.changeset(number), actor_of(request)
    asked = WhichPart(request.GET)
    values, more = queries.difference_page(number, by=by, after=asked.after(), customer=asked.customer(), limit=_VALUES)
    names = queries.cards_named((each.number for each in values), by)
    cards = [(card, lines_of(some)) for card, some in groupby(values, key=lambda each: each.number)]
    context: dict[str, Any] = {
        "deed": deed,
        "cards": [(card, names.get(card or 0, ""), lines) for card, lines in cards if lines],
        "more": "{}.{}".format(*more) if more else "",
        "paged": asked.after() > (0, -1),
        "through": THROUGH.get(deed.through, deed.through),
        "why_not": _why_not(deed),
        "may_undo": may_take_back(request, deed.changeset),
        "at_work": queries.taking_back(number),
        "cut_off": bool(deed.undone_by and queries.changeset(deed.undone_by).open),
    }
    if (customer := asked.customer()) is not None:
        earlier, later = queries.beside(number, customer)
        name = queries.cards_named([customer], by).get(customer, "")
        context |= {"customer": customer, "name": name, "earlier": earlier, "later": later}
    response = show(request, "journal/change.html", **context)
    if request.headers.get("HX-Target") == "taking-back" and not context["at_work"]:
        response["HX-Refresh"] = "true"  # it is over: the whole page says so
    return response


def _why_not(deed: queries.Deed) -> str:
    verb = registries.verbs().get(deed.verb)
    return str(verb.why_not) if verb and verb.undo == "never" else ""
