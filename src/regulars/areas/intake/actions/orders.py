"""One order or receipt from outside, in one deed: who bought is found, made or brought up to date; what, is kept.

The same number of the same source again is no second purchase: it answers with the first, as long as it says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from stdnum import ean

from regulars.areas.customers.actions.cards import ground, write_groups, write_new
from regulars.areas.customers.actions.proposals import PARTS, Proposed, propose, weigh
from regulars.areas.customers.actions.recognising import Person
from regulars.areas.customers.card import drafts
from regulars.areas.customers.models import ContactPoint, Customer, Reference
from regulars.areas.customers.queries import card_for, keeper_of
from regulars.areas.house.queries import today
from regulars.areas.journal.actions import Link, deed
from regulars.areas.trade.actions import NewPurchase
from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.making import rounded
from regulars.areas.trade.actions.recording import write
from regulars.areas.trade.models import Line, Purchase
from regulars.kernel import forbidden
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.money import SCALE
from regulars.kernel.text import fold

TERMINAL = "terminal"  # the source under which the token of a bank card's terminal is kept, never its number
_SAID = ("value", "label", *PARTS)  # what of a contact point or address may be proposed
_NAMES = frozenset(("title", "given_name", "middle_name", "family_name", "suffix", "called_name", "organisation_name"))
_GROUPS = {"emails": "email", "phones": "phone", "addresses": "address"}


class Otherwise(Refused):
    """The number is kept already, with other lines."""

    code = "known_otherwise"
    status = 409


@dataclass(frozen=True, slots=True)
class Order:
    """What is bought, and by whom: `customer` is a number of the house (as on its card), `buyer` a card in the
    contract's JSON, `terminal` the token a payment terminal gives. All may lack: a sale without a customer."""

    purchase: NewPurchase
    customer: int | None = None
    buyer: Mapping[str, Any] = field(default_factory=dict)
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The purchase's serial; `new` is False where it was kept before. `customer_made` where the card is new."""

    serial: int
    new: bool
    changeset: int | None = None
    customer: int | None = None
    customer_made: bool = False
    proposed: int = 0


def take_order(*, order: Order, by: Actor, at: datetime) -> Taken:
    """Keeps an order. Raises NotAllowed, NotFound (the customer named), Otherwise, and Refused with what is wrong."""
    if not by.may("trade.record"):
        raise NotAllowed(_("Your account may not take down purchases."))
    _refuse_secrets(order)
    new = order.purchase
    if known := _known(new):
        return known
    made, proposed = False, 0
    with deed(verb="intake.order_taken", by=by, at=at, particulars={}) as link:
        number, made, proposed = _buyer(link, order, by, at)
        new.customer = number
        row = write(link, Book(by=by, at=at, make_products=True, make_places=True), new)
        link.particulars |= {"purchase": row.serial, "number": number}
    return Taken(row.serial, True, link.changeset, row.customer_id, made, proposed)


def _known(new: NewPurchase) -> Taken | None:
    """The purchase of this source and number, where it says the same. Raises Otherwise."""
    if not new.number:
        return None
    row = Purchase.objects.filter(source=new.source, number=new.number).first()
    if row is None:
        return None
    if not row.void and not _says_the_same(new, row):
        told = {"number": new.number, "serial": row.serial}
        raise Otherwise(
            _("Number %(number)s is kept already, as purchase %(serial)s, with other lines. Correct that one.") % told,
            where="number",
            serial=row.serial,
        )
    return Taken(row.serial, False, customer=row.customer_id)


def _says_the_same(new: NewPurchase, row: Purchase) -> bool:
    """Line by line: kind, product, how many, for how much (as far as that is told), in which currency."""
    kept = list(Line.objects.filter(purchase=row).select_related("product").order_by("ordinal"))
    if len(kept) != len(new.lines) or new.currency not in ("", row.currency):
        return False
    for told, line in zip(new.lines, kept, strict=True):
        amount = told.amount
        if amount is None and told.price is not None:
            amount = rounded(told.price * told.quantity, SCALE)
        number = line.product.number if line.product else ""
        if told.kind != line.kind or told.product not in ("", number) or abs(told.quantity) != abs(line.quantity):
            return False
        if amount is not None and abs(amount) != abs(line.amount):
            return False
    return True


# --- who bought -------------------------------------------------------------------------------------------------------


def _buyer(link: Link, order: Order, by: Actor, at: datetime) -> tuple[int | None, bool, int]:
    """(number, whether the card is new, how many values are proposed for it)."""
    card = dict(order.buyer)
    if order.terminal:
        known = [*card.get("references", ()), {"source": TERMINAL, "value": order.terminal}]
        card["references"] = known
    if order.customer is not None:
        row = card_for(by, order.customer)
        return row.number, False, _bring_up_to_date(link, row, card, by, at, order.purchase) if card else 0
    if not card:
        return None, False, 0
    draft = drafts.read(card, ground(at))
    number = _found(draft)
    if number is None and set(draft.groups) <= {"references"} and not draft.own and order.terminal:
        return None, False, 0  # a terminal's token that nobody has been told to be: a sale without a customer
    if number is None:
        return write_new(link, draft, by=by, at=at).number, True, 0
    row = card_for(by, number)
    return row.number, False, _bring_up_to_date(link, row, card, by, at, order.purchase)


def _found(draft: drafts.Draft) -> int | None:
    """Whom these references name; else who has this e-mail address and no given name that contradicts; else who has
    this phone and neither a given nor a family name that does."""
    for item in draft.groups.get("references", ()):
        where = {"source": item.values.get("source", ""), "value": item.values["value"]}
        number = Reference.objects.filter(**where).values_list("customer_id", flat=True).first()
        if number is not None:
            return keeper_of(number)
    own = Person(*(fold(str(draft.own.get(name) or "")) for name in ("given_name", "family_name", "organisation_name")))
    for group, kind in (("emails", "email"), ("phones", "phone")):
        for item in draft.groups.get(group, ()):
            value = str(item.values["value"])
            key = fold(value) if kind == "email" else value
            numbers = ContactPoint.objects.filter(kind=kind, key=key).values_list("customer_id", flat=True)
            people = Customer.objects.filter(number__in=numbers, merged_into=None).order_by("number")
            for row in people:
                there = Person(row.given_fold, row.family_fold, row.organisation_fold)
                if not own.contradicts(there, by_phone=kind == "phone"):
                    return row.number
    return None


def _bring_up_to_date(
    link: Link, row: Customer, card: Mapping[str, Any], by: Actor, at: datetime, new: NewPurchase
) -> int:
    """Fills what is empty; what differs is proposed. Returns how much is."""
    draft = drafts.read(card, ground(at))
    empty = {name: value for name, value in draft.own.items() if value and getattr(row, name, "?") in ("", None)}
    if _is_anothers(draft, row):
        empty = {name: value for name, value in empty.items() if name not in _NAMES}
    link.change(row, **empty)
    said = [(name, item) for name in _GROUPS for item in draft.groups.get(name, ())]
    where = " ".join(filter(None, (new.source, new.number)))
    numbered = [Proposed(row.number, _GROUPS[name], _said(item), where) for name, item in said]
    verdicts = weigh(numbered)
    kept = {name: items for name, items in draft.groups.items() if name not in _GROUPS}
    for (name, item), verdict in zip(said, verdicts, strict=True):
        if verdict == "add":
            kept.setdefault(name, []).append(item)
    draft.groups = kept
    write_groups(link, row, draft, by=by, at=at)
    wanted = [each for each, verdict in zip(numbered, verdicts, strict=True) if verdict == "propose"]
    return propose(link, wanted, day=today(at))


def _is_anothers(draft: drafts.Draft, row: Customer) -> bool:
    """Whether the name told is not that of the card: a person who buys for a firm, somebody of another family."""
    family = fold(str(draft.own.get("family_name") or ""))
    return row.kind == "organisation" or bool(family and row.family_fold and family != row.family_fold)


def _said(item: drafts.Item) -> dict[str, Any]:
    """As much of a contact point or an address as may be proposed, as an item of the card's JSON."""
    return {name: value for name, value in item.values.items() if value and name in _SAID}


# --- what must not be in here -----------------------------------------------------------------------------------------


def _refuse_secrets(order: Order) -> None:
    """Refuses the number of a payment card, in whatever member it stands (G6, I7)."""
    new = order.purchase
    forbidden.refuse(order.terminal, where="buyer.terminal_token")
    for name in ("number", "served_by", "note", "place"):
        forbidden.refuse(str(getattr(new, name)), where=name)
    for place, line in enumerate(new.lines):
        forbidden.refuse(f"{line.text}\n{line.type}\n{line.remark}", where=f"lines.{place}.text")
        if not ean.is_valid(line.product):
            forbidden.refuse(line.product, where=f"lines.{place}.product")
    for name, value in order.buyer.items():
        for text in _texts(value):
            forbidden.refuse(text, where=f"buyer.{name}")


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
