"""Subscriptions and pledges on screen: all of them, a new one, one of them with what can be done to it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.customers.queries import card_for
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import looking_back
from regulars.areas.trade import actions, queries
from regulars.areas.trade.forms import AgreementForm, EndForm, WhichAgreements
from regulars.areas.trade.pages.purchases import A_PAGE, day_shown
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, number_in, show


@require_safe
@looks_back
def agreements(request: HttpRequest) -> HttpResponse:
    """All as asked for, the newest first, with what is due and what is behind."""
    form, found, following = WhichAgreements(request.GET), list[queries.Agreed](), ""
    if form.is_valid():
        asked = form.cleaned_data
        rows = queries.agreements(actor_of(request), kind=asked["kind"], customer=asked["customer"])
        after = request.GET.get("after", "")
        found, following = queries.agreement_page(
            rows, day=day_shown(), behind=asked["behind"], after=after, limit=A_PAGE
        )
    later = request.GET.copy()
    later["after"] = following
    return show(
        request,
        "trade/agreements.html",
        status=422 if form.errors else 200,
        form=form,
        rows=found,
        narrowed=bool(set(request.GET) - {"after", "at"}),
        more=later.urlencode() if following else "",
        may_record=_may(request, "trade.record"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """The form for a new one; `customer` in the address says whose."""
    actor, rules, now = actor_of(request), house(), timezone.now()
    chosen = number_in(request.POST or request.GET, "customer")
    customer = card_for(actor, chosen) if chosen is not None else None
    start = {"customer": chosen, "since": rules.day(now), "kind": request.GET.get("kind", "")}
    form = AgreementForm(request.POST or None, currency=rules.currency, initial=start)
    if request.method == "POST" and form.is_valid():
        new = actions.NewAgreement(kind=form.cleaned_data["kind"], **form.values())
        number = form.cleaned_data["customer"]
        try:
            same = None if form.means_a_second else actions.agreed_already(customer=number, told=new, by=actor, at=now)
            if same is None:
                changeset, serial = actions.agree(customer=number, told=new, by=actor, at=now)
                to = reverse("trade:agreement", args=(serial,))
                return done(request, to, notice=_("Noted."), changeset=changeset)
            form.ask(_("Agreement %(serial)s says the same. Tick below if a second one is meant.") % {"serial": same})
        except Refused as refused:
            form.refuse(refused)
    return show(request, "trade/agree.html", status=422 if form.errors else 200, form=form, customer=customer)


@require_safe
@looks_back
def agreement(request: HttpRequest, serial: int) -> HttpResponse:
    """One, with what is due of it, what came and what is behind."""
    return _shown(request, serial)


def _shown(request: HttpRequest, serial: int, status: int = 200, **forms: Any) -> HttpResponse:
    row, day = queries.agreement_for(actor_of(request), serial), day_shown()
    (each,) = queries.agreed([row], day)
    context: dict[str, Any] = {
        "each": each,
        "may_correct": _may(request, "trade.correct"),
        "may_end": _may(request, "trade.record") and not each.over,
        "correction": AgreementForm(currency=house().currency, row=row),
        "ending": EndForm(initial={"until": row.until_day or day}),
        "came": _what_came(row),
    }
    return show(request, "trade/agreement.html", status=status, **context | forms)


def _what_came(row: Any) -> str:
    """The address of the purchases that it may be seen in."""
    asked = {"customer": row.customer_id} | ({"product": row.product.number} if row.product else {})
    return f"{reverse('trade:purchases')}?{urlencode(asked)}"


@require_POST
def agreement_change(request: HttpRequest, serial: int) -> HttpResponse:
    """Puts right what was taken down wrongly."""
    row = queries.agreement_for(actor_of(request), serial)
    form = AgreementForm(request.POST, currency=house().currency, row=row)
    if form.is_valid():
        try:
            changeset = actions.change_agreement(
                serial=serial, changes=form.values(), by=actor_of(request), at=timezone.now()
            )
            notice = _("Changed.") if changeset else _("Nothing differs.")
            return done(request, reverse("trade:agreement", args=(serial,)), notice=notice, changeset=changeset)
        except Refused as refused:
            form.refuse(refused)
    return _shown(request, serial, 422, correction=form)


@require_POST
def agreement_end(request: HttpRequest, serial: int) -> HttpResponse:
    """Ends it on a day, for a reason."""
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            changeset = actions.end_agreement(
                serial=serial, **form.cleaned_data, by=actor_of(request), at=timezone.now()
            )
            notice = _("It ends.") if changeset else _("Nothing differs.")
            return done(request, reverse("trade:agreement", args=(serial,)), notice=notice, changeset=changeset)
        except Refused as refused:
            if refused.where not in form.fields:
                raise
            form.add_error(refused.where, refused.message)
    return _shown(request, serial, 422, ending=form)


def _may(request: HttpRequest, right: str) -> bool:
    return looking_back() is None and actor_of(request).may(right)
