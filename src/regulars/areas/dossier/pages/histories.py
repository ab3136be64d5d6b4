"""One customer's timeline, newest first: each deed with the values it changed and the way back, all or one kind."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.areas.dossier import queries
from regulars.areas.dossier.pages.cards import LATEST, about, timeline
from regulars.areas.house.forms import looks_back
from regulars.areas.journal.queries import KINDS
from regulars.kernel.http import actor_of, number_in, show

_A_PAGE = 30


@require_safe
@looks_back
def history(request: HttpRequest, number: int) -> HttpResponse:
    """The page of its own; asked for by a script, the part that stands on the card."""
    look = queries.look(actor_of(request), number)
    kind, brief = request.GET.get("kind", ""), "brief" in request.GET
    shown = timeline(
        request,
        look.number,
        kind=kind if kind in KINDS else "",
        before=number_in(request.GET, "before"),
        limit=LATEST if brief else _A_PAGE,
    )
    context = {**about(request, look), **shown, "tab": "history", "brief": brief}
    return show(request, "dossier/history.html", part="timeline", **context)
