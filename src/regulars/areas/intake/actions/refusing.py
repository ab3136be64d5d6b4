"""Rows that do not come in: why, and where that is kept until somebody has looked at it."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.translation import gettext_noop as _

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.customers.actions.cards import naming_columns
from regulars.areas.customers.actions.recognising import Person
from regulars.areas.customers.actions.updating import Desk
from regulars.areas.customers.models import Customer
from regulars.areas.intake.actions.counting import Counts
from regulars.areas.intake.models import Intake, Refusal
from regulars.areas.intake.queries.rejected import NOBODY, key_of_refusals, place_of
from regulars.kernel import crypto
from regulars.kernel.errors import Refused
from regulars.kernel.tables import table_of
from regulars.kernel.wording import refusal

DEFAULT_SOURCE = "list"
ANOTHER = _(
    "Reference {reference} is {name}'s (card {number}) already. If this list counts for itself, name its source."
)
Bad = list[Any]  # row, column, value, template, told: as `readers.Problem`


def told(row: int, refused: Refused) -> Bad:
    """A refusal as it travels: with its template, so that it can be said in another language."""
    where = refused.where or ""
    return [
        row,
        where,
        str(refused.more.get("value") or ""),
        refused.more.get("template") or str(refused),
        dict(refused.more.get("told") or {}),
    ]


def unknown_customers(chunk: Chunk) -> None:
    """Refuses the cards of a chunk that name a customer who is not there."""
    names = naming_columns() if chunk.odd else {}
    named = [(place, name, int(odd[name])) for place, odd in chunk.odd.items() for name in names if odd.get(name)]
    if not named:
        return
    wanted = sorted({number for _place, _name, number in named})
    there = {number for (number,) in table_of(Customer).pick(("number",), "number", wanted)}
    for place, name, number in named:
        if number not in there:
            refused = refusal(NOBODY, where=name, number=str(number))
            refused.more = {**refused.more, "value": str(number)}
            chunk.refused.setdefault(place, refused)


def another_person(source: str, desk: Desk, place: int, number: int, by_reference: bool) -> None:
    """Two lists without a named source may both count from 1: a number alone must not lay one person over another."""
    if source != DEFAULT_SOURCE or not by_reference:
        return
    columns = table_of(Customer).columns
    given, family, organisation = (columns.index(f"{name}_fold") for name in ("given", "family", "organisation"))
    new, old = desk.chunk.own[place], desk.own[number][0]
    one, two = (Person(row[given], row[family], row[organisation]) for row in (new, old))
    if one.family != two.family and (one.contradicts(two) or _named_otherwise(one, two)):
        name = " ".join(filter(None, (old[columns.index("given_name")], old[columns.index("family_name")])))
        reference = next((row[-1] for label, row in desk.given[place] if label == "customers.reference"), "")
        raise refusal(ANOTHER, where="reference", reference=str(reference), name=name, number=str(number))


def _named_otherwise(one: Person, two: Person) -> bool:
    """Whether both have a family name, and no part of the one's name is in the other's: a given name may be missing."""
    whole = [Person(f"{each.given} {each.family}".strip(), "", "") for each in (one, two)]
    return bool(one.family and two.family) and whole[0].contradicts(whole[1])


def keep_beside(
    intake: Intake, counts: Counts, place: int, beside: Mapping[str, list[Bad]], *, trial: bool = False
) -> None:
    """Counts and keeps what is told of rows of one chunk that came in: `blacked`, `doubted`."""
    for what, told_of in beside.items():
        setattr(counts, what, getattr(counts, what) + len(told_of))
        keep(intake, place, told_of, trial=trial, beside=what)


def keep(intake: Intake, place: int, bad: list[Bad], *, trial: bool = False, beside: str = "") -> None:
    """Keeps the refused rows of one chunk, enciphered; or what is told `beside` rows of it that came in (`blacked`,
    `doubted`)."""
    if not bad:
        return
    key = key_of_refusals()
    sealed = crypto.seal(crypto.key_id(key), key, orjson.dumps(bad), place_of(intake, place))
    what = {beside: True} if beside else {}
    Refusal.objects.create(intake=intake, trial=trial, place=place, count=len(bad), sealed=sealed, **what)
