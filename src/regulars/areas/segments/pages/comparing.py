"""Two moments side by side: who came, went, changed, and what."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.areas.house.queries import house, moment_asked
from regulars.areas.journal.queries import Moment
from regulars.areas.journal.templatetags.deeds import lines_of
from regulars.areas.segments import queries
from regulars.areas.segments.language import parse, text_of
from regulars.areas.segments.language.tree import Listed
from regulars.areas.segments.language.tree import Segment as Named
from regulars.areas.segments.models import FixedList, Segment
from regulars.areas.segments.queries.apart import of_the_list
from regulars.areas.segments.queries.comparing import Comparison, One
from regulars.kernel import saying
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, show, takes_at

_A_PAGE = 50
_MOST = 12  # differences of one customer; whoever bought a hundred books differs in thousands of values
_KINDS = ("came", "went", "changed")


@require_safe
@takes_at
def compare(request: HttpRequest) -> HttpResponse:
    """Without moments: yesterday and now. Whom the list leaves out (the archived, prospects) is left out here, too."""
    asked, now = request.GET, timezone.now()
    today = house().day(now)
    times = {
        "at": asked.get("at") or (today - timedelta(days=1)).isoformat(),
        "and": asked.get("and") or today.isoformat(),
    }
    only = asked.get("only", "") if asked.get("only") in _KINDS else ""
    context: dict[str, Any] = {"criteria": asked.get("criteria", ""), "times": times, "only": only}
    context |= {"latest": today.isoformat(), "known": _known()}
    try:
        first, second = (_moment(times[name], name) for name in times)
        after = asked.get("after", "")
        found = queries.compare(
            of_the_list(asked, parse(asked.get("criteria", ""))),
            first,
            second,
            by=actor_of(request),
            after=int(after) if after.isdecimal() else 0,
            limit=_A_PAGE,
            only=only,
            most=_MOST + 1,
        )
    except Refused as refused:
        return show(request, "segments/compare.html", status=422, problem=str(refused), **context)
    return show(request, "segments/compare.html", **context, **_told(asked.dict(), times, found))


def _moment(text: str, where: str) -> Moment:
    moment = moment_asked(text, now=timezone.now())
    assert moment is not None, where
    return moment


def _known() -> list[str]:
    """Criteria to choose from: each segment, each list."""
    segments = Segment.objects.order_by("key").values_list("name", flat=True)
    lists = FixedList.objects.order_by("key").values_list("name", flat=True)
    return [text_of(Named(name)) for name in segments] + [text_of(Listed(name)) for name in lists]


def _told(asked: dict[str, str], times: dict[str, str], found: Comparison) -> dict[str, Any]:
    kept = {**asked, **times}

    def address(**changes: Any) -> str:
        return "?" + urlencode({name: value for name, value in (kept | changes).items() if value not in ("", None)})

    return {
        "first": found.first,
        "second": found.second,
        "counts": [(kind, saying.count(getattr(found, kind)), address(only=kind, after=None)) for kind in _KINDS],
        "everything": address(only=None, after=None),
        "many_first": saying.count(found.count_first),
        "many_second": saying.count(found.count_second),
        "list_first": urlencode({name: kept[name] for name in ("criteria", "at") if kept.get(name)}),
        "list_second": urlencode({"criteria": kept.get("criteria", ""), "at": times["and"]}),
        "rows": [_row(each, times) for each in found.page],
        "next": address(after=found.next) if found.next else "",
    }


def _row(each: One, times: dict[str, str]) -> dict[str, Any]:
    """One customer: who went is opened as of the first moment, the others as of the second."""
    at = times["at"] if each.how == "went" else times["and"]
    more = len(each.differences) > _MOST
    return {"one": each, "lines": lines_of(each.differences[:_MOST]), "more": more, "at": at}
