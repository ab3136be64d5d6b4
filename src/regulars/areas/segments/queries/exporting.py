"""Customers as they leave the house in a file: flat rows for a table, cards for JSON and vCard; in steady memory.

A column is a fact by its name; of a many-valued fact the second value stands in `NAME 2`, the third in `NAME 3`, and
the parts of one address in the columns of one number. References have a column for each source (`reference [google]`),
notes one for each kind, and the number says of which house it is: so the file comes back through an import as it was
(`intake/readers/exporters.toml`). Sealed facts leave masked at most; masked ones in clear, and only with who may
unmask. Contact points of customers who are dead or want no contact, and secret addresses, stay here unless `everyone`
is said.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, IntegerField, Max
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer, CustomValue, Standing
from regulars.areas.customers.queries import cards_clear, cards_json, own_source
from regulars.areas.segments.language import Tree
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.queries.asking import numbers
from regulars.areas.segments.queries.ground import ground_of
from regulars.areas.segments.queries.leaving import Leaving
from regulars.areas.segments.queries.places import Place
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Column, Defined, Fact, Ledger, Member, Present, Several

UNMASK = "customers.unmask"
_CHUNK = 1_000
_ALWAYS = ("number", "kind", "title", "given_name", "family_name", "organisation_name")
_POINTS = ("emails", "phones", "addresses", "social")
_IN_PEACE = ("deceased", "do_not_contact")
_MOST_SLOTS = 50
_PARTED = {"references": "source", "notes": "kind"}  # groups whose rows have a column for each of these


@dataclass(slots=True)
class Used:
    """What the exported cards hold: facts of the card's own row, and per group the facts and the most rows."""

    own: set[str] = field(default_factory=set)
    custom: set[int] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    most: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))  # of `_PARTED` groups


class Export:
    """Who goes out, settled once; then `header` and `rows`, or `cards`, as often as wanted. Raises CriteriaError."""

    def __init__(
        self,
        criteria: str | Tree,
        *,
        by: Actor,
        today: date,
        zone: ZoneInfo,
        columns: Sequence[str] = (),
        order: str = "",
        everyone: bool = False,
        most: int | None = None,
    ) -> None:
        self.by = by
        self.everyone = everyone
        self.chosen = [_exportable(name, by) for name in dict.fromkeys(columns)]
        self.ground = ground_of(by, today, zone)
        found = numbers(criteria, by=by, today=today, zone=zone, order=order)
        self.numbers: array[int] = found[:most] if most is not None else found

    @cached_property
    def withheld(self) -> int:
        """How many customers' contact points stay here."""
        kinds = () if self.everyone else (*_IN_PEACE, "secret_address")
        asked = (Standing.objects.filter(customer_id__in=part, kind__in=kinds) for part in self._parts())
        return sum(each.values("customer_id").distinct().count() for each in asked) if kinds else 0

    @cached_property
    def places(self) -> list[Place]:
        if self.chosen:
            most = self._most_of_chosen()
            return [place for block in _blocks(self.chosen) for place in _slots(block, most)]
        used = self._used()
        facts = [fact for fact in _by_default(self.by) if _is_used(fact, used)]
        return [place for block in _blocks(facts) for place in _coming_back(block, used)]

    def header(self) -> list[str]:
        return [place.heading for place in self.places]

    def rows(self) -> Iterator[Sequence[Any]]:
        """A row per customer, in the order of `header`."""
        leaving = Leaving(self.places, everyone=self.everyone, ground=self.ground)
        for part in self._parts():
            yield from leaving.rows(part)

    def cards(self) -> Iterator[dict[str, Any]]:
        """The customers in the contract's JSON, in order."""
        read = cards_clear if self.by.may(UNMASK) else cards_json
        for part in self._parts():
            for card in read(self.by, part):
                yield card if self.everyone else _in_peace(card)

    def _parts(self) -> Iterable[tuple[int, ...]]:
        return batched(self.numbers, _CHUNK)

    # --- what is used, so that a file has no empty columns ------------------------------------------------------------

    def _most_of_chosen(self) -> dict[str, int]:
        """How many rows one customer has at most of each group that was chosen."""
        most: dict[str, int] = {}
        for name in {fact.group for fact in self.chosen if fact.group not in (None, "custom")}:
            group = registries.groups()[str(name)]
            most[group.name] = max((_most_rows(group, part) for part in self._parts_or_all()), default=0)
        return most

    def _parts_or_all(self) -> Iterable[Sequence[int] | None]:
        """The parts; None alone where everybody goes out, so that no list of numbers is needed."""
        return [None] if len(self.numbers) == Customer.objects.count() else self._parts()

    def _used(self) -> Used:
        used = Used()
        own = [f.source.column for f in registries.facts_of(None) if isinstance(f.source, Column)]
        for part in self._parts_or_all():
            hers: dict[str, Any] = {} if part is None else {"customer_id__in": part}
            cards = Customer.objects.all() if part is None else Customer.objects.filter(pk__in=part)
            most = cards.aggregate(**{f"most_{name}": _most(name) for name in own})
            used.own |= {name for name in own if most[f"most_{name}"] not in (None, "")}
            used.custom |= set(CustomValue.objects.filter(**hers).values_list("field_id", flat=True).distinct())
            used.marks |= set(Standing.objects.filter(**hers).values_list("kind", flat=True).distinct())
            for group in registries.groups().values():
                if group.name not in ("custom", "files"):
                    _count_group(group, part, used)
        return used


def _most(column: str) -> Max:
    """The greatest value, None where nobody has one; PostgreSQL knows none of yes and no."""
    yes_or_no = isinstance(Customer._meta.get_field(column), BooleanField)
    return Max(Cast(column, IntegerField())) if yes_or_no else Max(column)


def _rows_of(group: registries.Group, part: Sequence[int] | None) -> Any:
    hers: dict[str, Any] = {} if part is None else {"customer_id__in": part}
    return registries.model_named(group.model)._default_manager.filter(**hers, **dict(group.where))


def _most_rows(group: registries.Group, part: Sequence[int] | None) -> int:
    counts = _rows_of(group, part).values("customer_id").annotate(count=Count("pk"))
    return min(counts.aggregate(most=Max("count"))["most"] or 0, _MOST_SLOTS)


def _count_group(group: registries.Group, part: Sequence[int] | None, used: Used) -> None:
    rows, most = _rows_of(group, part), _most_rows(group, part)
    if not most:
        return
    used.most[group.name] = max(used.most.get(group.name, 0), most)
    if group.name in _PARTED:
        each = rows.values("customer_id", _PARTED[group.name]).annotate(count=Count("pk"))
        known = used.parts[group.name]
        for which, count in each.values_list(_PARTED[group.name], "count"):
            known[which] = min(max(known.get(which, 0), count), _MOST_SLOTS)
    columns = {fact.name: _stands_in(fact) for fact in registries.facts_of(group.name)}
    filled = rows.aggregate(**{f"most_{column}": Max(column) for column in set(columns.values())})
    used.members |= {name for name, column in columns.items() if filled[f"most_{column}"] not in (None, "")}


def _stands_in(fact: Fact) -> str:
    assert isinstance(fact.source, Member)
    return fact.source.via or fact.source.column


def _exportable(name: str, by: Actor) -> Fact:
    """The fact of this column. Raises CriteriaError for none, and for one that this person may not take out."""
    known = {fact.name: fact for fact in _may_leave(by)}
    if name not in known:
        message = _("There is no column “%(name)s” to export.") % {"name": name[:60]}
        raise CriteriaError(message, nearest=nearest(name, known))
    return known[name]


def _may_leave(by: Actor) -> Iterator[Fact]:
    for fact in registries.facts().values():
        known = isinstance(fact.source, Column | Member | Present | Several) and fact.name != "birthday"
        known = known or (isinstance(fact.source, Ledger | Defined) and fact.listed)
        if known and fact.protection != "sealed" and (fact.protection == "open" or by.may(UNMASK)):
            yield fact


def _by_default(by: Actor) -> Iterator[Fact]:
    """What comes back through an import, and the number."""
    return (fact for fact in _may_leave(by) if fact.writable or fact.name == "number")


def _is_used(fact: Fact, used: Used) -> bool:
    if fact.name in _ALWAYS:
        return True
    match fact.source:
        case Column(column=column):
            return column in used.own
        case Present():
            return fact.name in used.marks
        case Member(group="custom", where=where):
            return dict(where)["field_id"] in used.custom
        case _:
            return fact.name in used.members


def _blocks(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Facts one by one, but those of one group together, where the first of them stands."""
    done: set[str] = set()
    for fact in facts:
        group = fact.group if fact.group != "custom" else None
        if group is None:
            yield [fact]
        elif group not in done:
            done.add(group)
            yield [each for each in facts if each.group == group]


def _slots(block: list[Fact], most: dict[str, int]) -> Iterator[Place]:
    group = block[0].group if block[0].group != "custom" else None
    for slot in range(1, max(most.get(group or "", 1), 1) + 1):
        yield from (Place(fact, slot) for fact in block)


def _coming_back(block: list[Fact], used: Used) -> Iterator[Place]:
    """The columns of a file that can be brought in again."""
    first, group = block[0], block[0].group or ""
    if first.name == "number":
        yield Place(first, told=own_source().removeprefix("regulars "))
    elif group in _PARTED:
        value = next(fact for fact in block if fact.key != _PARTED[group])
        for part, most in sorted(used.parts[group].items()):
            told = "" if (group, part) == ("notes", "note") else part
            within = (_PARTED[group], part)
            yield from (Place(value, slot, within, told) for slot in range(1, most + 1))
    else:
        yield from _slots(block, used.most)


def _in_peace(card: dict[str, Any]) -> dict[str, Any]:
    """The card without the contact points of who is to be left in peace."""
    if any(mark in card["standings"] for mark in _IN_PEACE):
        return card | {group: [] for group in _POINTS}
    return card | {"addresses": []} if "secret_address" in card["standings"] else card
