"""Purchases and their lines, as far as the asker may see them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import visible
from regulars.areas.trade.models import Line, Purchase
from regulars.kernel.actor import Actor
from regulars.kernel.databases import among
from regulars.kernel.dates import day_of
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.money import in_coins, plain
from regulars.kernel.paging import read_cursor, write_cursor
from regulars.kernel.prepared import Prepared
from regulars.kernel.tables import moment

_LINE, _PURCHASE = Line._meta.db_table, Purchase._meta.db_table


def purchases(
    by: Actor,
    *,
    customer: int | None = None,
    place: str = "",
    channel: str = "",
    product: str = "",
    since: date | None = None,
    until: date | None = None,
    late_on: date | None = None,
) -> QuerySet[Purchase]:
    """Those that match, the newest day first; `late_on`: whose delivery came after the day promised, or has not come
    by this day though that is over. Raises NotAllowed."""
    found = seen(by).order_by("-day", "-serial")
    if customer is not None:
        found = found.filter(customer_id=customer)
    if place:
        found = found.filter(Q(place__code=place) | Q(place__within__code=place))
    if channel:
        found = found.filter(channel=channel)
    if product:
        found = found.filter(pk__in=Line.objects.filter(product__number=product).values("purchase"))
    if late_on:
        missing = Q(delivered__isnull=True, promised__lt=late_on)
        found = found.filter(Q(late__gt=0) | missing, promised__isnull=False, void="")
    if since:
        found = found.filter(day__gte=since)
    if until:
        found = found.filter(day__lte=until)
    return found


def page_of(found: QuerySet[Purchase], after: str, limit: int) -> tuple[list[Purchase], str]:
    """So many of them behind a cursor, and the cursor of the page after, '' at the end. Raises Refused for a cursor
    that is none."""
    if after:
        day, serial = read_cursor(after, str, int)
        try:
            last = date.fromisoformat(day)
        except ValueError:
            raise Refused(_("This is not the `next` of a page of this list."), where="after") from None
        found = found.filter(Q(day__lt=last) | Q(day=last, serial__lt=serial))
    rows = list(found[: limit + 1])
    if len(rows) <= limit:
        return rows, ""
    return rows[:limit], write_cursor([rows[limit - 1].day.isoformat(), rows[limit - 1].serial])


def seen(by: Actor) -> QuerySet[Purchase]:
    """All that the asker may know of. Raises NotAllowed."""
    if not by.may("trade.view"):
        raise NotAllowed(_("Your account may not see what customers bought."))
    rows = Purchase.objects.select_related("place", "customer")
    if by.own is None:
        return rows
    territories = [code for column, codes in by.own if column == "territory" for code in codes]
    return rows.filter(Q(customer__in=visible(by)) | Q(customer__isnull=True, territory__in=territories))


def sold_to(by: Actor, number: int, most: int) -> list[Purchase]:
    """The customer's latest purchases of which something sold stands: no mere return or donation, none void."""
    sold = Line.objects.filter(purchase=OuterRef("pk"), kind="sale")
    return list(purchases(by, customer=number).filter(Exists(sold))[:most])


def latest_with_totals(by: Actor, number: int, most: int = 5) -> list[tuple[Purchase, tuple[int, str]]]:
    """A customer's last purchases, each with its total and currency."""
    rows = list(purchases(by, customer=number)[:most])
    lines: dict[int, list[Line]] = {row.pk: [] for row in rows}
    for line in Line.objects.filter(purchase__in=rows) if rows else ():
        lines[line.purchase_id].append(line)
    return [(row, (total_of(row, lines[row.pk]), row.currency)) for row in rows]


def purchase_for(by: Actor, serial: int) -> Purchase:
    """One purchase by its serial. Raises NotAllowed, NotFound, also for a stranger's."""
    found = seen(by).filter(serial=serial).first()
    if found is None:
        raise NotFound(_("There is no purchase %(serial)s.") % {"serial": serial}, where="serial")
    return found


def lines_of(purchase: Purchase) -> list[Line]:
    """Its lines in order; each knows what is `left` of it to be taken back and what of its amount is `unpaid`, not paid
    back yet (both in 1/10,000), 0 where nothing was sold."""
    return lines_left(_LINES.rows(purchase.pk))


def lines_of_each(purchases: Sequence[Purchase]) -> dict[int, list[Line]]:
    """The same of several, by the purchase's key."""
    found: dict[int, list[Line]] = {row.pk: [] for row in purchases}
    rows = Line.objects.filter(purchase__in=purchases).select_related("product__type").order_by("purchase", "ordinal")
    for line in lines_left(list(rows)) if purchases else ():
        found[line.purchase_id].append(line)
    return found


def lines_left(rows: list[Line]) -> list[Line]:
    """These lines, each with what is `left` of it and `unpaid`, and `of` which purchase it gives back, its serial
    and its number."""
    sold = [row.pk for row in rows if row.kind == "sale"]
    went = Line.objects.filter(returns__in=sold).values_list("returns") if sold else None
    summed = went.annotate(Sum("quantity"), Sum("amount")) if went is not None else ()
    back = {pk: (quantity, amount) for pk, quantity, amount in summed}
    for row in rows:
        if row.kind == "sale":
            quantity, amount = back.get(row.pk, (0, 0))
            row.left, row.unpaid = row.quantity + quantity, row.amount + amount
    given_back = [row.returns_id for row in rows if row.returns_id is not None]
    sold_with = ("pk", "purchase__serial", "purchase__number")
    of = Line.objects.filter(pk__in=given_back).values_list(*sold_with) if given_back else ()
    known: dict[int | None, tuple[int, str]] = {pk: (serial, number) for pk, serial, number in of}
    for row in rows:
        row.of, row.of_number = known.get(row.returns_id, (None, ""))
    return rows


_LINES = Prepared(lambda key: Line.objects.filter(purchase=key).select_related("product__type").order_by("ordinal"))


def returnable(customers: Collection[int]) -> list[tuple[int, int | None, date, str, str, int, int]]:
    """(customer, product's id, day, source, number, ordinal, quantity left) of sold lines, the oldest first."""
    hers, values = among(connection, "l.customer_id", sorted(customers))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.customer_id, l.product_id, l.day, p.source, p.number, l.ordinal, "
            f"l.quantity + COALESCE((SELECT SUM(r.quantity) FROM {_LINE} r WHERE r.returns_id = l.id), 0) AS rest "
            f"FROM {_LINE} l JOIN {_PURCHASE} p ON p.id = l.purchase_id WHERE {hers} AND l.kind = 'sale' "
            "ORDER BY l.day, l.id",
            values,
        )
        rows = cursor.fetchall()
    return [(*row[:2], day_of(row[2]), *row[3:6], int(row[6])) for row in rows if row[6] > 0]


def total_of(purchase: Purchase, lines: Sequence[Line]) -> int:
    """What it comes to, rounded once to the smallest coin of its currency (decision 13); in 1/10,000."""
    return in_coins(sum(line.amount for line in lines), purchase.currency)


def unpaid_of(purchase: Purchase) -> int:
    """What was paid for it and has not been paid back yet, in 1/10,000 of its currency; never below nought."""
    return max(sum(line.unpaid for line in lines_of(purchase)), 0)


def as_json(purchase: Purchase, lines: Sequence[Line]) -> dict[str, Any]:
    """A purchase as a program reads it: amounts and quantities as exact texts, without row ids."""
    total = total_of(purchase, lines)
    days = {name: getattr(purchase, name) for name in ("promised", "sent", "delivered")}
    return {
        "serial": purchase.serial, "source": purchase.source, "number": purchase.number,
        "customer": purchase.customer_id, "place": purchase.place.code, "channel": purchase.channel,
        "served_by": purchase.served_by, "territory": purchase.territory, "at": moment(purchase.at),
        "day": purchase.day.isoformat(), "currency": purchase.currency, "rate": _rate(purchase),
        "total": plain(total), **{name: day.isoformat() if day else None for name, day in days.items()},
        "late_days": purchase.late, "damaged": purchase.damaged, "note": purchase.note, "void": purchase.void or None,
        "lines": [_line(each) for each in lines],
    }  # fmt: skip


def _rate(purchase: Purchase) -> str:
    whole, rest = divmod(purchase.rate, 1_000_000_000)
    return f"{whole}.{rest:09}".rstrip("0").rstrip(".")


def _line(line: Line) -> dict[str, Any]:
    return {
        "ordinal": line.ordinal, "kind": line.kind, "product": line.product.number if line.product else None,
        "text": line.text or (line.product.name if line.product else ""), "quantity": plain(line.quantity),
        "price": plain(line.price) if line.price is not None else None, "amount": plain(line.amount),
        "reason": line.reason or None, "remark": line.remark, "left": plain(line.left),
        "warranty_until": line.warranty_until.isoformat() if line.warranty_until else None, "returns": line.of,
    }  # fmt: skip
