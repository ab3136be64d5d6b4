"""Taking down what somebody agrees to pay, changing it, ending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.queries import card_for
from regulars.areas.house.countries import currencies
from regulars.areas.house.queries import house, today
from regulars.areas.journal.actions import deed
from regulars.areas.journal.actions.deeds import take
from regulars.areas.trade.models import AGREED, EVERY, Agreement, Product
from regulars.areas.trade.queries import agreement_for
from regulars.kernel import forbidden, saying
from regulars.kernel.actor import Actor
from regulars.kernel.dates import months_later
from regulars.kernel.errors import NotAllowed, Refused

_MOST = 2**62
_OLDEST = date(1900, 1, 1)
_AHEAD, _LONGEST = 12 * 20, 12 * 100  # months: to its first day, and to its last


@dataclass(slots=True)
class NewAgreement:
    """What is told of an agreement. `product` is a product's own number, `amount` in 1/10,000; without a currency it is
    in the house's, without a first day it begins on the day of the deed."""

    kind: str
    amount: int
    product: str = ""
    purpose: str = ""
    currency: str = ""
    every: str = "month"
    since: date | None = None
    until: date | None = None
    note: str = ""


def agree(*, customer: int, told: NewAgreement, by: Actor, at: datetime) -> tuple[int | None, int]:
    """Takes a subscription or a pledge of a customer down; the changeset and its serial. Raises NotAllowed, NotFound,
    Gone, Refused."""
    _refuse_who_may_not(by)
    with deed(verb="trade.agreed", by=by, at=at, particulars={}) as link:
        row = Agreement(customer_id=card_for(by, customer).number, kind=told.kind, serial=take("agreement"))
        for name, value in _new(row, told, today(at)).items():
            setattr(row, name, value)
        link.add(row)
        link.particulars |= {"number": row.customer_id, "agreement": row.serial}
    return link.changeset, row.serial


def agreed_already(*, customer: int, told: NewAgreement, by: Actor, at: datetime) -> int | None:
    """The serial of an agreement that says the same to the letter, if there is one. Raises as `agree`."""
    _refuse_who_may_not(by)
    row = Agreement(customer_id=card_for(by, customer).number, kind=told.kind)
    found = Agreement.objects.filter(customer_id=row.customer_id, kind=row.kind, **_new(row, told, today(at)))
    return found.order_by("serial").values_list("serial", flat=True).first()


def change_agreement(*, serial: int, changes: Mapping[str, Any], by: Actor, at: datetime) -> int | None:
    """Puts an agreement right: brings it to these values (those of `NewAgreement` but its kind), from its first day on.
    Without a last day it goes on. The changeset, None where nothing differs. Raises NotAllowed, NotFound, Refused."""
    if not by.may("trade.correct"):
        raise NotAllowed(_("Your account may not change subscriptions and pledges."))
    with deed(verb="trade.agreement_changed", by=by, at=at, particulars={"agreement": serial}) as link:
        row = agreement_for(by, serial)
        link.particulars["number"] = row.customer_id
        values = _checked(row, changes, today(at))
        if "until_day" in values and values["until_day"] is None:
            values["why"] = ""
        link.change(row, **values)
    return link.changeset


def end_agreement(*, serial: int, until: date, why: str, by: Actor, at: datetime) -> int | None:
    """Ends an agreement: on `until` it holds for the last time. The changeset, None where that stands already. Raises
    NotAllowed, NotFound, Refused without a reason, before its first day, and where it ends earlier already."""
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not end subscriptions and pledges."))
    why = " ".join(why.split())
    if not why:
        raise Refused(_("Say why it ends."), where="why")
    forbidden.refuse(why, where="why")
    with deed(verb="trade.agreement_ended", by=by, at=at, particulars={"agreement": serial}) as link:
        row = agreement_for(by, serial)
        link.particulars["number"] = row.customer_id
        if row.until_day is not None and row.until_day < until:
            message = _("It ends on %(day)s already. Change its last day to have it go on for longer.")
            raise Refused(message % {"day": saying.day(row.until_day)}, where="until")
        link.change(row, **_checked(row, {"until": until}, today(at)), why=why[:200])
    return link.changeset


def _refuse_who_may_not(by: Actor) -> None:
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not take down subscriptions and pledges."))


def _new(row: Agreement, told: NewAgreement, day: date) -> dict[str, Any]:
    """The columns of a new one, of that customer and kind."""
    values = {name: getattr(told, name) for name in ("amount", "product", "purpose", "every", "until", "note")}
    values |= {"currency": told.currency or house().currency, "since": told.since or day}
    return _checked(row, values, day)


def _checked(row: Agreement, told: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The columns that these values make. Raises Refused with the name of the value that will not do."""
    if row.kind not in dict(AGREED):
        raise Refused(_("An agreement is one of: %(words)s.") % {"words": ", ".join(dict(AGREED))}, where="kind")
    values = {name: told[name] for name in ("amount", "currency", "every", "since") if name in told}
    values |= {name: " ".join(told[name].split()) for name in ("purpose", "note") if name in told}
    values |= {"until_day": told["until"]} if "until" in told else {}
    if "product" in told or "purpose" in told:
        values |= _over(row, told)
    _refuse_figures(row, values)
    _refuse_days(values.get("since", row.since), values.get("until_day", row.until_day), day)
    for name, longest in (("purpose", 300), ("note", 500)):
        if len(values.get(name, "")) > longest:
            message = _("%(where)s takes at most %(longest)s characters.")
            raise Refused(message % {"where": name, "longest": saying.count(longest)}, where=name)
        forbidden.refuse(values.get(name, ""), where=name)
    return values


def _over(row: Agreement, told: Mapping[str, Any]) -> dict[str, Any]:
    """The product or the words that it is over: who names the one takes off the other."""
    number = (told.get("product") or "").strip()
    purpose = " ".join((told.get("purpose") or "").split())
    if row.kind == "pledge":
        if number:
            raise Refused(
                _("A pledge is for a purpose, in words. Over a product it is a subscription."), where="product"
            )
        return {"product_id": None, "purpose": purpose}
    if not number:
        if not purpose:
            raise Refused(_("Name the product, or write what it is."), where="product")
        return {"product_id": None, "purpose": purpose}
    product = Product.objects.filter(number=number).first()
    if product is None:
        message = _("There is no product %(number)s. Make it first, or write the goods as a text.")
        raise Refused(message % {"number": number[:60]}, where="product")
    return {"product_id": product.pk, "purpose": ""}


def _refuse_figures(row: Agreement, values: Mapping[str, Any]) -> None:
    if "amount" in values and not 0 < values["amount"] < _MOST:
        raise Refused(_("Say how much: an amount above nought."), where="amount")
    if "currency" in values and values["currency"] not in dict(currencies()):
        message = _("“%(currency)s” is no currency that is known.")
        raise Refused(message % {"currency": values["currency"][:10]}, where="currency")
    if "every" in values and values["every"] not in dict(EVERY):
        raise Refused(_("How often is one of: %(words)s.") % {"words": ", ".join(dict(EVERY))}, where="every")


def _refuse_days(since: date, until: date | None, day: date) -> None:
    """Raises Refused for a day that is a slip."""
    if since < _OLDEST:
        raise Refused(_("The first day is %(day)s at the earliest.") % {"day": saying.day(_OLDEST)}, where="since")
    if since > (latest := months_later(day, _AHEAD)):
        raise Refused(_("The first day is %(day)s at the latest.") % {"day": saying.day(latest)}, where="since")
    if until is not None and until > (latest := months_later(since, _LONGEST)):
        message = _("The last day is %(day)s at the latest. One that goes on has none.")
        raise Refused(message % {"day": saying.day(latest)}, where="until")
    if until is not None and until < since:
        raise Refused(_("The last day comes before the first, %(day)s.") % {"day": saying.day(since)}, where="until")
