"""The list of purchases, and one of them with what can be done to it."""

from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.access.queries import names_with
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import today
from regulars.areas.journal.queries import looking_back
from regulars.areas.trade import actions, queries
from regulars.areas.trade.forms import Correction, VoidWhy, WhatGoesBack, WhichPurchases
from regulars.areas.trade.models import Line, Purchase
from regulars.kernel import saying
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show

A_PAGE = 50


@require_safe
@looks_back
def purchases(request: HttpRequest) -> HttpResponse:
    """The purchases as asked for, the newest first."""
    form, found, following = WhichPurchases(request.GET), list[Purchase](), ""
    if form.is_valid():
        asked = form.asked()
        late = day_shown() if asked.pop("late", False) else None
        rows = queries.purchases(actor_of(request), **asked, late_on=late)
        found, following = queries.page_of(rows, request.GET.get("after", ""), A_PAGE)
    later = request.GET.copy()
    later["after"] = following
    return show(
        request,
        "trade/purchases.html",
        status=422 if form.errors else 200,
        form=form,
        rows=_with_totals(found),
        deliveries=any(each.promised or each.sent or each.delivered for each in found),
        narrowed=bool(set(request.GET) - {"after", "at"}),
        earlier=later.urlencode() if following else "",
    )


def day_shown() -> date:
    """The house's day as of which the page stands."""
    then = looking_back()
    return today(then.at if then else timezone.now())


def _with_totals(found: list[Purchase]) -> list[dict[str, Any]]:
    """Each with what it comes to and how many lines it has: one question for all of them."""
    summed = Line.objects.filter(purchase__in=found).values_list("purchase").annotate(Sum("amount"), Count("pk"))
    sums = {pk: (total, count) for pk, total, count in summed}
    none, day = (0, 0), day_shown()
    return [
        {
            "purchase": each,
            "total": (sums.get(each.pk, none)[0], each.currency),
            "lines": sums.get(each.pk, none)[1],
            "late": each.late_on(day),
            "back": sums.get(each.pk, none)[0] < 0,
        }
        for each in found
    ]


@require_safe
@looks_back
def purchase(request: HttpRequest, serial: int) -> HttpResponse:
    """One purchase with its lines and what went back of them."""
    return _shown(request, serial)


def _shown(request: HttpRequest, serial: int, status: int = 200, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    row = queries.purchase_for(actor, serial)
    lines = queries.lines_of(row)
    present = looking_back() is None and not row.void
    back = forms.setdefault("back", WhatGoesBack(lines=lines))
    context: dict[str, Any] = {
        "purchase": row,
        "lines": lines,
        "late": row.late_on(day_shown()),
        "serial_apart": row.number != str(row.serial),
        "total": (queries.total_of(row, lines), row.currency),
        "returns": Line.objects.filter(returns__purchase=row).select_related("purchase").order_by("pk"),
        "may_return": present and actor.may("trade.record") and any(line.left > 0 for line in lines),
        "may_correct": present and actor.may("trade.correct"),
        "back_to": request.POST.get("back", request.GET.get("back", "")),
        "going": [(line, back.data.get(f"line-{line.ordinal}", "")) for line in lines if line.left > 0],
        "correction": Correction(initial=_initial(row)),
        "staff": names_with("trade.record") if present and actor.may("trade.correct") else (),
        "why": VoidWhy(),
    }
    return show(request, "trade/purchase.html", status=status, **context | forms)


def _initial(row: Purchase) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in Correction.base_fields if name not in ("customer", "place")}
    return {**told, "customer": row.customer_id, "place": row.place.code}


@require_POST
def take_back(request: HttpRequest, serial: int) -> HttpResponse:
    """Takes lines back: a document of its own, to which it goes on, or back to the till where it began there."""
    actor = actor_of(request)
    sold = queries.purchase_for(actor, serial)
    lines = queries.lines_of(sold)
    form = WhatGoesBack(request.POST, lines=lines)
    if form.is_valid():
        try:
            told = {"reason": form.cleaned_data["reason"], "remark": form.cleaned_data["remark"]}
            told["served_by"] = actor.name[:100]
            back = actions.return_lines(serial=serial, items=form.items(), by=actor, at=timezone.now(), **told)
            to = reverse("trade:purchase", args=(back.serial,))
            if request.POST.get("back") == "till" and sold.customer_id:
                to = f"{reverse('dossier:till')}?customer={sold.customer_id}"
            returned = queries.purchase_for(actor, back.serial)
            paid = saying.amount((-queries.total_of(returned, queries.lines_of(returned)), returned.currency))
            notice = _("Taken back. To be paid back: %(amount)s.") % {"amount": paid}
            return done(request, to, notice=notice, changeset=back.changeset)
        except Refused as refused:
            if refused.status != 422:
                raise
            form.add_error(None, refused.message)
    return _shown(request, serial, 422, back=form)


@require_http_methods(["POST"])
def correct(request: HttpRequest, serial: int) -> HttpResponse:
    """Puts right what was taken down wrongly."""
    form = Correction(request.POST)
    if form.is_valid():
        try:
            changeset = actions.correct_purchase(
                serial=serial, changes=form.touched(), by=actor_of(request), at=timezone.now()
            )
            notice = _("Corrected.") if changeset else _("Nothing differs.")
            return done(request, reverse("trade:purchase", args=(serial,)), notice=notice, changeset=changeset)
        except Refused as refused:
            where = "customer" if refused.status == 404 and not refused.where else refused.where
            if where not in form.fields:
                raise
            form.add_error(where, refused.message)
    return _shown(request, serial, 422, correction=form)


@require_POST
def void(request: HttpRequest, serial: int) -> HttpResponse:
    """Makes it void."""
    form = VoidWhy(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            changeset = actions.void_purchase(serial=serial, reason=reason, by=actor_of(request), at=timezone.now())
            to = reverse("trade:purchase", args=(serial,))
            return done(request, to, notice=_("The purchase is void."), changeset=changeset)
        except Refused as refused:
            if refused.status != 422:
                raise
            form.add_error(None, refused.message)
    return _shown(request, serial, 422, why=form)
