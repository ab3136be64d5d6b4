"""Correcting a purchase, and making one void."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.journal.actions import Link, deed
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.making import LINE, made, refuse_secrets
from regulars.areas.trade.actions.recording import lines_from
from regulars.areas.trade.actions.shapes import NewLine, NewPurchase
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries import purchase_for
from regulars.kernel.actor import Actor
from regulars.kernel.dates import months_later
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.money import plain

_PLAIN = (
    "channel", "served_by", "territory", "at", "currency", "rate", "promised", "sent", "delivered", "damaged", "note",
)  # fmt: skip


def correct_purchase(
    *,
    serial: int,
    changes: Mapping[str, Any],
    by: Actor,
    at: datetime,
    lines: Sequence[tuple[int | None, NewLine]] | None = None,
) -> int | None:
    """Brings a purchase to these values (those of `NewPurchase` but source and number); with `lines` to these lines,
    each beside the ordinal of the line it puts right, or None where it is new: which is not named is struck, and no
    line changes its ordinal. What was returned of the purchase goes along to another customer. Returns the changeset,
    None where nothing differs. Raises NotAllowed, NotFound, Refused (`lines.N.…` is the place in `lines`)."""
    _refuse_who_may_not(by)
    refuse_secrets(**{name: changes[name] for name in ("served_by", "note") if name in changes})
    with deed(verb="trade.corrected", by=by, at=at, particulars={"purchase": serial}) as link:
        row = _standing(by, serial)
        link.particulars["number"] = row.customer_id
        if "customer" in changes:
            _give(link, by, row, changes["customer"])
        _rewrite(link, Book(by=by, at=at), row, changes, lines)
    return link.changeset


def void_purchase(*, serial: int, reason: str, by: Actor, at: datetime) -> int | None:
    """Makes a purchase void: it counts for nothing any more, its number stays taken. Raises NotAllowed, NotFound,
    Refused without a reason, and where something of it was taken back."""
    _refuse_who_may_not(by)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why the purchase is void."), where="reason")
    refuse_secrets(reason=reason)
    with deed(verb="trade.voided", by=by, at=at, particulars={"purchase": serial}) as link:
        row = _standing(by, serial)
        link.particulars["number"] = row.customer_id
        rows = list(Line.objects.filter(purchase=row))
        if Line.objects.filter(returns__in=rows).exists():
            raise Refused(_("Something of this purchase was taken back. Make that return void first."), where="serial")
        link.remove(*rows)
        link.change(row, void=reason[:200])
    return link.changeset


def _refuse_who_may_not(by: Actor) -> None:
    if not by.may("trade.correct"):
        raise NotAllowed(_("Your account may not correct purchases."))


def _standing(by: Actor, serial: int) -> Purchase:
    row = purchase_for(by, serial)
    if row.void:
        raise Refused(_("Purchase %(serial)s is void.") % {"serial": serial}, where="serial")
    return row


# --- another customer -------------------------------------------------------------------------------------------------


def _give(link: Link, by: Actor, row: Purchase, number: int | None) -> None:
    """The purchase, and what returns something of it or is returned by it, becomes another customer's or nobody's."""
    customer = None if number is None else card_for(by, number).number
    if customer == row.customer_id:
        return
    serials = _tied(row)
    purchases = list(Purchase.objects.filter(pk__in=serials))
    lines = list(Line.objects.filter(purchase__in=serials))
    link.move(purchases, to=customer)
    if lines:
        link.move(lines, to=customer)
    row.customer_id, row.link = customer, link.number


def _tied(row: Purchase) -> set[int]:
    found, fresh = {row.pk}, {row.pk}
    while fresh:
        back = Line.objects.filter(returns__purchase__in=fresh).values_list("purchase", flat=True)
        sold = Line.objects.filter(purchase__in=fresh, returns__isnull=False).values_list(
            "returns__purchase", flat=True
        )
        fresh = {*back, *sold} - found
        found |= fresh
    return found


# --- other values -----------------------------------------------------------------------------------------------------


def _rewrite(
    link: Link,
    book: Book,
    row: Purchase,
    changes: Mapping[str, Any],
    lines: Sequence[tuple[int | None, NewLine]] | None,
) -> None:
    rows = Line.objects.filter(purchase=row).select_related("product", "returns__purchase").order_by("ordinal")
    standing = {each.ordinal: each for each in rows}
    told = [(each.ordinal, as_told(each)) for each in standing.values()] if lines is None else list(lines)
    ordinals, wanted = _ordinals(row, standing, told), [line for _ordinal, line in told]
    known = {text for each in standing.values() for text in (each.text, each.remark)}
    for place, line in enumerate(wanted):
        texts = {f"lines.{place}.text": line.text, f"lines.{place}.remark": line.remark}
        refuse_secrets(**{where: text for where, text in texts.items() if text not in known})
    new = NewPurchase(wanted, source=row.source, number=row.number, customer=row.customer_id, place=row.place.code)
    for name in _PLAIN:
        setattr(new, name, changes.get(name, getattr(row, name)))
    new.place = changes.get("place", row.place.code)
    if new.currency == book.house.currency:
        new.rate = None
    book.learn_products(link, wanted)
    book.learn_sold({line.returns for line in wanted if line.returns is not None})
    for each in standing.values():
        if each.returns is not None and (sold := book.sold.get(_named(each.returns))) is not None:
            sold.left -= each.quantity  # it is about to go back anew
            sold.unpaid = max(sold.unpaid - each.amount, -each.amount)  # no less than it gives back already
    many = len(set(ordinals) - set(standing))
    fresh = count(take("row", many) if many else 0)
    ids = [standing[ordinal].pk if ordinal in standing else next(fresh) for ordinal in ordinals]
    each_made = made(link, book, new, ids, ordinals)
    _refuse_less_than_went_back(standing, ordinals, each_made.lines)
    link.change(
        row, **{name: each_made.columns[name] for name in each_made.columns if name not in ("source", "number")}
    )
    kept = {
        ordinal: _as_warranted(standing[ordinal], line, dict(zip(LINE, values, strict=True)))
        for ordinal, line, values in zip(ordinals, wanted, each_made.lines, strict=True)
        if ordinal in standing
    }
    link.rewrite([(standing[ordinal], values) for ordinal, values in kept.items()])
    added = [
        (pk, line) for pk, ordinal, line in zip(ids, ordinals, each_made.lines, strict=True) if ordinal not in kept
    ]
    link.add(*lines_from(row, [pk for pk, _line in added], [line for _pk, line in added]))
    link.remove(*(each for ordinal, each in standing.items() if ordinal not in kept))


def _ordinals(row: Purchase, standing: Mapping[int, Line], told: Sequence[tuple[int | None, NewLine]]) -> list[int]:
    """The ordinal of each line; of a new one such as no line of the purchase ever had, so that each can come back."""
    named = [ordinal for ordinal, _line in told if ordinal is not None]
    if len(set(named)) < len(named) or not set(named) <= set(standing):
        message = _("The lines of purchase %(serial)s are other ones by now. Open it anew.")
        raise Refused(message % {"serial": row.serial}, where="lines")
    before = Line.past._default_manager.filter(purchase_id=row.pk).aggregate(last=Max("ordinal"))["last"] or 0
    after = count(max([*standing, before]) + 1)
    return [next(after) if ordinal is None else ordinal for ordinal, _line in told]


def as_told(line: Line) -> NewLine:
    """A line as it would be told."""
    back = -1 if line.kind in ("return", "refund") else 1
    return NewLine(
        product=line.product.number if line.product else "", text=line.text, quantity=back * line.quantity,
        price=line.price, amount=back * line.amount, kind=line.kind,
        returns=_named(line.returns) if line.returns else None, reason=line.reason, remark=line.remark,
        warranty_until=None if _is_by_product(line) else line.warranty_until,
    )  # fmt: skip


def _is_by_product(line: Line) -> bool:
    months = line.product.warranty if line.product else None
    return bool(months) and line.warranty_until == months_later(line.day, months or 0)


def _as_warranted(stood: Line, told: NewLine, values: dict[str, Any]) -> dict[str, Any]:
    """The same goods, sold on the same day, keep the warranty they were sold with, whatever the product has by now."""
    if told.warranty_until is None and (stood.product_id, stood.day) == (values["product_id"], values["day"]):
        values["warranty_until"] = stood.warranty_until
    return values


def _named(line: Line) -> tuple[str, str, int]:
    return line.purchase.source, line.purchase.number, line.ordinal


def _refuse_less_than_went_back(
    standing: Mapping[int, Line], ordinals: Sequence[int], told: Sequence[tuple[Any, ...]]
) -> None:
    went = Line.objects.filter(returns__in=standing.values()).values_list("returns__ordinal")
    quantity, product, amount = LINE.index("quantity"), LINE.index("product_id"), LINE.index("amount")
    for ordinal, back, money in went.annotate(back=Sum("quantity"), money=Sum("amount")):
        place = ordinals.index(ordinal) if ordinal in ordinals else None
        kept = told[place] if place is not None else None
        if kept is None or kept[quantity] < -back or kept[product] != standing[ordinal].product_id:
            message = _("%(count)s of this line went back: it stays, with as much at least and the same product.")
            where = "lines" if place is None else f"lines.{place}.quantity"
            raise Refused(message % {"count": plain(-back)}, where=where, ordinal=ordinal)
        if kept[amount] < -money and kept[amount] < standing[ordinal].amount:
            message = _("%(money)s of this line was paid back: it stays at that much at least.")
            raise Refused(message % {"money": plain(-money)}, where=f"lines.{place}.amount", ordinal=ordinal)
