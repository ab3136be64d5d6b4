"""Search as you type: the proposals under the search field, and the same as a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulars.areas.customers.queries.searching import search as customers_found
from regulars.areas.dossier.pages import recent
from regulars.areas.segments.queries import segments_called
from regulars.kernel.http import actor_of, is_htmx, show

_PROPOSED, _ON_PAGE, _SEGMENTS = 8, 50, 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Who fits `q`. Where that is one customer alone, Enter opens her card."""
    text = request.GET.get("q", "")
    last = recent.opened(request)
    found = customers_found(actor_of(request), text, limit=_PROPOSED if is_htmx(request) else _ON_PAGE, recent=last)
    segments = segments_called(text, by=actor_of(request), limit=_SEGMENTS)
    if len(found.hits) == 1 and not segments and not is_htmx(request):
        address = reverse("dossier:card", args=[found.hits[0].number])
        return HttpResponse(status=302, headers={"Location": address})
    groups = [group for group in (found.of("person"), found.of("organisation")) if group]
    groups.sort(key=lambda group: found.hits.index(group[0]))
    return show(request, "dossier/search.html", part="found", found=found, groups=groups, segments=segments)
