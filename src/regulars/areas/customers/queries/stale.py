"""Cards whose contact details nobody confirmed, and nobody changed, for long."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.areas.customers.models import Address, ContactPoint, Customer, Standing
from regulars.areas.customers.queries.reach import visible
from regulars.areas.house.queries import House
from regulars.areas.journal.models import Link
from regulars.kernel.actor import Actor

_NOT_ASKED = ("archived", "deceased", "do_not_contact", "prospect")
_A_MONTH = 30.4375  # days, over four years
Place = tuple[str, int]  # the last change and the number of the last card of the page before


@dataclass(frozen=True, slots=True)
class Stale:
    """A card to be checked: its number, the day of the last confirmation, when something on it was changed last."""

    number: int
    confirmed: date | None
    updated_at: datetime


def stale_before(rules: House, at: datetime) -> date:
    """The house's day before which a confirmation is too old."""
    return rules.day(at) - timedelta(days=round(rules.check_after_months * _A_MONTH))


def stale_cards(by: Actor, *, rules: House, at: datetime, limit: int, after: Place | None = None) -> list[Stale]:
    """Those that something happened on last come first; `after` are the last change (ISO) and the number of the last
    one of the page before."""
    rows = _stale(by, rules, at).order_by("-updated_at", "-number")
    if after is not None:
        moment = datetime.fromisoformat(after[0])
        rows = rows.filter(Q(updated_at__lt=moment) | Q(updated_at=moment, number__lt=after[1]))
    return [Stale(*row) for row in rows.values_list("number", "confirmed_on", "updated_at")[:limit]]


def _stale(by: Actor, rules: House, at: datetime) -> QuerySet[Customer]:
    day = stale_before(rules, at)
    begin = datetime.combine(day, time(), rules.zone)
    last = Link.objects.filter(at__lt=begin).order_by("-number").values_list("number", flat=True).first() or 0

    def has(model: Any, **what: Any) -> Exists:
        return Exists(model.objects.filter(customer=OuterRef("pk"), **what))

    return (
        visible(by)
        .filter(merged_into=None, created_at__lt=begin)
        .filter(Q(confirmed_on=None) | Q(confirmed_on__lt=day))
        .filter(has(ContactPoint) | has(Address))
        .exclude(has(Standing, kind__in=_NOT_ASKED))
        .exclude(has(ContactPoint, link__gt=last))
        .exclude(has(Address, link__gt=last))
    )
