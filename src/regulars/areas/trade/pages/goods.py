"""Products and places on screen: a list with a form beside it, and one of them."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import house
from regulars.areas.trade import actions
from regulars.areas.trade.forms import PlaceForm, ProductForm, price_told
from regulars.areas.trade.models import Place, Product
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import actor_of, done, show
from regulars.kernel.text import fold

_MOST = 200
_both = require_http_methods(["GET", "HEAD", "POST"])


@_both
@looks_back
def products(request: HttpRequest) -> HttpResponse:
    """The products whose name or number holds what is asked, those without a name last, and a form for a new one."""
    asked = request.GET.get("q", "").strip()[:100]
    form = ProductForm(request.POST or None, currency=house().currency)
    if request.method == "POST" and form.is_valid():
        told = {"number": form.cleaned_data["number"], **form.values()}
        if (answer := _tried(request, form, actions.set_product, told, "trade:products")) is not None:
            return answer
    rows = Product.objects.select_related("type").order_by("key", "number")
    if asked:
        rows = rows.filter(Q(number__icontains=asked) | Q(key__contains=fold(asked)))
    found = list(rows.exclude(key="")[: _MOST + 1])
    found += rows.filter(key="")[: _MOST + 1 - len(found)]
    context: dict[str, Any] = {
        "rows": [(each, _price(each)) for each in found[:_MOST]],
        "more": len(found) > _MOST,
        "asked": asked,
        "may_change": actor_of(request).may("trade.goods"),
    }
    return show(request, "trade/products.html", status=_status(form), form=form, **context)


@_both
@looks_back
def product(request: HttpRequest, number: str) -> HttpResponse:
    """One product, to be changed or, where nobody bought it, taken off."""
    row = Product.objects.select_related("type").filter(number=number).first()
    if row is None:
        raise NotFound(_("There is no product %(number)s.") % {"number": number[:60]})
    if "remove" in request.POST:
        changeset = actions.remove_product(number=number, by=actor_of(request), at=timezone.now())
        return done(request, reverse("trade:products"), notice=_("The product is off."), changeset=changeset)
    now = {"name": row.name, "type": row.type or "", "price": price_told(row.price, row.currency),
           "warranty": row.warranty}  # fmt: skip
    form = ProductForm(request.POST or None, currency=house().currency, known=True, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {"number": number, **form.values()}
        if (answer := _tried(request, form, actions.set_product, told, "trade:products")) is not None:
            return answer
    may_change = _may_change(request, form)
    return show(request, "trade/product.html", status=_status(form), form=form, product=row, may_change=may_change)


@_both
@looks_back
def places(request: HttpRequest) -> HttpResponse:
    """All places, and a form for a new one."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"code": form.cleaned_data["code"], **form.values()}
        if (answer := _tried(request, form, actions.set_place, told, "trade:places")) is not None:
            return answer
    rows = Place.objects.select_related("within").order_by("name")
    may_change = actor_of(request).may("trade.goods")
    return show(request, "trade/places.html", status=_status(form), form=form, rows=rows, may_change=may_change)


@_both
@looks_back
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place, to be changed or, where nothing was bought, taken off."""
    row = Place.objects.select_related("within").filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no place “%(code)s”.") % {"code": code[:40]})
    if "remove" in request.POST:
        into = request.POST.get("into", "")
        changeset = actions.remove_place(code=code, into=into, by=actor_of(request), at=timezone.now())
        return done(request, reverse("trade:places"), notice=_("The place is off."), changeset=changeset)
    now = {"name": row.name, "kind": row.kind, "within": row.within.code if row.within else "",
           "territory": row.territory}  # fmt: skip
    form = PlaceForm(request.POST or None, known=True, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {"code": code, **form.values()}
        if (answer := _tried(request, form, actions.set_place, told, "trade:places")) is not None:
            return answer
    others = Place.objects.exclude(pk=row.pk).exclude(within=row).order_by("name")
    shown: dict[str, Any] = {"place": row, "others": others, "may_change": _may_change(request, form)}
    return show(request, "trade/place.html", status=_status(form), form=form, **shown)


def _tried(request: HttpRequest, form: Any, deed: Any, told: dict[str, Any], to: str) -> HttpResponse | None:
    """Does it and goes on; None where it was refused for what a field says."""
    try:
        changeset = deed(**told, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        if refused.where not in form.fields:
            raise
        form.add_error(refused.where, refused.message)
        return None
    return done(request, reverse(to), notice=_("Saved.") if changeset else _("Nothing differs."), changeset=changeset)


def _may_change(request: HttpRequest, form: Any) -> bool:
    """False while looking back; the form is then there to be read."""
    may = actor_of(request).may("trade.goods")
    for field in form.fields.values():
        field.disabled = not may
    return may


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _price(row: Product) -> tuple[int, str] | None:
    return None if row.price is None else (row.price, row.currency)
