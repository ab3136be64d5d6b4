"""What can be asked, and what can be shown: read from the declared facts, so that nothing is told twice."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.areas.segments.pages.lists import _columns
from regulars.areas.segments.queries import Word, listed_facts, vocabulary
from regulars.kernel import registries
from regulars.kernel.http import actor_of, show

EXAMPLES = (
    'city = "Berlin"',
    'postcode startswith "10" and gender = female',
    "birthday in next 7 days",
    'tag "vip" and not tag "staff"',
    'name ~ "jonson"',
    "created_at in this month",
    "email is empty and phone is not empty",
    'works_at.job_title contains "buyer"',
    "consent(email, offers)",
)


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Every fact that can be asked for, with its operators and an example."""
    sections: dict[str, list[Word]] = {}
    for word in vocabulary(actor_of(request)):
        sections.setdefault(section_of(word.room, word.group_label), []).append(word)
    return show(request, "segments/words.html", part="words", sections=sections.items(), examples=EXAMPLES)


def section_of(room: str, group: str) -> str:
    named = {"customers": _("The customer"), "consent": _("What is allowed"), "trade": _("Purchases")}
    return group or named[room]


@require_safe
def columns(request: HttpRequest) -> HttpResponse:
    """Every fact that can be a column, the chosen ones ticked."""
    facts = listed_facts(actor_of(request))
    chosen = _columns(request, facts)
    groups: dict[str, list[tuple[str, Any, bool]]] = {}
    for name, fact in facts.items():
        if name == "name":
            continue
        group = registries.groups().get(fact.group or "")
        section = section_of(fact.room, str(group.label) if group else "")
        groups.setdefault(section, []).append((name, fact.label, name in chosen))
    kept = {
        name: request.GET[name]
        for name in ("criteria", "order", "archived", "prospects", "at")
        if request.GET.get(name)
    }
    return show(request, "segments/columns.html", part="columns", groups=groups, chosen=chosen, kept=kept)
