"""How deliveries go, and what comes back as faulty."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.areas.house.forms import looks_back
from regulars.areas.trade import queries
from regulars.areas.trade.forms import WhichDeliveries
from regulars.areas.trade.pages.purchases import day_shown
from regulars.kernel.http import actor_of, show

_MOST = 100


@require_safe
@looks_back
def deliveries(request: HttpRequest) -> HttpResponse:
    """By product, type, place or channel, on some days: what is late, damaged, faulty; the worst first."""
    form, day = WhichDeliveries(request.GET), day_shown()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        asked = form.asked(day)
        form = WhichDeliveries(initial=asked)
        found = queries.deliveries(actor_of(request), **asked, today=day)
        context = {"form": form, "rows": found[:_MOST], "more": len(found) > _MOST, **asked}
    return show(request, "trade/deliveries.html", status=200 if "rows" in context else 422, **context)
