"""Customers out of the house: first what will go, then, by a deed of its own, the file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.access.actions import reads
from regulars.areas.access.door.proof import is_proved, to_prove
from regulars.areas.house.forms import looking
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import drawn
from regulars.areas.segments import actions
from regulars.areas.segments.actions import agreeing
from regulars.areas.segments.actions.agreeing import export_wish, needs_another
from regulars.areas.segments.language import parse, text_of
from regulars.areas.segments.language.tree import Tree
from regulars.areas.segments.queries.apart import of_the_list
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import format_named, written
from regulars.areas.segments.queries.many import changed_meanwhile, fingerprint, whom
from regulars.kernel import saying
from regulars.kernel.http import actor_of, done, safe_next, show, takes_at

FORMATS = (
    ("xlsx", gettext_lazy("Excel (xlsx)")),
    ("csv", gettext_lazy("CSV, for any program")),
    ("vcf", gettext_lazy("vCard, for phones and address books")),
    ("json", gettext_lazy("JSON, for programs")),
)
_KEPT = ("criteria", "order", "archived", "prospects", "columns", "at")


@require_http_methods(["GET", "HEAD", "POST"])
@takes_at
def export(request: HttpRequest) -> HttpResponseBase:
    """Looking changes nothing; the form sends for the file, and the journal keeps who took it."""
    if request.method == "POST":
        return _sent(request)
    return _shown(request, request.GET)


def _shown(request: HttpRequest, asked: QueryDict, problem: str = "") -> HttpResponse:
    with looking(request, asked) as at:
        out = _asked(request, asked, at, columns=[])
        count, withheld = len(out.numbers), out.withheld
    by, now = actor_of(request), timezone.now()
    return show(
        request,
        "segments/export.html",
        part="export",
        status=409 if problem else 200,
        problem=problem,
        whom=fingerprint(out.numbers),
        second=needs_another(count, by=by, at=now),
        wish=export_wish(at=now),
        formats=FORMATS,
        count=count,
        many=saying.count(count),
        withheld=withheld,
        kept=[(name, value) for name in (*_KEPT, "n") for value in asked.getlist(name) if value],
    )


def _sent(request: HttpRequest) -> HttpResponseBase:
    given, now = request.POST, timezone.now()
    form = format_named(given.get("format", ""))
    columns = given.get("columns", "").split(",") if given.get("which") == "shown" and form.table else []
    with looking(request, given) as at:
        out = _asked(request, given, at, columns=[name for name in columns if name])
        same = given.get("whom", "") in ("", fingerprint(out.numbers))
        if same and len(out.numbers) > agreeing.UNASKED and not is_proved(request):
            return to_prove(request, f"{request.path}?{_again(given)}")
        parts = written(out, form)
        told: dict[str, Any] = {"count": len(out.numbers), "withheld": out.withheld, "format": form.ending}
    if not same:
        return _shown(request, given, changed_meanwhile())
    moment = request.moment  # type: ignore[attr-defined]
    then = moment.at if moment else None
    actions.record_export(asked=text_of(asked_tree(given)), by=actor_of(request), at=now, then=then, **told)
    reads(actor_of(request), now, len(out.numbers))
    name = f"{_('customers')}-{house().day(at).isoformat()}.{form.ending}"
    response = StreamingHttpResponse(drawn(moment, parts), content_type=form.kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def agree_to_export(request: HttpRequest) -> HttpResponse:
    """Asking another owner, agreeing, or not."""
    by, now, then = actor_of(request), timezone.now(), request.POST.get("then", "")
    back = safe_next(request, otherwise=reverse("customers_export"))
    if then == "ask":
        actions.ask_for_export(by=by, at=now)
        return done(request, back, notice=_("Asked. An owner agrees on the page Today."))
    if then == "agree":
        actions.agree_to_export(by=by, at=now)
        return done(request, back, notice=_("Agreed. The register may be exported once, within a day."))
    actions.refuse_export(by=by, at=now)
    return done(request, back, notice=_("Nothing is exported."))


def _again(given: QueryDict) -> str:
    """The address of the page as it was asked for."""
    asked = QueryDict(mutable=True)
    for name in (*_KEPT, "n"):
        asked.setlist(name, [value for value in given.getlist(name) if value])
    return asked.urlencode()


def _asked(request: HttpRequest, given: Mapping[str, str], at: datetime, *, columns: list[str]) -> Export:
    """Raises Refused for criteria, columns or an order that cannot be."""
    rules = house()
    return Export(
        asked_tree(given),
        by=actor_of(request),
        today=rules.day(at),
        zone=rules.zone,
        columns=columns,
        order=given.get("order", ""),
        everyone=given.get("everyone") == "yes",
    )


def asked_tree(given: Mapping[str, str]) -> Tree:
    """Whom the list shows, without those apart unless it was asked for them; or those ticked."""
    if isinstance(given, QueryDict) and given.getlist("n") and not given.get("all"):
        return whom(int(number) for number in given.getlist("n") if number.isascii() and number.isdigit())
    return of_the_list(given, parse(given.get("criteria", "")))
