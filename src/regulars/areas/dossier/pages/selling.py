"""A purchase taken down at the till or on the telephone: line by line, by keyboard or scanner, then kept as one deed.

Nothing is kept between two lines but in the page itself, so that it works without a script; a key in it makes that the
same purchase, sent twice, is one.
"""

from base64 import b32encode
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.access.queries import names_with
from regulars.areas.customers.queries import card_for
from regulars.areas.dossier.face.basket import Basket
from regulars.areas.house.queries import house, today
from regulars.areas.trade.actions import NewPurchase, record_purchase
from regulars.areas.trade.models import CHANNELS, Place
from regulars.kernel import crypto
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, number_in, show

PAGE = "dossier/sale.html"
SOURCE = "till"


@require_http_methods(["GET", "HEAD", "POST"])
def sale(request: HttpRequest) -> HttpResponse:
    """The lines so far and the field for the next; with `then=keep` the purchase is kept."""
    actor, posted = actor_of(request), request.POST
    chosen = number_in(posted or request.GET, "customer")
    customer = card_for(actor, chosen) if chosen is not None else None
    basket, refused = Basket.of(posted, house().currency), None
    try:
        if request.method == "POST" and posted.get("then") != "look":
            basket.take(posted, given=posted.get("then") == "donate")
        if posted.get("then") == "keep":
            return _kept(request, basket, customer.number if customer else None)
    except Refused as problem:
        refused = problem
    context: dict[str, Any] = {
        "basket": basket,
        "customer": customer,
        "channels": CHANNELS,
        "channel": posted.get("channel") or "shop",
        "places": list(Place.objects.order_by("name").values_list("code", "name")),
        "place": posted.get("place", ""),
        "key": posted.get("key") or _number(),
        "served_by": _server(request),
        "staff": names_with("trade.record"),
        "refused": refused,
        "currency": house().currency,
    }
    return show(request, PAGE, part="sale", status=refused.status if refused else 200, **context)


def _server(request: HttpRequest) -> str:
    """Who serves: as typed, else who is signed in, whose name may be longer than a purchase keeps."""
    typed = request.POST.get("served_by")
    return actor_of(request).name[:100] if typed is None else typed.strip()


def _number() -> str:
    """A number for the receipt that nobody else has, begun with the page: `261129-7KQ4PX`."""
    return f"{today(timezone.now()):%y%m%d}-{b32encode(crypto.random_bytes(5)).decode()[:6]}"


def _kept(request: HttpRequest, basket: Basket, customer: int | None) -> HttpResponse:
    """Keeps the purchase; the same page sent twice is one purchase."""
    posted = request.POST
    new = NewPurchase(
        basket.lines(), source=SOURCE, number=posted.get("key", "")[:40], customer=customer,
        place=posted.get("place", ""), channel=posted.get("channel", "shop"),
        served_by=_server(request),
    )  # fmt: skip
    back = reverse("dossier:till") + (f"?customer={customer}" if customer else "")
    try:
        kept = record_purchase(purchase=new, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        if "serial" not in refused.more:
            raise
        return done(request, back, notice=_("This purchase is down already."))
    notice = _("Purchase %(serial)s is down: %(total)s.") % {"serial": kept.serial, "total": basket.total_said}
    return done(request, back, notice=notice, changeset=kept.changeset)
