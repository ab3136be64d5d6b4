"""Which of two values the merged card has, fact by fact.

A value wins over none and the fuller over the shorter (`Anna Maria` over `A.`, a birthday with its year over one
without); else the one that was written later. Whose customer somebody is (territory, representative) stays as the card
that is kept says. A person says otherwise with `take`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.journal.actions.undo.pointing import together
from regulars.areas.segments.language.errors import nearest
from regulars.kernel import registries
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Column, Fact, Member
from regulars.kernel.tables import Canonical, table_of
from regulars.kernel.text import fold

Side = Literal["keep", "absorb"]
Take = Mapping[str, Side]
_SETTLED = ("kind", "merged_into_id", "created_at", "referred_by_id")  # decided by other rules, or not at all
_OURS = ("territory", "representative")  # says who may know of her: not changed by the way
_PRIMARIES = {"email": "email", "phone": "phone"}  # fact -> kind of contact point of which one is the primary


@dataclass(frozen=True, slots=True)
class Choice:
    """One fact in which the two cards differ, and whose value the merged card has."""

    fact: str
    label: str
    keep: Any
    absorb: Any
    side: Side

    def as_json(self) -> dict[str, Any]:
        """Masked values say only that they are there."""
        values = {name: registries.veiled(self.fact, getattr(self, name)) for name in ("keep", "absorb")}
        return {"field": self.fact, "label": self.label, **values, "take": self.side}


def read_take(take: Take) -> Take:
    """The same. Raises Refused for a fact of which nothing can be taken, and for a word that is no side."""
    known = {**_own_facts(), **{fact.name: fact for fact in registries.facts_of("custom")}, **_PRIMARIES}
    for name, side in take.items():
        if side not in ("keep", "absorb"):
            raise Refused(_("Of %(fact)s take keep or absorb.") % {"fact": name}, where=name)
        if name in known:
            continue
        fact = registries.facts().get(name)
        if fact is not None and fact.group is not None:
            told = {"fact": fact.label}
            raise Refused(_("%(fact)s: what both cards have is kept, there is nothing to choose.") % told, where=name)
        message = _("There is no fact “%(name)s” to take from one of the cards.") % {"name": name[:60]}
        raise Refused(message, where=name, nearest=nearest(name, known))
    return take


def _own_facts() -> dict[str, Fact]:
    return {
        fact.name: fact
        for fact in registries.facts_of(None)
        if isinstance(fact.source, Column) and fact.source.column not in ("number", *_SETTLED[:3])
    }


class Chosen:
    """What the card that is kept gets from the other one."""

    def __init__(self, keep: Customer, absorb: Customer, take: Take) -> None:
        self.keep, self.absorb, self.take = keep, absorb, take
        table = table_of(Customer)
        self.rows = [table.canonical(keep), table.canonical(absorb)]
        self.versions = _versions(keep.number, absorb.number)
        self.choices: list[Choice] = []
        self.values: dict[str, Any] = {}
        facts = {fact.source.column: fact for fact in _own_facts().values() if isinstance(fact.source, Column)}
        columns = [column for _field, column in table.kept if column not in _SETTLED]
        for group in together(table, [column for column in columns if column not in ("hows", "declined")]):
            self._unit(group, next((facts[column] for column in group if column in facts), None))
        self._referrer(facts.get("referred_by_id"))
        self._how()

    def _unit(self, columns: tuple[str, ...], fact: Fact | None) -> None:
        ours, theirs = ([row.get(column) for column in columns] for row in self.rows)
        if ours == theirs:
            return
        name = fact.name if fact is not None else columns[0]
        side = self.take.get(name) or self._side(columns, ours, theirs)
        self._choose(name, fact, columns, ours[0], theirs[0], side)

    def _choose(
        self, name: str, fact: Fact | None, columns: tuple[str, ...], ours: Any, theirs: Any, side: Side
    ) -> None:
        if fact is not None:
            self.choices.append(Choice(name, str(fact.label), ours, theirs, side))
        if side == "absorb":
            self.values |= {column: getattr(self.absorb, column) for column in columns}

    def _side(self, columns: tuple[str, ...], ours: list[Any], theirs: list[Any]) -> Side:
        told, there = (any(value not in (None, "", [], {}) for value in values) for values in (theirs, ours))
        if not told or not there:
            return "keep" if there else "absorb"
        if columns[0] in _OURS:
            return "keep"
        fuller = _fuller(ours[0], theirs[0])
        if fuller is not None:
            return fuller
        written = [_written(versions, columns) for versions in self.versions]
        return "absorb" if written[1] > written[0] else "keep"

    def _referrer(self, fact: Fact | None) -> None:
        """Who sent her is none of the two, and nobody whom she sent herself: it stays a tree."""
        ours, theirs = (self._above(card.referred_by_id) for card in (self.keep, self.absorb))
        side: Side = "absorb" if ours is None or (theirs is not None and self._later("referred_by_id")) else "keep"
        side = self.take.get("referred_by", side)
        if (theirs if side == "absorb" else ours) is None:
            side = "absorb" if side == "keep" and theirs is not None else "keep"
        value = theirs if side == "absorb" else ours
        if ours != theirs and fact is not None:
            self.choices.append(Choice(fact.name, str(fact.label), ours, theirs, side))
        if value != self.keep.referred_by_id:
            self.values["referred_by_id"] = value

    def _later(self, column: str) -> bool:
        return _written(self.versions[1], (column,)) > _written(self.versions[0], (column,))

    def _above(self, number: int | None) -> int | None:
        two, at, seen = {self.keep.number, self.absorb.number}, number, set[int]()
        while at is not None and at not in seen:
            if at in two:
                return None
            seen.add(at)
            at = Customer.objects.filter(pk=at).values_list("referred_by_id", flat=True).first()
        return number

    def _how(self) -> None:
        """How we have a value comes with it; what either would rather not tell is not asked again."""
        hows = dict(self.keep.hows)
        for choice in self.choices:
            if choice.side == "absorb":
                hows.pop(choice.fact, None)
                if (how := self.absorb.hows.get(choice.fact) or self.absorb.how) and how != self.keep.how:
                    hows[choice.fact] = how
        declined = [*self.keep.declined, *(each for each in self.absorb.declined if each not in self.keep.declined)]
        self.values |= {"hows": hows, "declined": declined}
        if self.values.get("told_on", self.keep.told_on):
            self.values["tell_by"] = None


def _fuller(ours: Any, theirs: Any) -> Side | None:
    """Which of two texts is the other one and more; None where neither is."""
    if not (isinstance(ours, str) and isinstance(theirs, str)):
        return None
    pairs: tuple[tuple[str, str, Side], ...] = ((ours, theirs, "absorb"), (theirs, ours, "keep"))
    for short, long, side in pairs:
        begins = fold(long).startswith(fold(short).rstrip(".")) and len(long) > len(short)
        if begins or (short.startswith("--") and long.endswith(short[1:]) and len(long) > len(short)):
            return side
    return None


Versions = list[tuple[int, Canonical]]


def _versions(*numbers: int) -> list[Versions]:
    """Every version of these cards' own rows, the one that stands first."""
    table = table_of(Customer)
    found: dict[int, Versions] = {number: [] for number in numbers}
    past: Any = Customer.past._default_manager
    for manager in (Customer.objects, past):
        for row in manager.filter(number__in=numbers).order_by("-link"):
            found[row.number].append((row.link, table.canonical(row)))
    return [found[number] for number in numbers]


def _written(versions: Versions, columns: tuple[str, ...]) -> int:
    """The link that wrote what stands in these columns."""
    now, last = [versions[0][1].get(column) for column in columns], versions[0][0]
    for link, row in versions:
        if [row.get(column) for column in columns] != now:
            return last
        last = link
    return last


def of_custom(take: Take) -> Iterator[tuple[int, Side]]:
    """What was said of the business's own facts, by the key of the field."""
    for fact in registries.facts_of("custom"):
        if fact.name in take and isinstance(fact.source, Member):
            yield dict(fact.source.where)["field_id"], take[fact.name]


def primaries(take: Take) -> set[str]:
    """The kinds of contact point of which the absorbed card's primary one becomes that of the merged card."""
    return {kind for name, kind in _PRIMARIES.items() if take.get(name) == "absorb"}
