"""Adding, editing, deleting one card."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers import models, queries
from regulars.areas.customers.actions.standings import refuse_unknown
from regulars.areas.customers.card import drafts, telling
from regulars.areas.customers.card.cleaning import Ground
from regulars.areas.customers.card.showing import key_of
from regulars.areas.customers.queries.reach import claim, seen_among, visible
from regulars.areas.house.queries import house, today
from regulars.areas.journal.actions import Link, deed
from regulars.areas.journal.models import Journaled
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused, Stale
from regulars.kernel.registries import Member
from regulars.kernel.saying import day
from regulars.kernel.text import fold

_MAKES_A_CARD = ("given_name", "middle_name", "family_name", "called_name", "organisation_name")


def ground(at: datetime) -> Ground:
    settings = house()
    return Ground(country=settings.country, currency=settings.currency, today=settings.day(at))


@registries.steady(anew=False)
def add_customer(
    *, card: Mapping[str, Any], by: Actor, at: datetime, standings: Iterable[str] = (), apart: Collection[int] = ()
) -> int:
    """Makes one card from the contract's JSON and returns its number; it has these `standings` from the beginning.
    `apart` are customers of whom somebody said that they are others.

    Raises Refused naming the bad value.
    """
    draft = drafts.read(card, ground(at))
    with deed(verb="customers.added", by=by, at=at) as link:
        row = write_new(link, draft, by=by, at=at)
        for kind in standings:
            refuse_unknown(kind)
            link.add(models.Standing(customer=row, kind=kind, since=today(at)))
        _set_apart(link, row, apart, by=by, at=at)
        link.particulars["number"] = row.number
    return row.number


def _set_apart(link: Link, row: models.Customer, others: Collection[int], *, by: Actor, at: datetime) -> None:
    for note in registries.REGISTRY.apart if others else ():
        note(link, row.number, others, by=by, at=at)


def write_new(link: Link, draft: drafts.Draft, *, by: Actor, at: datetime) -> models.Customer:
    """The rows of a new card, inside somebody's deed."""
    refuse_nobody(draft)
    _refuse_unknown(draft.own, by)
    _lead_on(draft.own)
    (number,) = link.numbers(1)
    row = models.Customer(number=number, created_at=at, **{k: v for k, v in draft.own.items() if v is not None})
    if "kind" not in draft.own and row.organisation_name and not (row.given_name or row.family_name):
        row.kind = "organisation"
    row.tell_by = row.tell_by or telling.due(draft.own, row.kind, today(at))
    refuse_circle(row)
    claim(row, by)
    link.add(row)
    write_groups(link, row, draft, by=by, at=at)
    return row


def refuse_nobody(draft: drafts.Draft) -> None:
    """A card needs one of: a name part, an organisation name, a contact point, a reference."""
    named = any(draft.own.get(name) for name in _MAKES_A_CARD)
    if not named and not any(draft.groups.get(group) for group in ("emails", "phones", "references")):
        raise _needs_something()


@registries.steady(anew=False)
def edit_customer(
    *, number: int, card: Mapping[str, Any], by: Actor, at: datetime, seen: int | None = None, whole: bool = False,
    apart: Collection[int] = (),
) -> int | None:  # fmt: skip
    """Brings parts of a card to the given values; returns the changeset, None if nothing differed. `apart` are
    customers of whom somebody said that they are others.

    `seen` is the card's version on which the edit was made. Raises Stale, with what stands now, when one of the values
    to be edited has changed since; other changes do not stand in the way, but with `whole` they do (`If-Match`).
    Raises NotFound and Refused.
    """
    draft = drafts.read(card, ground(at))
    with deed(verb="customers.edited", by=by, at=at, particulars={"number": number}) as link:
        row = queries.card_for(by, number)
        if seen is not None and seen != row.version:
            _refuse_old_view(row, draft, seen, whole=whole)
        values = {name: _kept_empty(name, value) for name, value in draft.own.items()}
        _refuse_unknown({column: value for column, value in values.items() if value != getattr(row, column)}, by)
        _lead_on(values)
        if values.get("referred_by_id") is not None:
            refuse_circle(row, values["referred_by_id"])
        was_nobody = _is_nobody(row)  # what an undo takes away can leave one; notes are still taken of her
        link.change(row, **values)
        write_groups(link, row, draft, by=by, at=at)
        if _is_nobody(row) and not was_nobody:
            raise _needs_something()
        _set_apart(link, row, apart, by=by, at=at)
    return link.changeset


def _kept_empty(name: str, value: Any) -> Any:
    field = models.Customer._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    return "" if value is None and not field.null else value


def naming_columns() -> dict[str, str]:
    """The facts of the card's own row that name another customer, and the columns they stand in."""
    facts = [fact for fact in registries.REGISTRY.facts.values() if fact.type == "customer" and fact.writable]
    return {fact.name: fact.source.column for fact in facts if isinstance(fact.source, registries.Column)}


def _refuse_unknown(values: Mapping[str, Any], by: Actor) -> None:
    """Who is named on a card is there, for whoever names her."""
    named = {name: values[column] for name, column in naming_columns().items() if values.get(column) is not None}
    there = _there(by, named.values())
    for name, number in named.items():
        if number not in there:
            raise Refused(_("There is no customer %(number)s.") % {"number": number}, where=name)


def _lead_on(values: dict[str, Any]) -> None:
    """Who is named by the number of a card that was merged is the customer it leads to."""
    for column in naming_columns().values():
        if values.get(column) is not None:
            values[column] = queries.keeper_of(values[column])


def _there(by: Actor, numbers: Collection[int]) -> set[int]:
    """Those of these numbers that have a card this actor may name."""
    if by.own is not None:
        return seen_among(by, numbers)
    return set(models.Customer.objects.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()


def _needs_something() -> Refused:
    return Refused(
        _("A card needs a name, an organisation, an e-mail address, a phone or a reference."), where="given_name"
    )


def _is_nobody(row: models.Customer) -> bool:
    """Whether nothing is left on the card of what makes one."""
    return not (
        any(getattr(row, name) for name in _MAKES_A_CARD)
        or models.ContactPoint.objects.filter(customer=row).exists()
        or models.Reference.objects.filter(customer=row).exists()
    )


def refuse_circle(row: models.Customer, referrer: int | None = None) -> None:
    """Who sent whom is a tree: nobody stands below herself."""
    above = referrer if referrer is not None else row.referred_by_id
    if above == row.number:
        raise Refused(_("Nobody is brought by herself: name another customer."), where="referred_by")
    seen = {row.number}
    while above is not None:
        if above in seen:
            raise Refused(
                _("Customer %(number)s was herself brought by this one.") % {"number": referrer}, where="referred_by"
            )
        seen.add(above)
        above = models.Customer.objects.filter(pk=above).values_list("referred_by_id", flat=True).first()


def _refuse_old_view(row: models.Customer, draft: drafts.Draft, seen: int, *, whole: bool) -> None:
    """Refuses if what is to be edited was edited since `seen`; says what, by whom and when."""
    newer = queries.edited_since(row, seen)
    clashes = newer if whole else [each for each in newer if each.column in draft.own or each.group in draft.groups]
    if clashes or whole:
        raise Stale(
            _("This card has been edited since you opened it."),
            where=(clashes[0].column or clashes[0].group) if clashes else None,
            newer=[each.as_json() for each in clashes],
            version=row.version,
        )


def delete_customer(*, number: int, by: Actor, at: datetime) -> int | None:
    """Takes a card out of the present, with those that were merged into it. It can be brought back by undoing this
    deed; its number is never used again."""
    with deed(verb="customers.deleted", by=by, at=at, particulars={"number": number}) as link:
        row = queries.card_for(by, number)
        link.particulars["number"] = row.number
        _refuse_needed(row, by)
        numbers = queries.joined_to(row.number)
        for group in registries.groups().values():
            model = registries.model_named(group.model)
            link.remove(*model._default_manager.filter(customer_id__in=numbers, **dict(group.where)))
        for holding in registries.holdings().values():
            model = registries.model_named(holding.model)
            if model is models.Customer or "customer" not in holding.by or not issubclass(model, Journaled):
                continue
            link.remove(*model._default_manager.filter(customer_id__in=numbers))
        link.remove(*models.Customer.objects.filter(pk__in=numbers))
    return link.changeset


def _refuse_needed(row: models.Customer, by: Actor) -> None:
    others = [
        number
        for column in naming_columns().values()
        for number in models.Customer.objects.filter(**{column: row.pk}).values_list("number", flat=True)[:5]
    ]
    staff = models.Employment.objects.filter(organisation=row).values_list("customer_id", flat=True)[:5]
    related = models.Relation.objects.filter(other=row).values_list("customer_id", flat=True)[:5]
    named = sorted({*others, *staff, *related})
    if named:
        known = queries.names_of_customers(by, named)
        raise Refused(
            _("Other cards name this one: %(cards)s. Take it off them first, or archive it.")
            % {"cards": ", ".join(f"{known[each]} ({each})" for each in named)},
            code_word="needed",
        )


# --- the rows of the groups -------------------------------------------------------------------------------------------


def write_groups(link: Link, row: models.Customer, draft: drafts.Draft, *, by: Actor, at: datetime) -> None:
    for name, items in draft.groups.items():
        for item in items:
            _write_item(link, row, name, item, by=by, at=at)
        if name in ("emails", "phones") and items:
            _settle_primary(link, row, name)


def _write_item(link: Link, row: models.Customer, name: str, item: drafts.Item, *, by: Actor, at: datetime) -> None:
    group = registries.groups()[name]
    model = registries.model_named(group.model)
    values = dict(item.values)
    if name == "works_at" and "organisation" in values:
        values["organisation_id"] = _employer(link, row, values.pop("organisation"), by=by, at=at)
    if name == "households" and "name" in values:
        values["household_id"] = _household_named(link, values.pop("name"))
    for each in ("organisation_id", "other_id"):
        if each in values and not _there(by, {values[each]}) and not _stands(model, row, each, values[each]):
            raise Refused(_("There is no customer %(number)s.") % {"number": values[each]}, where=name)
        if each in values:
            values[each] = queries.keeper_of(values[each])
    if name == "notes" and not item.key:
        values["by"] = by.name
    standing = _standing_row(model, row, dict(group.where), item, values)
    if item.remove:
        if standing is not None:
            link.remove(standing)
        return
    values = {
        k: ("" if v is None and not model._meta.get_field(k.removesuffix("_id")).null else v) for k, v in values.items()
    }
    _refuse_backwards(name, values, standing)
    if standing is not None:
        if name == "references":
            _refuse_taken(by, row, {"source": standing.source, "value": standing.value, **values})
        if item.secret is not None:
            if standing.blind == values["blind"]:
                return  # the same sealed value stands there already
            values |= item.secret(standing)
        _unseat_primary(link, row, name, values, standing)
        if values.get("primary") is False and standing.pk == _points(row, name)[0].pk:
            del values["primary"]  # nobody said which one instead: it would be seated again at once
        link.change(standing, **values)
        return
    if item.key:
        raise Refused(_("That value is no longer on the card."), where=name)
    if name == "references":
        _refuse_taken(by, row, values)
    _unseat_primary(link, row, name, values, None)
    fresh = model(customer=row, **values)
    if item.secret is not None:
        link.number_row(fresh)
        for column, value in item.secret(fresh).items():
            setattr(fresh, column, value)
    link.add(fresh)


def _stands(model: Any, row: models.Customer, column: str, number: int) -> bool:
    return bool(model._default_manager.filter(customer=row, **{column: number}).exists())


def _employer(link: Link, row: models.Customer, told: str, *, by: Actor, at: datetime) -> int:
    """The organisation of this name; or of the number by which a stranger stands on this card."""
    if by.own is not None and told.isdecimal() and _stands(models.Employment, row, "organisation_id", int(told[:18])):
        return int(told[:18])
    return organisation_named(link, told, by=by, at=at)


_SPANS = (("valid_from", "valid_to"), ("since", "until_day"))


def _refuse_backwards(name: str, values: Mapping[str, Any], standing: Any) -> None:
    """A span of days ends on the day it begins, or later."""
    for columns in _SPANS:
        if not set(columns) & set(values):
            continue
        begin, end = (values[each] if each in values else getattr(standing, each, None) for each in columns)
        if begin and end and end < begin:
            labels = {fact.source.column: fact for fact in registries.facts_of(name) if isinstance(fact.source, Member)}
            first, last = (labels[each] for each in columns)
            raise Refused(
                _("%(last)s (%(end)s) lies before %(first)s (%(begin)s). Correct one of the two days.")
                % {"last": last.label, "end": day(end), "first": first.label, "begin": day(begin)},
                where=f"{name}.{last.key}",
            )


def _refuse_taken(by: Actor, row: models.Customer, values: Mapping[str, Any]) -> None:
    """A system knows one customer under a number: two cards with the same reference would be one customer."""
    named = {"source": values["source"], "value": values["value"]}
    other = models.Reference.objects.filter(**named).exclude(customer=row).values_list("customer_id", flat=True).first()
    if other is not None and not _there(by, {other}):
        told = {"value": named["value"]}
        raise Refused(_("Another customer has the reference %(value)s already.") % told, where="references")
    if other is not None:
        raise Refused(
            _("Customer %(number)s has the reference %(value)s already.") % {"number": other, "value": named["value"]},
            where="references",
        )


def _standing_row(
    model: Any, row: models.Customer, where: Mapping[str, Any], item: drafts.Item, values: Mapping[str, Any]
) -> Any:
    """The row on the card that this item means: by its key, else by its identity."""
    rows = model._default_manager.filter(customer=row, **where)
    if item.key:
        return next((each for each in rows if key_of(each) == item.key), None)
    probe = model(customer=row, **{**where, **{k: v for k, v in values.items() if v is not None}})
    probe.derive()
    wanted = key_of(probe)
    return next((each for each in rows if key_of(each) == wanted), None)


def _unseat_primary(link: Link, row: models.Customer, name: str, values: Mapping[str, Any], keep: Any) -> None:
    if name not in ("emails", "phones") or not values.get("primary"):
        return
    others = models.ContactPoint.objects.filter(customer=row, kind=name.removesuffix("s"), primary=True)
    link.change_many([each for each in others if keep is None or each.pk != keep.pk], primary=False)


def _points(row: models.Customer, name: str) -> list[models.ContactPoint]:
    """Her e-mail addresses, or her phones, the oldest first."""
    return list(models.ContactPoint.objects.filter(customer=row, kind=name.removesuffix("s")).order_by("id"))


def _settle_primary(link: Link, row: models.Customer, name: str) -> None:
    """One contact point of a kind is primary: the first, where nobody said which."""
    points = _points(row, name)
    if points and not any(each.primary for each in points):
        link.change(points[0], primary=True)


def organisation_named(link: Link, name: str, *, by: Actor, at: datetime) -> int:
    """The number of the organisation of this name, made on the way if the house does not know it."""
    known = (
        (models.Customer.objects.all() if by.own is None else visible(by))
        .filter(organisation_fold=fold(name), kind="organisation")
        .order_by("number")
        .values_list("number", flat=True)
        .first()
    )
    if known is not None:
        return queries.keeper_of(known)
    (number,) = link.numbers(1)
    made = models.Customer(number=number, kind="organisation", organisation_name=name, created_at=at)
    claim(made, by)
    link.add(made)
    return number


def _household_named(link: Link, name: str) -> int:
    known = models.Household.objects.filter(name=name).values_list("pk", flat=True).first()
    if known is not None:
        return known
    fresh = models.Household(name=name)
    link.add(fresh)
    return fresh.pk
