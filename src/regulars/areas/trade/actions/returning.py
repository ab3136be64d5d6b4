"""Taking lines of a purchase back, and paying back what was paid for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.actions import deed
from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.making import goes_back
from regulars.areas.trade.actions.recording import write
from regulars.areas.trade.actions.shapes import NewLine, NewPurchase, Recorded
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries import lines_of, purchase_for
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.money import coin_of, plain


def return_lines(
    *,
    serial: int,
    items: Sequence[tuple[int, int]],
    reason: str,
    by: Actor,
    at: datetime,
    amount: int | None = None,
    place: str = "",
    remark: str = "",
    number: str = "",
    source: str = "",
    served_by: str = "",
) -> Recorded:
    """Takes lines of a purchase back, (ordinal, quantity in 1/10,000) each: a document of its own. The money that goes
    back is what was paid for them, or `amount` in all, in 1/10,000: less is shared out among them; what is more, or
    all of it where no line goes back, is money paid back for what is kept, shared out among the lines by what is left
    of what was paid for each. Raises NotAllowed, NotFound, Refused where more would go back than is left."""
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not take down purchases."))
    particulars: dict[str, Any] = {"purchase": serial}
    with deed(verb="trade.returned", by=by, at=at, particulars=particulars) as link:
        sold = purchase_for(by, serial)
        if not items and not amount:
            raise Refused(_("Say which lines go back."), where="items")
        lines = [
            NewLine(quantity=quantity, kind=kind, returns=(sold.source, sold.number, line.ordinal), amount=money,
                    reason=reason if kind == "return" else "", remark=remark, text=line.text)
            for kind, line, quantity, money in _going(sold, items, amount)
        ]  # fmt: skip
        new = NewPurchase(
            lines, source=source, number=number, customer=sold.customer_id, place=place or sold.place.code,
            channel=sold.channel, served_by=served_by, territory=sold.territory, currency=sold.currency,
            rate=sold.rate if sold.base != sold.currency else None,
        )  # fmt: skip
        row = write(link, Book(by=by, at=at), new)
        link.particulars |= {"number": row.customer_id, "return": row.serial}
    return Recorded(link.changeset, row.serial, row.source, row.number)


def _going(
    sold: Purchase, items: Sequence[tuple[int, int]], amount: int | None
) -> list[tuple[str, Line, int, int | None]]:
    """(kind, the line sold, quantity, money) of what goes back; no money: what was paid."""
    lines = lines_of(sold)
    by_ordinal = {line.ordinal: line for line in lines}
    found = [("return", by_ordinal.get(ordinal, Line(ordinal=ordinal)), quantity) for ordinal, quantity in items]
    refused = any(line.pk is None or quantity > line.left for _kind, line, quantity in found)  # each with its reason
    if amount is None or refused:
        return [(*each, None) for each in found]
    if amount < 0:
        raise Refused(_("Say how much is paid back."), where="amount")
    usual = [
        goes_back(quantity, of=line.quantity, left=line.left, paid=line.amount, unpaid=line.unpaid)
        for _kind, line, quantity in found
    ]
    coin = coin_of(sold.currency)
    if amount < sum(usual):
        return [(*each, money) for each, money in zip(found, shares(amount, usual, coin), strict=True)]
    for (_kind, line, _quantity), money in zip(found, usual, strict=True):
        line.unpaid -= money
    rest, left = amount - sum(usual), max(sum(line.unpaid for line in lines), 0)
    if rest > left:
        told = {"asked": plain(amount), "left": plain(left + sum(usual))}
        message = _("%(asked)s cannot be paid back: %(left)s is left of what was paid.")
        raise Refused(message % told, where="amount")
    kept = zip(lines, shares(rest, [line.unpaid for line in lines], coin), strict=True)
    return [
        *((*each, money) for each, money in zip(found, usual, strict=True)),
        *(("refund", line, 0, money) for line, money in kept if money),
    ]


def shares(amount: int, of: Sequence[int], coin: int) -> list[int]:
    """An amount shared out in whole coins by what there is, the odd ones to where there is most; never more than there
    is. What is below nought gets nothing."""
    there = [max(each, 0) for each in of]
    whole = sum(there)
    found = [amount * each // whole // coin * coin if whole else 0 for each in there]
    rest = amount - sum(found)
    for place in sorted(range(len(there)), key=lambda at: -there[at]):
        more = min(rest, there[place] - found[place])
        found[place] += more
        rest -= more
    return found
