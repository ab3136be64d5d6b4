"""Taking one purchase down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.journal.actions import Link, deed
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.making import LINE, made, refuse_secrets
from regulars.areas.trade.actions.reserving import Sale, bought_of, fetched_with
from regulars.areas.trade.actions.shapes import NewPurchase, Recorded
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries import known_numbers
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused


def record_purchase(
    *, purchase: NewPurchase, by: Actor, at: datetime, make_products: bool = False, verb: str = "trade.recorded"
) -> Recorded:
    """Keeps one purchase. Raises NotAllowed, NotFound (the customer), Refused with the line and what is wrong with it;
    where its number is there already, with the `serial` of that one."""
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not take down purchases."))
    particulars: dict[str, Any] = {"number": purchase.customer}
    with deed(verb=verb, by=by, at=at, particulars=particulars) as link:
        row = write(link, Book(by=by, at=at, make_products=make_products), purchase)
        link.particulars["purchase"] = row.serial
        link.particulars["number"] = row.customer_id
    return Recorded(link.changeset, row.serial, row.source, row.number)


def write(link: Link, book: Book, new: NewPurchase) -> Purchase:
    """The rows of one purchase, in somebody's deed."""
    if new.customer is not None:
        new.customer = card_for(book.by, new.customer).number
    refuse_secrets(number=new.number, served_by=new.served_by, note=new.note)
    for place, line in enumerate(new.lines):
        refuse_secrets(**{f"lines.{place}.text": line.text, f"lines.{place}.remark": line.remark})
    refuse_known(new.source, new.number)
    book.learn_products(link, new.lines)
    book.learn_sold({line.returns for line in new.lines if line.returns is not None})
    first = take("row", 1 + len(new.lines))
    ids = range(first + 1, first + 1 + len(new.lines))
    each = made(link, book, new, ids)
    serial = take("purchase")
    if not new.number:
        each.columns["number"] = str(serial)
        refuse_known(new.source, str(serial))
    row = Purchase(id=first, customer_id=new.customer, serial=serial, **each.columns)
    link.add(row)
    lines = lines_from(row, ids, each.lines)
    link.add(*lines)
    bought = bought_of([(line.product_id, line.quantity) for line in lines])
    if new.customer is not None and bought and (fetched := fetched_with(link, [Sale(new.customer, row.day, bought)])):
        link.particulars["fetched"] = fetched
    return row


def lines_from(row: Purchase, ids: Sequence[int], lines: Sequence[tuple[Any, ...]]) -> list[Line]:
    """The lines as rows of a purchase."""
    return [
        Line(id=pk, customer_id=row.customer_id, purchase_id=row.pk, **dict(zip(LINE, line, strict=True)))
        for pk, line in zip(ids, lines, strict=True)
    ]


def refuse_known(source: str, number: str) -> None:
    """Raises Refused where a purchase of this source has this number."""
    serial = known_numbers(source, [number]).get(number) if number else None
    if serial is not None:
        told = {"number": number, "serial": serial}
        message = _("Purchase %(number)s is kept already, as %(serial)s.")
        raise Refused(message % told, where="number", serial=serial)
