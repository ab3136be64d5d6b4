"""A purchase as it is told becomes rows: everything is looked at here, and refused with its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from stdnum import ean

from regulars.areas.house.countries import currencies
from regulars.areas.journal.actions import Link
from regulars.areas.trade.actions.book import Book, Sold
from regulars.areas.trade.actions.shapes import NewLine, NewPurchase
from regulars.areas.trade.models import CHANNELS, LINES, RATE, REASONS
from regulars.kernel import forbidden, saying
from regulars.kernel.dates import months_later
from regulars.kernel.errors import Refused
from regulars.kernel.money import SCALE, plain

_MOST = 2**62
_MANY = 10_000_000 * SCALE
_FIRST, _AHEAD, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), timedelta(days=366), timedelta(days=7305)
_CHANNELS, _LINES, _REASONS = dict(CHANNELS), dict(LINES), dict(REASONS)
LINE = (
    "ordinal", "kind", "product_id", "text", "quantity", "price", "amount", "worth", "currency", "day", "returns_id",
    "reason", "remark", "warranty_until",
)  # fmt: skip


@dataclass(slots=True)
class Made:
    """The columns of a purchase, and of its lines in the order of `LINE`: all but whose and which they are."""

    columns: dict[str, Any]
    lines: list[tuple[Any, ...]]


def made(link: Link, book: Book, new: NewPurchase, ids: Sequence[int], ordinals: Sequence[int] = ()) -> Made:
    """The rows of a purchase whose lines get these ids, and these ordinals or else 1, 2 …. Raises Refused; then nothing
    of it is noted."""
    if not new.lines:
        raise Refused(_("A purchase needs a line at least."), where="lines")
    at = new.at or book.at
    refuse_days(at, new.promised, new.sent, new.delivered, now=book.at)
    currency = new.currency or book.house.currency
    if currency != book.house.currency and currency not in _known_currencies():
        raise Refused(_("“%(currency)s” is no currency that is known.") % {"currency": currency[:10]}, where="currency")
    rate = new.rate if new.rate is not None and currency != book.house.currency else book.rate(currency)
    if not 0 < rate < _MOST:
        raise Refused(_("A rate is a number above nought."), where="rate")
    _refuse_words(new)
    day = book.house.day(at)
    place = book.place(link, new.place)
    columns = {
        "source": new.source, "number": new.number, "place_id": place.pk, "channel": new.channel,
        "served_by": new.served_by, "territory": new.territory or place.territory, "at": at, "day": day,
        "currency": currency, "base": book.house.currency, "rate": rate, "promised": new.promised, "sent": new.sent,
        "delivered": new.delivered, "damaged": new.damaged, "note": new.note,
    }  # fmt: skip
    return Made(columns, _lines(book, new, currency, rate, day, ids, ordinals))


def refuse_days(at: datetime, *of_delivery: date | None, now: datetime) -> None:
    """Raises Refused for a moment or a day that is a slip: a purchase before 1900 or more than a year ahead, a delivery
    more than a year before the purchase or twenty years after it."""
    if not _FIRST <= at <= now + _AHEAD:
        raise Refused(_("A purchase is of 1900 at the earliest, and of the next year at the latest."), where="at")
    for name, day in zip(("promised", "sent", "delivered"), of_delivery, strict=True):
        if day is not None and not at.date() - _AHEAD <= day <= at.date() + _LATEST:
            raise Refused(_("This day is too far from that of the purchase."), where=name)


def _lines(
    book: Book, new: NewPurchase, currency: str, rate: int, day: date, ids: Sequence[int], ordinals: Sequence[int]
) -> list[tuple[Any, ...]]:
    taken: list[tuple[Sold, int, int]] = []
    rows = []
    try:
        for place, line in enumerate(new.lines):
            values = _line(book, new, line, place, currency, rate, day, taken)
            rows.append((ordinals[place] if ordinals else place + 1, *values))
    except Refused:
        for sold, quantity, amount in taken:
            sold.left += quantity
            sold.unpaid += amount
        raise
    for row, line, pk in zip(rows, new.lines, ids, strict=True):
        if line.kind == "sale" and new.number:
            name = (new.source, new.number, row[0])
            book.sold[name] = Sold(pk, new.customer, row[2], row[4], row[6], row[5], currency, row[4], row[6])
    return rows


def _line(
    book: Book,
    new: NewPurchase,
    line: NewLine,
    place: int,
    currency: str,
    rate: int,
    day: date,
    taken: list[tuple[Sold, int, int]],
) -> tuple[Any, ...]:
    """The values of a line after its ordinal."""
    product_id, price, quantity, warranty = None, line.price, line.quantity, line.warranty_until
    if line.kind not in _LINES:
        raise _wrong(place, "kind", _("A line is one of: %(words)s.") % {"words": ", ".join(_LINES)})
    if quantity <= 0 and line.kind in ("sale", "return"):
        raise _wrong(place, "quantity", _("A quantity is above nought; what goes back is a return."))
    if line.kind == "donation" and ((line.amount or 0) < 0 or (price or 0) < 0):
        raise _wrong(place, "amount", _("A donation is above nought; what is paid back is a refund."))
    if quantity > _MANY:
        raise _wrong(place, "quantity", _("This number is too large."))
    if len(line.text) > 300 or len(line.remark) > 200:
        raise _wrong(place, "text", _("A line has 300 characters at most, its remark 200."))
    if line.product:
        known = book.product(line.product, f"lines.{place}.product")
        product_id = known.id
        if price is None and line.amount is None and known.currency in ("", currency):
            price = known.price
        if warranty is None and known.warranty and line.kind == "sale":
            warranty = months_later(day, known.warranty)
    elif not line.text and line.kind in ("sale", "return") and line.returns is None:
        raise _wrong(place, "product", _("Name the product, or write what it is."))
    amount, returns_id = line.amount, None
    if line.returns is not None:
        sold, amount = _taken_back(book, new, line, place, currency)
        taken.append((sold, quantity, amount))
        returns_id, product_id = sold.id, sold.product
        price = sold.price if price is None else price
    if amount is None:
        if price is None:
            raise _wrong(place, "price", _("Say what it costs: a price, or the amount."))
        amount = rounded(price * quantity, SCALE)
    if not (abs(amount) < _MOST and abs(quantity) < _MOST and abs(price or 0) < _MOST):
        raise _wrong(place, "amount", _("This number is too large."))
    if warranty is not None and (line.kind != "sale" or warranty < day):
        raise _wrong(place, "warranty_until", _("A warranty is of goods sold, and ends on a day after that."))
    if line.reason and line.reason not in _REASONS:
        raise _wrong(place, "reason", _("A reason is one of: %(words)s.") % {"words": ", ".join(_REASONS)})
    if line.kind in ("return", "refund"):
        quantity, amount = -quantity, -amount
    worth = amount if rate == RATE else rounded(amount * rate, RATE)
    return (
        line.kind, product_id, line.text, quantity if line.kind in ("sale", "return") else 0, price, amount, worth,
        currency, day, returns_id, line.reason, line.remark, warranty,
    )  # fmt: skip


def _taken_back(book: Book, new: NewPurchase, line: NewLine, place: int, currency: str) -> tuple[Sold, int]:
    """The line that is taken back, from which that is taken now, and the amount that goes back."""
    assert line.returns is not None
    if line.kind not in ("return", "refund"):
        raise _wrong(place, "returns", _("Only a return or a refund names a line that it takes back."))
    sold = book.sold.get(line.returns)
    if sold is None:
        source, number, ordinal = line.returns
        told = {"ordinal": ordinal, "number": number or source}
        raise _wrong(place, "returns", _("Purchase %(number)s has no sold line %(ordinal)s.") % told)
    if sold.customer != new.customer:
        raise _wrong(place, "returns", _("This was bought by somebody else."))
    if sold.currency != currency:
        message = _("This was paid in %(currency)s and goes back in it.")
        raise _wrong(place, "currency", message % {"currency": sold.currency})
    quantity = line.quantity if line.kind == "return" else 0
    if quantity > sold.left:
        told = {"asked": plain(quantity), "left": plain(sold.left)}
        raise _wrong(place, "quantity", _("%(asked)s cannot go back: %(left)s is left of this line.") % told)
    amount = line.amount
    if amount is None and line.kind == "refund":
        raise _wrong(place, "amount", _("Say how much is paid back."))
    if amount is None:
        amount = goes_back(quantity, of=sold.quantity, left=sold.left, paid=sold.amount, unpaid=sold.unpaid)
    elif not book.as_told and amount != within(amount, sold.amount, sold.unpaid):
        told = {"asked": plain(amount), "left": plain(within(sold.unpaid, sold.amount, sold.unpaid))}
        raise _wrong(place, "amount", _("%(asked)s cannot be paid back: %(left)s is left of what was paid.") % told)
    sold.left -= quantity
    sold.unpaid -= amount
    return sold, amount


def goes_back(quantity: int, *, of: int, left: int, paid: int, unpaid: int) -> int:
    """The money that goes back with so much of a line, at the price that was paid: of what was paid for all `of` it,
    `unpaid` has not gone back yet. With all that is `left` goes the whole rest."""
    return within(unpaid if quantity == left else rounded(paid * quantity, of), paid, unpaid)


def within(amount: int, paid: int, unpaid: int) -> int:
    """This amount, brought to between nought and what of that which was `paid` has not gone back yet."""
    rest = unpaid if (unpaid < 0) == (paid < 0) else 0
    return min(max(amount, min(rest, 0)), max(rest, 0))


def _refuse_words(new: NewPurchase) -> None:
    if new.channel not in _CHANNELS:
        words = ", ".join(_CHANNELS)
        raise Refused(_("A channel is one of: %(words)s.") % {"words": words}, where="channel")
    for name, longest in (("source", 60), ("number", 80), ("served_by", 100), ("territory", 60), ("note", 500)):
        if len(getattr(new, name)) > longest:
            told = {"where": name, "longest": saying.count(longest)}
            raise Refused(_("%(where)s takes at most %(longest)s characters.") % told, where=name)


def refuse_secrets(**told: str) -> None:
    """Refuses the number of a payment card in a text, with the name of the text; a trade number by itself is none."""
    for where, text in told.items():
        if not ean.is_valid(text):
            forbidden.refuse(text, where=where)


def rounded(value: int, by: int) -> int:
    """A whole number divided, half up away from nought (as amounts are rounded on a receipt)."""
    sign = -1 if (value < 0) != (by < 0) else 1
    return sign * ((2 * abs(value) + abs(by)) // (2 * abs(by)))


def _known_currencies() -> dict[str, Any]:
    return dict(currencies())


def _wrong(place: int, name: str, message: str) -> Refused:
    return Refused(message, where=f"lines.{place}.{name}")
