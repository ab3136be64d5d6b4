"""What an order says otherwise is proposed on the card: taken or left at one press, never laid over what stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers import models, queries
from regulars.areas.customers.actions.cards import ground, write_groups
from regulars.areas.customers.card import drafts
from regulars.areas.journal.actions import Link, deed
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.text import fold

PARTS = ("street", "street2", "postcode", "city", "region", "country")

_GROUP = {"email": "emails", "phone": "phones", "address": "addresses"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One value for one card: `value` is an item of the card's JSON, `said` where it stood."""

    number: int
    kind: str
    value: dict[str, Any]
    said: str = ""


def weigh(said: Sequence[Proposed]) -> list[str]:
    """What becomes of each value that an order says: `known` where the card has it or more, `add` where the card has
    nothing of the kind, `propose` where it has something else. Two questions however many there are."""
    numbers = {each.number for each in said}
    points: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = models.ContactPoint.objects.filter(customer__in=numbers).values_list("customer_id", "kind", "key")
    for number, kind, key in rows:
        points[number, kind].add(key)
    places: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for number, *parts in models.Address.objects.filter(customer__in=numbers).values_list("customer_id", *PARTS):
        places[number].append(tuple(map(fold, parts)))
    found = []
    for each in said:
        if each.kind == "address":
            own = tuple(fold(str(each.value.get(part) or "")) for part in PARTS)
            found.append(_place(own, places[each.number]))
            places[each.number] += [own] if found[-1] == "add" else []
            continue
        value = str(each.value["value"])
        there = points[each.number, each.kind]
        key = fold(value) if each.kind == "email" else value
        found.append("known" if key in there else "propose" if there else "add")
        there |= {key} if found[-1] == "add" else set()
    return found


def _place(own: tuple[str, ...], there: Sequence[tuple[str, ...]]) -> str:
    """An address: the card may have it with more or fewer parts, and a country alone is news only if it is another."""
    if not there:
        return "add"
    for other in there:
        pairs = list(zip(own, other, strict=True))
        local = any(one and two for one, two in pairs[:4]) or not any(own[:4])
        if local and all(not one or not two or one == two for one, two in pairs):
            fuller = any(one and not two for one, two in pairs)
            return "add" if fuller else "known"
    return "propose"


def propose(link: Link, proposed: Iterable[Proposed], *, day: date) -> int:
    """Keeps what is proposed within somebody's deed; what was proposed before, or left, is not proposed again."""
    fresh = {(each.number, models.token_of(each.kind, each.value)): each for each in proposed}
    known = models.Proposal.objects.filter(customer__in={number for number, _token in fresh})
    for pair in known.values_list("customer_id", "token"):
        fresh.pop(pair, None)
    rows = [
        models.Proposal(
            customer_id=number,
            kind=each.kind,
            token=token,
            value=each.value,
            said=each.said[:200],
            day=day,
            told=str(each.value.get("value") or each.value.get("street") or "")[:320],
        )
        for (number, token), each in fresh.items()
    ]
    link.add(*rows)
    return len(rows)


def accept_proposal(*, number: int, token: str, by: Actor, at: datetime) -> int | None:
    """Takes it onto the card, beside what stands there. Raises NotFound, and Refused where it cannot be kept."""
    with deed(verb="customers.proposal_accepted", by=by, at=at, particulars={"number": number}) as link:
        card = queries.card_for(by, number)
        row = _open(card, token)
        draft = drafts.read({_GROUP[row.kind]: [row.value]}, ground(at))
        write_groups(link, card, draft, by=by, at=at)
        link.change(row, state="accepted", by=by.name[:200])
    return link.changeset


def decline_proposal(*, number: int, token: str, by: Actor, at: datetime) -> int | None:
    """Leaves the card as it is; the same value is not proposed again. Raises NotFound."""
    with deed(verb="customers.proposal_declined", by=by, at=at, particulars={"number": number}) as link:
        link.change(_open(queries.card_for(by, number), token), state="declined", by=by.name[:200])
    return link.changeset


def _open(card: models.Customer, token: str) -> models.Proposal:
    row = models.Proposal.objects.filter(customer=card, token=token, state="open").first()
    if row is None:
        raise NotFound(_("Nothing of the kind is proposed for this card any more."))
    return row
