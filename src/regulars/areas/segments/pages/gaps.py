"""What is missing where it matters, for all customers or those of a segment."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import looking_back
from regulars.areas.segments.language import text_of
from regulars.areas.segments.language.tree import Every, Listed
from regulars.areas.segments.language.tree import Segment as Named
from regulars.areas.segments.models import FixedList, Segment
from regulars.areas.segments.queries.completeness import HEADINGS, Gap, completeness
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, show


@require_safe
@looks_back
def gaps(request: HttpRequest) -> HttpResponse:
    """A figure for each thing that may be missing; each opens the customers behind it."""
    rules, moment = house(), looking_back()
    among = request.GET.get("among", "")
    how: dict[str, Any] = {
        "by": actor_of(request),
        "today": rules.day(moment.at if moment else timezone.now()),
        "zone": rules.zone,
    }
    sections: dict[str, list[Gap]] = {}
    problem = ""
    try:
        for gap in completeness(among, **how):
            sections.setdefault(str(HEADINGS[gap.section]), []).append(gap)
    except Refused as refused:
        problem = str(refused)
    return show(
        request,
        "segments/gaps.html",
        part="gaps",
        status=422 if problem else 200,
        sections=sections.items(),
        among=among,
        groups=_groups(),
        problem=problem,
        nobody=not problem and not among and not any(gap.of for found in sections.values() for gap in found),
        may_import=how["by"].may("customers.import") and not moment,
    )


def _groups() -> list[tuple[str, str]]:
    """What one may choose from: everybody, each segment, each list."""
    segments = Segment.objects.order_by("key").values_list("name", flat=True)
    lists = FixedList.objects.order_by("key").values_list("name", flat=True)
    named = [(text_of(Named(name)), name) for name in segments] + [(text_of(Listed(name)), name) for name in lists]
    return [(text_of(Every()), ""), *named]
