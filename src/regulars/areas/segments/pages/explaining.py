"""Why is she found, or not? And the fixed lists: made, changed, filled by number, removed."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.customers.queries import card_for
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import changeset_of, looking_back
from regulars.areas.segments import actions, queries
from regulars.areas.segments.pages.saving import all_of_them
from regulars.areas.segments.queries.lists import list_named
from regulars.areas.segments.queries.why import why
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_safe
@looks_back
def explain(request: HttpRequest) -> HttpResponse:
    """The criteria as a tree, each leaf with yes or no and her value; as of a moment, her value of then."""
    asked, rules, moment, by = request.GET, house(), looking_back(), actor_of(request)
    context: dict[str, Any] = {"criteria": asked.get("criteria", ""), "number": asked.get("number", "")}
    status = 200
    if context["number"]:
        how: dict[str, Any] = {
            "by": by,
            "today": rules.day(moment.at if moment else timezone.now()),
            "zone": rules.zone,
        }
        try:
            number = _numbers(context["number"])[0]
            context["who"] = card_for(by, number)
            context["reason"] = why(context["criteria"], number, **how)
        except Refused as refused:
            context["problem"], status = str(refused), refused.status
    return show(request, "segments/why.html", part="why", status=status, **context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    name, description = (request.POST.get(each, "") for each in ("name", "description"))
    try:
        made = actions.make_list(name=name, description=description, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        return all_of_them(request, status=refused.status, problem=refused.message, new_name=name)
    notice = _("The list “%(name)s” is made.") % {"name": made.name}
    return done(request, reverse("segments"), notice=notice, changeset=changeset_of(made.link))


@require_http_methods(["GET", "HEAD", "POST"])
def fixed_list(request: HttpRequest) -> HttpResponse:
    """A list's name and description, and customers put on it or taken off by their numbers."""
    by, at = actor_of(request), timezone.now()
    shown = queries.show_list(request.GET.get("name", ""), by=by)
    problem, given = "", request.POST
    stands = {"to": shown.name, "description": shown.description}
    opened = {each: given.get(f"initial-{each}", value) for each, value in stands.items()}
    typed = {"numbers": "", **stands} | given.dict()
    try:
        if request.method == "POST" and given.get("deed") in ("list", "unlist"):
            numbers = [card_for(by, number).number for number in _numbers(given.get("numbers", ""))]
            bulk = actions.act_on_many(deed=given["deed"], value=shown.name, numbers=numbers, by=by, at=at)
            here = f"{reverse('fixed_list')}?{urlencode({'name': shown.name})}"
            return done(request, here, notice=_("The list is changed."), changeset=bulk.changeset)
        if request.method == "POST":
            touched = {each: given[each] for each in stands if given.get(each, "") != given.get(f"initial-{each}")}
            changeset = actions.change_list(name=shown.name, by=by, at=at, **touched)
            return done(request, reverse("segments"), notice=_("The list is changed."), changeset=changeset)
    except Refused as refused:
        problem = str(refused)
    status = 422 if problem else 200
    told: dict[str, Any] = {"shown": shown, "problem": problem, "typed": typed, "opened": opened}
    return show(request, "segments/list.html", status=status, **told)


@require_POST
def remove_list(request: HttpRequest) -> HttpResponse:
    name = list_named(request.GET.get("name", "")).name
    changeset = actions.remove_list(name=name, by=actor_of(request), at=timezone.now())
    notice = _("The list “%(name)s” is removed. No customer was changed.") % {"name": name}
    return done(request, reverse("segments"), notice=notice, changeset=changeset)


def _numbers(text: str) -> list[int]:
    """The customers' numbers in a text: `10001, 10017`. Raises Refused for none."""
    found = [int(number) for number in re.findall(r"\d{1,15}", text)]
    if not found:
        raise Refused(_("Write the number of a customer."), where="number")
    return found
