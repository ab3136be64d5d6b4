"""Keeping products and places."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from regulars.areas.house.queries import house
from regulars.areas.journal.actions import Link, deed
from regulars.areas.trade.actions.book import type_named
from regulars.areas.trade.counting import keeping
from regulars.areas.trade.models import PLACES, Agreement, Line, Place, Product, Purchase, Reservation
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused

LONGEST_WARRANTY = 1200  # months
MOST_MOVED = 1_000


def set_product(
    *,
    number: str,
    by: Actor,
    at: datetime,
    name: str | None = None,
    type: str | None = None,
    price: int | None = None,
    currency: str = "",
    warranty: int | None = None,
) -> int | None:
    """Makes the product of this number, or brings it to these values; what is None stays. `type` names a type of goods,
    made at first need, '' takes it off. `price` is of one unit, in 1/10,000. `warranty` is in months, 0 takes it off;
    what was sold before keeps its own. Returns the changeset, None where nothing differs. Raises NotAllowed,
    Refused."""
    _refuse_who_may_not(by)
    number = number.strip()
    if not number:
        raise Refused(_("A product needs its number."), where="number")
    if warranty is not None and not 0 <= warranty <= LONGEST_WARRANTY:
        message = _("A warranty is of %(longest)s months at most.")
        raise Refused(message % {"longest": LONGEST_WARRANTY}, where="warranty")
    with deed(verb="trade.product_set", by=by, at=at, particulars={"product": number}) as link:
        row = Product.objects.filter(number=number).first() or Product(number=number)
        values = _said(name=name)
        if type is not None:
            kind = type_named(link, type)
            values["type_id"] = kind.pk if kind else None
        if price is not None and price < 0:
            raise Refused(_("A price is not below nought."), where="price")
        if price is not None:
            values |= {"price": price, "currency": currency or house().currency}
        if warranty is not None:
            values["warranty"] = warranty or None
        _put(link, row, values)
        keeping.retype([row.pk])
    return link.changeset


def remove_product(*, number: str, by: Actor, at: datetime) -> int | None:
    """Takes a product off that nobody bought or subscribed to. Raises NotAllowed, NotFound, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.product_removed", by=by, at=at, particulars={"product": number}) as link:
        row = Product.objects.filter(number=number).first()
        if row is None:
            raise NotFound(_("There is no product %(number)s.") % {"number": number[:60]}, where="number")
        if Line.objects.filter(product=row).exists():
            raise Refused(_("Product %(number)s was bought, and stays.") % {"number": number[:60]}, where="number")
        if Agreement.objects.filter(product=row).exists():
            message = _("Product %(number)s is subscribed to, and stays.")
            raise Refused(message % {"number": number[:60]}, where="number")
        if Reservation.objects.filter(product=row).exists():
            raise Refused(_("Product %(number)s was reserved, and stays.") % {"number": number[:60]}, where="number")
        link.remove(row)
    return link.changeset


def set_place(
    *,
    code: str,
    by: Actor,
    at: datetime,
    name: str | None = None,
    kind: str | None = None,
    within: str | None = None,
    territory: str | None = None,
) -> int | None:
    """Makes the place of this code, or brings it to these values; `within` is the code of the branch that a till stands
    in, '' of none. Returns the changeset, None where nothing differs. Raises NotAllowed, Refused."""
    _refuse_who_may_not(by)
    code = code.strip()
    if not code:
        raise Refused(_("A place needs its code."), where="code")
    if kind is not None and kind not in dict(PLACES):
        words = ", ".join(dict(PLACES))
        raise Refused(_("A place is one of: %(words)s.") % {"words": words}, where="kind")
    with deed(verb="trade.place_set", by=by, at=at, particulars={"place": code}) as link:
        row = Place.objects.filter(code=code).first() or Place(code=code, name=code)
        values = _said(name=name or None, kind=kind, territory=territory)
        if within is not None:
            values["within_id"] = _around(row, within.strip())
        _put(link, row, values)
    return link.changeset


def remove_place(*, code: str, by: Actor, at: datetime, into: str = "") -> int | None:
    """Takes a place off where nothing was bought; or, with `into` the code of another, where at most 1,000 purchases
    were: what stands there goes there, as where a code was mistyped. Raises NotAllowed, NotFound, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.place_removed", by=by, at=at, particulars={"place": code}) as link:
        row = Place.objects.filter(code=code).first()
        if row is None:
            raise NotFound(_("There is no place “%(code)s”.") % {"code": code[:40]}, where="code")
        named = {
            "place_id": (Purchase.objects.filter(place=row), Reservation.objects.filter(place=row)),
            "within_id": (Place.objects.filter(within=row),),
        }
        if into.strip():
            _move_all(link, row, _another(row, into.strip()), named)
        elif any(rows.exists() for some in named.values() for rows in some):
            message = _("Something was bought at “%(code)s”: it stays, or name the place to which all of that goes.")
            raise Refused(message % {"code": code[:40]}, where="code")
        link.remove(row)
    return link.changeset


def _another(row: Place, code: str) -> Place:
    found = Place.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no place “%(code)s”.") % {"code": code[:40]}, where="into")
    if found == row or found.within_id == row.pk:
        raise Refused(_("Name another place, which does not stand in this one."), where="into")
    return found


def _move_all(link: Link, row: Place, into: Place, named: Mapping[str, Iterable[QuerySet[Any]]]) -> None:
    for column, some in named.items():
        for rows in some:
            found = list(rows[: MOST_MOVED + 1])
            if len(found) > MOST_MOVED:
                told = {"code": row.code, "count": saying.count(MOST_MOVED)}
                message = _("More than %(count)s purchases were made at “%(code)s”: it stays. Give it another name.")
                raise Refused(message % told, where="into")
            if column == "within_id" and found and into.within_id is not None:
                raise Refused(_("A till stands in a branch, and a branch in nothing."), where="into")
            link.change_many(found, **{column: into.pk})


def _around(row: Place, code: str) -> int | None:
    if not code:
        return None
    around = Place.objects.filter(code=code).first()
    if around is None:
        raise NotFound(_("There is no place “%(code)s”.") % {"code": code[:40]}, where="within")
    if around.code == row.code or around.within_id is not None:
        raise Refused(_("A till stands in a branch, and a branch in nothing."), where="within")
    return around.pk


def _put(link: Link, row: Any, values: dict[str, Any]) -> None:
    if row.pk is not None:
        link.change(row, **values)
        return
    for name, value in values.items():
        setattr(row, name, value)
    link.add(row)


def _said(**values: Any) -> dict[str, Any]:
    return {name: " ".join(value.split()) for name, value in values.items() if value is not None}


def _refuse_who_may_not(by: Actor) -> None:
    if not by.may("trade.goods"):
        raise NotAllowed(_("Your account may not keep products and places."))
