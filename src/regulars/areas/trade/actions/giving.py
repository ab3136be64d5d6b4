"""Giving out receipts for what was given in a year: to one, or to all at once."""

from datetime import datetime
from itertools import batched

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import names_of_customers
from regulars.areas.journal.actions import deed
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.models import GivingReceipt
from regulars.areas.trade.queries import Year, givers, year_of, years_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

_AT_ONCE = 500


def give_receipt(*, customer: int, year: int, by: Actor, at: datetime) -> int | None:
    """Gives out the receipt for what a customer gave in a year: what stands on it is kept. The changeset, None where
    the last one given out says the same. Raises NotAllowed, NotFound, Gone, Refused where nothing was given."""
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not give receipts out."))
    with deed(verb="trade.receipt_given", by=by, at=at, particulars={"year": str(year)}) as link:
        given = year_of(by, customer, year)
        link.particulars["number"] = given.number
        if given.amount <= 0:
            raise Refused(_("Nothing was given in %(year)s.") % {"year": year}, where="year")
        if not given.stands:
            link.add(_receipt(given, take("receipt"), by, at))
    return link.changeset


def give_receipts(*, year: int, by: Actor, at: datetime) -> tuple[int | None, int]:
    """The same for all who gave in a year and have none that says it, as one deed: the changeset, None where nobody
    has to get one, and how many were given out. Raises NotAllowed, Refused."""
    if not by.may("trade.correct"):
        raise NotAllowed(_("Your account may not give receipts out to many at once."))
    with deed(verb="trade.receipts_given", by=by, at=at, particulars={"year": str(year)}) as link:
        numbers, count = [number for number, _total, _count in givers(by, year)], 0
        for part in batched(numbers, _AT_ONCE):
            fresh = [each for each in years_of(part, names_of_customers(by, part), year) if not each.stands]
            first = take("receipt", len(fresh)) if fresh else 0
            link.add(*(_receipt(each, first + place, by, at) for place, each in enumerate(fresh)))
            count += len(fresh)
        link.particulars["count"] = count
    return link.changeset, count


def _receipt(given: Year, serial: int, by: Actor, at: datetime) -> GivingReceipt:
    return GivingReceipt(
        customer_id=given.number, serial=serial, year=given.year, amount=given.amount, currency=given.currency,
        gifts=[gift.kept() for gift in given.gifts], at=at, given_by=by.name[:200],
    )  # fmt: skip
