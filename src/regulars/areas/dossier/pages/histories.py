"""What was done to one customer, newest first, each deed with the values it changed and the way back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.areas.dossier import queries
from regulars.areas.dossier.pages.cards import about
from regulars.areas.journal.queries import history_of
from regulars.kernel.http import actor_of, show

_A_PAGE = 30


@require_safe
def history(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    look = queries.look(actor, number)
    text = request.GET.get("before", "")
    before = int(text) if text.isdigit() else None
    deeds = history_of(look.number, by=actor, before=before, limit=_A_PAGE + 1)
    older = deeds[_A_PAGE - 1].changeset if len(deeds) > _A_PAGE else None
    return show(
        request,
        "dossier/history.html",
        part="timeline",
        tab="history",
        **about(request, look),
        deeds=deeds[:_A_PAGE],
        older=older,
    )
