"""A list on its way in: handed over, understood, tried, brought in, taken back. One address shows where it stands."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.house.queries import today
from regulars.areas.intake import actions, forms, queries
from regulars.areas.intake.models import Intake
from regulars.areas.intake.pages.keeping import mappings
from regulars.areas.intake.pages.looking import (
    EXISTING,
    KNOWN_BY,
    alike_of,
    preview_of,
    said_left,
    stage_of,
    understood,
)
from regulars.areas.intake.pages.selling import EXISTING as OF_BUYERS
from regulars.areas.intake.pages.selling import done_of, read_of
from regulars.areas.intake.pages.shops import call, shops
from regulars.areas.intake.queries.files import inspected_of, is_of_purchases
from regulars.areas.journal.queries import taken_back
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show

_LONG = 10_000  # rows from which nobody waits until they are taken back
__all__ = ["back", "call", "columns", "forget", "go", "imports", "mappings", "one", "refused", "shops", "stop", "trial"]
_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The files handed over lately, and where to hand over another."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    refused = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            intake = actions.inspect(file=file, name=file.name, by=actor_of(request), at=timezone.now())
            return done(request, reverse("import", args=[intake.token]))
        except Refused as problem:
            refused = problem
    status = 422 if refused or form.errors else 200
    latest = queries.latest(actor_of(request))
    gone = taken_back([each.changeset for each in latest if each.changeset])
    lately = [(each, queries.error_of(each), _percent(each), each.changeset in gone) for each in latest]
    may_join = actor_of(request).may("house.settings")
    told = {"form": form, "refused": refused, "lately": lately, "may_join": may_join}
    return show(request, "intake/imports.html", part="upload", status=status, **told)


def _percent(intake: Intake) -> int | None:
    """How far a file is that is on its way."""
    on_its_way = intake.state in ("running", "stopped") and intake.rows
    return round(100 * queries.handled(intake) / intake.rows) if on_its_way else None


@require_safe
def one(request: HttpRequest, token: str) -> HttpResponse:
    """How one file stands. While it is coming in, the part of it asks again by itself."""
    return _show(request, queries.intake_for(actor_of(request), token))


def _show(
    request: HttpRequest, intake: Intake, *, refused: Refused | None = None, status: int = 200, stage: str = ""
) -> HttpResponse:
    stage = stage or stage_of(intake, request.GET.get("look", ""))
    context: dict[str, Any] = {"intake": intake, "stage": stage, "refused": refused, "error": queries.error_of(intake)}
    context["before"] = queries.brought_before(intake)
    if isinstance(refused, actions.Open):  # the question itself stands below
        context["refused"] = _("First answer the question below. Then go on.")
    if stage == "columns":
        context |= understood(intake, actor_of(request))
        try:
            context["preview"] = preview_of(intake, today(timezone.now()))
        except Refused as why:  # no column goes anywhere yet: that is said on this very page
            context["refused"] = context["refused"] or why
    else:
        context |= _counted(request, intake, stage)
    if not refused and request.GET.get("then") and stage in ("trial", "done"):
        context["moved_on"] = True
    return show(request, "intake/import.html", part="progress" if stage in ("trying", "running") else "all",
                status=status, **context)  # fmt: skip


def _counted(request: HttpRequest, intake: Intake, stage: str) -> dict[str, Any]:
    result = queries.result(intake)
    handled, now = queries.handled(intake), timezone.now()
    return {
        "result": result,
        "alike": alike_of(actor_of(request), queries.alike(intake, actor_of(request))),
        "inspected": inspected_of(intake),
        "refused_rows": result["rejected"][:_SHOWN],
        "blacked_rows": result["blacked"][:_SHOWN],
        "doubts": result["doubts"][:_SHOWN],
        "secret": intake.inspected.get("secret", False),
        "refused_count": len(result["rejected"]),
        "handled": handled,
        "percent": round(100 * handled / intake.rows) if intake.rows else 0,
        "time_left": said_left(queries.seconds_left(intake, now)),
        "silent": queries.is_silent(intake, now),
        "taken_back": queries.is_taken_back(intake),
        "policy": _policy(intake),
        "purchases": is_of_purchases(intake.options),
        "tally": done_of(result) if is_of_purchases(intake.options) else [],
        "in_it": read_of(result) if is_of_purchases(intake.options) else [],
        "nothing_new": not (result["created"] or result["updated"]),
        "known": [(str(KNOWN_BY[by]), count) for by, count in result["recognised"].items() if count],
    }


def _policy(intake: Intake) -> Any:
    """What happens to customers who are here already, in words."""
    known = dict(EXISTING) | (dict(OF_BUYERS) if is_of_purchases(intake.options) else {})
    return known[intake.options_or["existing"]]


@require_POST
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps what was corrected; with `then=try` the file is tried at once."""
    by, at = actor_of(request), timezone.now()
    intake = queries.intake_for(by, token)
    mapping = forms.mapping_in(request.POST, intake.mapping)
    options = forms.options_in(request.POST)
    if options.get("sheet") == intake.inspected["layout"].get("sheet"):
        options.pop("sheet")  # as found: nothing to be read otherwise
    answers = forms.answers_in(request.POST)
    reread = any(options.get(name, "") != intake.options_or.get(name, "") for name in forms.READ_AS if name in options)
    reread = reread or any("repair" in each for each in answers.values())
    reread = reread or options.get("as", intake.options_or["as"]) != intake.options_or["as"]
    if options.get("source"):
        mapping["source"] = options["source"]
    try:
        if taken := _taken_over(request, token):
            return taken
        given = None if reread else mapping
        intake = actions.correct(token=token, by=by, at=at, mapping=given, answers=answers, **options)
        if request.POST.get("keep_as", "").strip():
            actions.save_mapping(token=token, name=request.POST["keep_as"], by=by, at=at)
        if request.POST.get("then") == "try" and not reread:
            actions.dry_run(token=token, by=by, at=at)
    except Refused as refused:
        return _show(request, queries.intake_for(by, token), refused=refused, status=refused.status, stage="columns")
    look = "" if request.POST.get("then") == "try" and not reread else "?look=columns"
    return done(request, reverse("import", args=[token]) + look)


def _taken_over(request: HttpRequest, token: str) -> HttpResponse | None:
    """Takes a kept mapping, or that of the last such file, where one of those buttons was pressed."""
    by, at, then = actor_of(request), timezone.now(), request.POST.get("then")
    kept = request.POST.get("take") or (request.POST.get("use") if then == "use" else "")
    if then == "earlier":
        actions.use_earlier(token=token, by=by, at=at)
    elif kept:
        actions.use_mapping(token=token, name=kept, by=by, at=at)
    else:
        return None
    return done(request, reverse("import", args=[token]) + "?look=columns")


@require_POST
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """Tries the file; nothing is kept."""
    try:
        actions.dry_run(token=token, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        intake = queries.intake_for(actor_of(request), token)
        return _show(request, intake, refused=refused, status=refused.status, stage="columns")
    return done(request, reverse("import", args=[token]))


@require_POST
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Brings the file in. It goes on by itself, whether somebody watches or not."""
    seen = request.POST.get("seen", "")
    try:
        actions.start_import(token=token, by=actor_of(request), at=timezone.now(), seen=seen)
    except Refused as refused:
        intake = queries.intake_for(actor_of(request), token)
        return _show(request, intake, refused=refused, status=refused.status)
    return done(request, reverse("import", args=[token]))


@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stops it where it is; its page then asks whether the rest comes in or all goes back."""
    with suppress(Refused):  # it has come to its end meanwhile: its page says so
        actions.stop_import(token=token, by=actor_of(request), at=timezone.now())
    return done(request, reverse("import", args=[token]))


@require_POST
def back(request: HttpRequest, token: str) -> HttpResponse:
    """Takes back what has come in of a file that was stopped."""
    by = actor_of(request)
    try:
        if queries.handled(queries.intake_for(by, token)) > _LONG:
            number = actions.take_back_later(token=token, by=by, at=timezone.now())
            notice = _("It is being taken back. You may leave this page: it goes on by itself.")
            return done(request, reverse("journal_change", args=[number]), notice=notice)
        undone = actions.take_back(token=token, by=by, at=timezone.now())
    except Refused as refused:
        return _show(request, queries.intake_for(by, token), refused=refused, status=refused.status)
    notice = _("Taken back: the register is as it was before this file.")
    if undone.disputed:
        notice = _("Taken back. What was edited later was kept; the history of this deed says what.")
    return done(request, reverse("import", args=[token]), notice=notice, changeset=undone.changeset)


@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Puts a file away that was never brought in."""
    actions.forget_upload(token=token, by=actor_of(request))
    return done(request, reverse("imports"), notice=_("The file is put away. Nothing of it was kept."))


@require_safe
def refused(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """The refused rows whole, with every reason, to be mended and brought in again."""
    actor = actor_of(request)
    rows = queries.refused_csv(queries.intake_for(actor, token), actor)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{_('refused rows')}.csv") or "attachment"
    return response
