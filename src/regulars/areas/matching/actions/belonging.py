"""Two cards that are not one and belong together: a household, colleagues, or where somebody works. Noted at one press,
with that they are not the same."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.actions.cards import organisation_named
from regulars.areas.customers.models import Address, Customer, Employment, Household, HouseholdMember, Relation
from regulars.areas.customers.queries import card_for, seen_among
from regulars.areas.journal.actions import Link, deed
from regulars.areas.matching.actions.rejecting import RIGHT
from regulars.areas.matching.holdings import note
from regulars.areas.matching.models import Pair
from regulars.areas.matching.queries.colleagues import firm_of
from regulars.areas.matching.queries.near import Kind, kinds_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

_VERBS = {
    "household": "matching.same_household",
    "colleagues": "matching.colleagues",
    "works_at": "matching.works_at",
}


def belong(*, a: int, b: int, kind: Kind, by: Actor, at: datetime) -> int | None:
    """Notes that two people live together, or work together, or that a person works at an organisation; and that they
    are not the same. Colleagues work at the organisation that one of the cards, or what both share, tells; where none
    is known they are related as colleagues. Returns the changeset, None where all that was known.

    Raises NotAllowed without `customers.edit`, NotFound for one whom the actor may not know of, Refused for cards that
    cannot be that to each other.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not say which cards are the same person."), right=RIGHT)
    told: dict[str, Any] = {"a": min(a, b), "b": max(a, b)}
    with deed(verb=_VERBS[kind], by=by, at=at, particulars=told) as link:
        one, other = card_for(by, min(a, b)), card_for(by, max(a, b))
        if one.number == other.number or kind not in kinds_of(one.number, other.number):
            raise Refused(_refusal(kind), where="kind")
        if kind == "household":
            _live_together(link, one, other)
        elif kind == "colleagues":
            _work_together(link, one, other, by=by, at=at)
        else:
            person, firm = (one, other) if one.kind == "person" else (other, one)
            link.particulars.update(a=person.number, b=firm.number)
            _work_at(link, firm.number, person)
        _two(link, one.number, other.number, by=by, at=at)
    return link.changeset


def leave_apart(*, a: int, b: int, by: Actor, at: datetime) -> int | None:
    """Notes that two cards that share something do not belong together. Raises NotAllowed, NotFound, Refused."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not say which cards are the same person."), right=RIGHT)
    if a == b:
        raise Refused(_("A card is always the same as itself. Name two different numbers."), where="b")
    with deed(verb="matching.left_apart", by=by, at=at, particulars={"a": min(a, b), "b": max(a, b)}) as link:
        one, other = card_for(by, min(a, b)), card_for(by, max(a, b))
        _two(link, one.number, other.number, by=by, at=at)
    return link.changeset


def _two(link: Link, a: int, b: int, *, by: Actor, at: datetime) -> None:
    codes = Pair.objects.filter(a=a, b=b).values_list("codes", flat=True).first() or ""
    note(link, a, b, codes, by=by, at=at)


def _refusal(kind: Kind) -> str:
    if kind == "household":
        return _("A household is of two people: name two cards of people that are not merged.")
    if kind == "colleagues":
        return _("Colleagues are two people: name two cards of people that are not merged.")
    return _("Work is between a person and an organisation: name one card of each.")


def _work_at(link: Link, firm: int, *people: Customer) -> None:
    known = set(Employment.objects.filter(organisation=firm, customer__in=people).values_list("customer_id", flat=True))
    link.add(*(Employment(customer=each, organisation_id=firm) for each in people if each.number not in known))


def _work_together(link: Link, one: Customer, other: Customer, *, by: Actor, at: datetime) -> None:
    firm = firm_of(one, other)
    if isinstance(firm, str):
        firm = organisation_named(link, firm, by=by, at=at)
    elif firm is not None and firm not in seen_among(by, {firm}):
        firm = None
    if firm is not None:
        _work_at(link, firm, one, other)
    elif not Relation.objects.filter(customer__in=(one, other), other__in=(one, other), kind="colleague").exists():
        link.add(Relation(customer=one, other=other, kind="colleague"))


def _live_together(link: Link, one: Customer, other: Customer) -> None:
    """Into the household that one of the two is in, or into a new one."""
    members = HouseholdMember.objects.filter(customer__in=(one, other)).select_related("household").order_by("id")
    known = {(row.customer_id, row.household_id) for row in members}
    household = members[0].household if members else None
    if household is None:
        household = Household(name=_called(one, other))
        link.add(household)
    living = [number for number in (one.number, other.number) if (number, household.pk) not in known]
    link.add(*(HouseholdMember(customer_id=number, household=household) for number in living))


def _called(one: Customer, other: Customer) -> str:
    """A name that no other household has: the family names and the street that both live in."""
    families = list(dict.fromkeys(each.family_name or each.name for each in (one, other)))
    streets = [set(Address.objects.filter(customer=each).values_list("street", flat=True)) for each in (one, other)]
    shared = sorted(streets[0] & streets[1] - {""})
    name = ", ".join([" / ".join(families), *shared[:1]])[:180]
    return f"{name} ({one.number})" if Household.objects.filter(name=name).exists() else name
