"""What customers gave in a year of the house, and the receipts that were given out for it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for, names_of_customers, visible
from regulars.areas.house.queries import house
from regulars.areas.trade.models import GivingReceipt, Line
from regulars.kernel.actor import Actor
from regulars.kernel.dates import day_of
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.money import plain
from regulars.kernel.paging import read_cursor, write_cursor
from regulars.kernel.tables import moment

FIRST_YEAR, LAST_YEAR = 1900, 9998


@dataclass(frozen=True, slots=True, order=True)
class Gift:
    """One donation: `amount` as it was given, in 1/10,000 of `currency`, `worth` the same in the house's."""

    day: date
    what: str
    amount: int
    currency: str
    worth: int

    def kept(self) -> list[Any]:
        """As a receipt keeps it; `Gift.told` reads it back."""
        return [self.day.isoformat(), self.what, self.amount, self.currency, self.worth]

    @classmethod
    def told(cls, kept: Sequence[Any]) -> "Gift":
        return cls(day_of(kept[0]), *kept[1:])


@dataclass(frozen=True, slots=True)
class Year:
    """What one customer gave in a year, in 1/10,000 of `currency`, the house's; `receipt` is the last one given out."""

    number: int
    name: str
    year: int
    currency: str
    gifts: tuple[Gift, ...]
    receipt: GivingReceipt | None = None

    @property
    def amount(self) -> int:
        return sum(gift.worth for gift in self.gifts)

    @property
    def total(self) -> tuple[int, str]:
        return self.amount, self.currency

    @property
    def stands(self) -> bool:
        """Whether the receipt that was given out says what was given."""
        told = [gift.kept() for gift in self.gifts], self.currency
        return self.receipt is not None and (self.receipt.gifts, self.receipt.currency) == told

    @property
    def changed(self) -> bool:
        """Whether a receipt was given out, and what was given differs since."""
        return self.receipt is not None and not self.stands

    def as_json(self) -> dict[str, Any]:
        """As a program reads it: amounts as exact texts."""
        kept = self.receipt
        told = {"serial": kept.serial, "at": moment(kept.at), "by": kept.given_by, "amount": plain(kept.amount),
                "currency": kept.currency, "changed_since": self.changed} if kept else None  # fmt: skip
        gifts = [
            {"day": gift.day.isoformat(), "purpose": gift.what, "amount": plain(gift.amount), "currency": gift.currency,
             "worth": plain(gift.worth)}
            for gift in self.gifts
        ]  # fmt: skip
        return {"customer": self.number, "name": self.name, "year": self.year, "amount": plain(self.amount),
                "currency": self.currency, "donations": gifts, "receipt": told}  # fmt: skip


def year_of(by: Actor, number: int, year: int) -> Year:
    """What a customer gave in a year. Raises NotAllowed, NotFound, Gone, Refused for a year that is none."""
    _refuse(by, year)
    row = card_for(by, number)
    return next(iter(years_of([row.number], {row.number: row.name}, year)))


def giver_page(by: Actor, year: int, *, after: str = "", limit: int = 50) -> tuple[list[Year], str]:
    """Who gave in a year, of those the asker may know of, the highest sum first; so many of them behind a cursor, and
    the cursor of the page after, '' at the end. Raises NotAllowed, Refused."""
    found = givers(by, year)
    if after:
        total, number = read_cursor(after, int, int)
        found = found.filter(Q(total__lt=total) | Q(total=total, customer_id__gt=number))
    rows = list(found[: limit + 1])
    numbers = [number for number, _total, _count in rows[:limit]]
    following = write_cursor([int(rows[limit - 1][1]), rows[limit - 1][0]]) if len(rows) > limit else ""
    return years_of(numbers, names_of_customers(by, numbers), year), following


def givers(by: Actor, year: int) -> QuerySet[Any, Any]:
    """(number, sum, count) of the donations of each who gave in a year, the highest sum first. Raises NotAllowed,
    Refused."""
    _refuse(by, year)
    found = _gifts(year).filter(customer__isnull=False)
    if by.own is not None:
        found = found.filter(customer__in=visible(by))
    summed = found.values("customer_id").annotate(total=Sum("worth"), count=Count("pk"))
    return summed.filter(total__gt=0).order_by("-total", "customer_id").values_list("customer_id", "total", "count")


def years_of(numbers: Sequence[int], names: Mapping[int, str], year: int) -> list[Year]:
    """The years of these customers in their order, each with its donations and its last receipt; two questions."""
    gifts: dict[int, list[Gift]] = defaultdict(list)
    rows = _gifts(year).filter(customer__in=numbers)
    told = rows.values_list("customer_id", "day", "text", "product__name", "amount", "currency", "worth")
    for number, day, text, product, amount, paid, worth in told if numbers else ():
        gifts[number].append(Gift(day, text or product or "", amount, paid, worth))
    kept, ours = last_receipts(numbers, year), house().currency
    return [Year(each, names[each], year, ours, tuple(sorted(gifts[each])), kept.get(each)) for each in numbers]


def last_receipts(numbers: Collection[int], year: int) -> dict[int, GivingReceipt]:
    """By customer the receipt that was given out last for this year."""
    rows = GivingReceipt.objects.filter(customer__in=numbers, year=year).order_by("serial") if numbers else ()
    return {row.customer_id: row for row in rows if row.customer_id is not None}


def receipts_of(by: Actor, year: int, *, after: str = "", limit: int = 200) -> tuple[list[GivingReceipt], str]:
    """The receipts of a year that count, of those the asker may know of, by their serial; so many of them behind a
    cursor, and the cursor of the page after. Raises NotAllowed, Refused."""
    _refuse(by, year)
    rows = GivingReceipt.objects.filter(year=year, customer__isnull=False)
    if by.own is not None:
        rows = rows.filter(customer__in=visible(by))
    last = rows.values("customer").annotate(last=Max("serial")).values("last")
    found = rows.filter(serial__in=last).select_related("customer").order_by("serial")
    if after:
        found = found.filter(serial__gt=read_cursor(after, int)[0])
    some = list(found[: limit + 1])
    return some[:limit], write_cursor([some[limit - 1].serial]) if len(some) > limit else ""


def _gifts(year: int) -> QuerySet[Line]:
    return Line.objects.filter(kind="donation", day__gte=date(year, 1, 1), day__lte=date(year, 12, 31))


def _refuse(by: Actor, year: int) -> None:
    if not by.may("trade.view"):
        raise NotAllowed(_("Your account may not see what customers bought."))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("There is no year %(year)s here.") % {"year": year}, where="year")
