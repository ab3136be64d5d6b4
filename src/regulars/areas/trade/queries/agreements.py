"""What customers have agreed to pay: what is due of it, what came, who is behind."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import visible
from regulars.areas.trade.counting.promised import Came, Figures, Promise, settled
from regulars.areas.trade.models import MONTHS, Agreement, Line
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound
from regulars.kernel.money import plain
from regulars.kernel.paging import read_cursor, write_cursor
from regulars.kernel.prepared import Prepared
from regulars.kernel.text import fold

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement with its figures by a day (1/10,000 of its currency)."""

    row: Agreement
    figures: Figures
    over: bool  # the day is past its last one

    @property
    def due(self) -> tuple[int, str]:
        return self.figures.due, self.row.currency

    @property
    def given(self) -> tuple[int, str]:
        return self.figures.given, self.row.currency

    @property
    def behind(self) -> tuple[int, str]:
        return self.figures.behind, self.row.currency

    @property
    def aside(self) -> list[tuple[int, str]]:
        """What came for it in other currencies, which does not count."""
        return [(amount, currency) for currency, amount in sorted(self.figures.aside.items()) if amount]

    def as_json(self) -> dict[str, Any]:
        """As a program reads it: amounts as exact texts, days in ISO 8601."""
        row, figures = self.row, self.figures
        return {
            "serial": row.serial, "customer": row.customer_id, "kind": row.kind,
            "product": row.product.number if row.product else None, "purpose": row.purpose,
            "amount": plain(row.amount), "currency": row.currency, "every": row.every, "since": row.since.isoformat(),
            "until": row.until_day.isoformat() if row.until_day else None, "note": row.note, "why": row.why,
            "due": plain(figures.due), "given": plain(figures.given), "behind": plain(figures.behind),
            "next": figures.next.isoformat() if figures.next else None,
            "does_not_count": [f"{plain(amount)} {currency}" for amount, currency in self.aside],
        }  # fmt: skip


def agreements(by: Actor, *, kind: str = "", customer: int | None = None) -> QuerySet[Agreement]:
    """Those that the asker may know of, the newest first. Raises NotAllowed."""
    if not by.may("trade.view"):
        raise NotAllowed(_("Your account may not see what customers bought."))
    found = Agreement.objects.select_related("product", "customer").order_by("-serial")
    if by.own is not None:
        found = found.filter(customer__in=visible(by))
    if kind:
        found = found.filter(kind=kind)
    return found if customer is None else found.filter(customer_id=customer)


def agreement_for(by: Actor, serial: int) -> Agreement:
    """One by its serial. Raises NotAllowed, NotFound, also for a stranger's."""
    found = agreements(by).filter(serial=serial).first()
    if found is None:
        raise NotFound(_("There is no agreement %(serial)s.") % {"serial": serial}, where="serial")
    return found


def agreement_page(
    found: QuerySet[Agreement], *, day: date, behind: bool, after: str, limit: int
) -> tuple[list[Agreed], str]:
    """So many of them with their figures by a day, behind a cursor; with `behind` those alone of whom something due has
    not come, for which as many are looked at as it takes. And the cursor of the page after, '' at the end."""
    if after:
        found = found.filter(serial__lt=read_cursor(after, int)[0])
    rows: list[Agreed] = []
    while len(rows) <= limit:
        some = list(found[: _AT_ONCE if behind else limit + 1])
        rows += [each for each in agreed(some, day) if each.figures.behind or not behind]
        if not behind or len(some) < _AT_ONCE:
            break
        found = found.filter(serial__lt=some[-1].serial)
    following = write_cursor([rows[limit - 1].row.serial]) if len(rows) > limit else ""
    return rows[:limit], following


def agreed_by(number: int, day: date) -> list[Agreed]:
    """All of one customer's with their figures by a day, those that go on first; whoever asks has seen her card."""
    rows = _HERS.rows(number)
    return sorted(agreed(rows, day), key=lambda each: each.over) if rows else []


def _hers(number: int) -> QuerySet[Agreement]:
    return Agreement.objects.filter(customer=number).select_related("product").order_by("-since", "-id")


_HERS = Prepared(_hers)


def agreed(rows: Sequence[Agreement], day: date) -> list[Agreed]:
    """These with their figures by a day. What came is divided among all that a customer has agreed to."""
    figures: dict[int, Figures] = {}
    for numbers in batched(sorted({row.customer_id for row in rows}), _AT_ONCE):
        per: dict[int, list[Agreement]] = defaultdict(list)
        for row in Agreement.objects.filter(customer__in=numbers):
            per[row.customer_id].append(row)
        came = _came([row for theirs in per.values() for row in theirs], numbers, day)
        for number, theirs in per.items():
            figures |= settled([_promise(row) for row in theirs], came[number], day)
    return [Agreed(row, figures[row.pk], row.until_day is not None and row.until_day < day) for row in rows]


def _promise(row: Agreement) -> Promise:
    over: Hashable | None = ("product", row.product_id) if row.product_id else ("text", row.key) if row.key else None
    return Promise(row.pk, row.kind, row.currency, row.amount, MONTHS[row.every], row.since, row.until_day, over)


_GOODS = ("sale", "return", "refund")


def _came(rows: Sequence[Agreement], numbers: Sequence[int], day: date) -> dict[int, list[Came]]:
    """What came of these customers by a day for anything they agreed to: donations, goods that are subscribed to."""
    wanted, bought = Q(), [row for row in rows if row.kind == "subscription"]
    if len(bought) < len(rows):
        wanted |= Q(kind="donation")
    if bought:
        products = {row.product_id for row in bought}
        wanted |= Q(kind__in=_GOODS) if None in products else Q(kind__in=_GOODS, product__in=products)
    lines = Line.objects.filter(wanted, customer__in=numbers, day__lte=day).values_list(
        "customer_id", "pk", "kind", "currency", "amount", "day", "product_id", "text", "product__name", "returns_id"
    )
    found: dict[int, list[Came]] = defaultdict(list)
    for number, pk, kind, currency, amount, when, product, text, name, back in lines:
        over: set[Hashable] = {("product", product)} if product else set()
        if called := text or name:
            over.add(("text", fold(called) or called))
        what = "pledge" if kind == "donation" else "subscription"
        found[number].append(Came(pk, what, currency, amount, when, frozenset(over), back))
    return found
