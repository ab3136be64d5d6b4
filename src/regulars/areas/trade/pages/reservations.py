"""Reservations on screen: who waits for what in the order of asking, one of them, and what is done to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.customers.queries import card_for
from regulars.areas.house.forms import looks_back
from regulars.areas.journal.queries import looking_back
from regulars.areas.trade import actions, queries
from regulars.areas.trade.forms import CameForm, KeepForm, WhichReservations, WishForm
from regulars.areas.trade.models import OPEN, Reservation
from regulars.areas.trade.pages.purchases import day_shown
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, number_in, show

A_PAGE = 50
_both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@looks_back
def reservations(request: HttpRequest) -> HttpResponse:
    """The reservations as asked for, in the order of asking."""
    return _list(request, WhichReservations(request.GET))


@require_POST
def came(request: HttpRequest) -> HttpResponse:
    """Goods came: whoever asked first gets hers."""
    form = CameForm(request.POST)
    if form.is_valid():
        try:
            changeset, ready = actions.goods_came(**form.cleaned_data, by=actor_of(request), at=timezone.now())
        except Refused as refused:
            _refuse(form, refused)
        else:
            told = {"count": len(ready)}
            notice = ngettext("%(count)s reservation is ready.", "%(count)s reservations are ready.", len(ready)) % told
            if not ready:
                notice = _("Nothing is ready: nobody waits for it, or who asked first waits for more than came.")
            return done(request, reverse("trade:reservations"), notice=notice, changeset=changeset)
    return _list(request, WhichReservations({}), came=form, status=422)


@_both
def reserve(request: HttpRequest) -> HttpResponse:
    """Takes a reservation down; `customer` names whose."""
    number = number_in(request.POST or request.GET, "customer")
    form = WishForm(request.POST or None, initial={"customer": number} if number else {})
    if request.method == "POST" and form.is_valid():
        by, wish, now = actor_of(request), form.wish(), timezone.now()
        try:
            same = None if form.means_a_second else actions.reserved_already(wish=wish, by=by, at=now)
            if same is None:
                changeset, serial = actions.reserve(wish=wish, by=by, at=now)
                notice = _("Reservation %(serial)s is down.") % {"serial": serial}
                return done(request, reverse("trade:reservation", args=(serial,)), notice=notice, changeset=changeset)
            form.ask(
                _("Reservation %(serial)s, taken down today, says the same. Tick below if a second one is meant.")
                % {"serial": same}
            )
        except Refused as refused:
            _refuse(form, refused)
    customer = card_for(actor_of(request), number) if number and not form.has_error("customer") else None
    return show(request, "trade/reserve.html", status=422 if form.errors else 200, form=form, customer=customer)


@require_safe
@looks_back
def reservation(request: HttpRequest, serial: int) -> HttpResponse:
    """One reservation, with what can be done to it while it is open."""
    row = queries.reservation_for(actor_of(request), serial)
    return _shown(request, row, WishForm(row=row))


@require_POST
def change(request: HttpRequest, serial: int) -> HttpResponse:
    """Puts it right."""
    row = queries.reservation_for(actor_of(request), serial)
    form = WishForm(request.POST, row=row)
    if form.is_valid():
        try:
            changeset = actions.change_reservation(
                serial=serial, changes=form.touched(), by=actor_of(request), at=timezone.now()
            )
        except Refused as refused:
            _refuse(form, refused)
        else:
            notice = _("Saved.") if changeset else _("Nothing differs.")
            return done(request, reverse("trade:reservation", args=(serial,)), notice=notice, changeset=changeset)
    return _shown(request, row, form)


def _shown(request: HttpRequest, row: Reservation, form: WishForm, keep: KeepForm | None = None) -> HttpResponse:
    keep = keep or KeepForm(auto_id="keep_%s")
    present = looking_back() is None and actor_of(request).may("trade.record")
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "keep": keep,
        "line": queries.places_in_line([row]).get(row.serial),
        "overdue": row.is_overdue(day_shown()),
        "may_change": present and row.state in OPEN,
    }
    return show(request, "trade/reservation.html", status=422 if form.errors or keep.errors else 200, **context)


@require_POST
def ready(request: HttpRequest, serial: int) -> HttpResponse:
    """It is here."""
    form = KeepForm(request.POST, auto_id="keep_%s")
    if form.is_valid():
        try:
            by, at = actor_of(request), timezone.now()
            changeset = actions.make_ready(serials=[serial], **form.cleaned_data, by=by, at=at)
            return _went(request, serial, _("It is ready to be fetched."), changeset)
        except Refused as refused:
            _refuse(form, refused)
    row = queries.reservation_for(actor_of(request), serial)
    return _shown(request, row, WishForm(row=row), form)


@require_POST
def fetched(request: HttpRequest, serial: int) -> HttpResponse:
    """It was handed over."""
    changeset = actions.fetch(serial=serial, by=actor_of(request), at=timezone.now())
    return _went(request, serial, _("It is handed over."), changeset)


@require_POST
def dropped(request: HttpRequest, serial: int) -> HttpResponse:
    """It is not wanted any more."""
    changeset = actions.drop(serial=serial, by=actor_of(request), at=timezone.now())
    return _went(request, serial, _("The reservation is dropped."), changeset)


def _went(request: HttpRequest, serial: int, notice: str, changeset: int | None) -> HttpResponse:
    """On to the page the press came from: a card, the till, the list, or the reservation itself."""
    row = queries.reservation_for(actor_of(request), serial)
    ways = {
        "card": reverse("dossier:card", args=(row.customer_id,)),
        "till": f"{reverse('dossier:till')}?customer={row.customer_id}",
        "list": reverse("trade:reservations"),
    }
    to = ways.get(request.POST.get("back", ""), reverse("trade:reservation", args=(serial,)))
    return done(request, to, notice=notice, changeset=changeset)


def _list(
    request: HttpRequest, form: WhichReservations, *, came: CameForm | None = None, status: int = 200
) -> HttpResponse:
    rows, following, day = list[Reservation](), "", day_shown()
    if form.is_valid():
        found = queries.reservations(actor_of(request), **form.asked(day))
        rows, following = queries.reservation_page(found, request.GET.get("after", ""), A_PAGE)
    later = request.GET.copy()
    later["after"] = following
    lines = queries.places_in_line(rows)
    context: dict[str, Any] = {
        "form": form,
        "came": came or CameForm(auto_id="came_%s"),
        "rows": [(row, lines.get(row.serial), row.is_overdue(day)) for row in rows],
        "later": later.urlencode() if following else "",
        "narrowed": bool(set(request.GET) - {"after", "at"}),
        "may_record": looking_back() is None and actor_of(request).may("trade.record"),
        "open_states": OPEN,
    }
    return show(request, "trade/reservations.html", status=422 if form.errors else status, **context)


def _refuse(form: Any, refused: Refused) -> None:
    """Says what was refused at its field, or over all of them."""
    if refused.status not in (404, 422):
        raise refused
    form.add_error(refused.where if refused.where in form.fields else None, refused.message)
