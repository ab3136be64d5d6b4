"""Rows of a list on trial that repeat one of an earlier piece. Nothing of a trial is kept, so the register cannot tell
them: they are told by the keys they share with what was further up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.customers.actions.proposals import PARTS
from regulars.areas.customers.actions.recognising import Person
from regulars.areas.customers.models import Address, ContactPoint, Customer, Reference
from regulars.kernel.tables import table_of

_MOST_KEYS = 2_000_000  # beyond, rows that repeat one further up are no longer told apart
_MOST_APART = 50  # that share one key
_NONE: frozenset[str] = frozenset()
_SUREST = ("reference", "email", "phone")


class _Mark(NamedTuple):
    """As much of a row further up as tells whether a later one is about the same customer."""

    content: int
    person: Person
    sources: frozenset[str]
    said: tuple[tuple[str, int], ...]
    apart: tuple["_Mark", ...] = ()  # others further up who share the key and cannot be this one

    def may_be(self, before: "_Mark", *, by: str) -> bool:
        """The rules of `recognise`: names that contradict each other are two, so are two numbers of one source."""
        if self.person.contradicts(before.person, by_phone=by == "phone"):
            return False
        return by == "reference" or self.sources.isdisjoint(before.sources)

    def among(self, before: "_Mark | None", *, by: str) -> "_Mark | None":
        """Who of those that share the key this may be."""
        if before is None:
            return None
        return next((each for each in (before, *before.apart) if self.may_be(each, by=by)), None)

    def beside(self, before: "_Mark | None", *, by: str) -> "_Mark":
        """This mark, in the place of the one that it may be, with the others kept."""
        if before is None:
            return self
        mine = self.among(before, by=by)
        others = tuple(each._replace(apart=()) for each in (before, *before.apart) if each is not mine)
        return self._replace(apart=others[:_MOST_APART]) if others else self


class Repeated(NamedTuple):
    """A row about somebody further up: whether it says the same, by what she was told, and of how many kinds of contact
    point or address it says something else."""

    same: bool
    by: str
    otherwise: int


class Earlier:
    """What was further up. Without `by_point` an e-mail address or a phone in common says nothing; with `proposing` it
    is told what a row says otherwise."""

    def __init__(self, *, by_point: bool, proposing: bool = False) -> None:
        self.by_point, self.proposing = by_point, proposing
        self.seen: dict[int, _Mark] = {}

    def repeated(self, chunk: Chunk, new: Iterable[int]) -> list[Repeated]:
        """Those of the new cards of a piece that are none; all of them are remembered."""
        marks = self._marks(chunk, set(new))
        found: dict[int, Repeated] = {}
        fresh: list[tuple[int, str, _Mark]] = []
        for place, key, kind in self._keys(chunk):
            if place not in marks:
                continue
            mark = marks[place]
            before = mark.among(self.seen.get(key), by=kind)
            fresh.append((key, kind, mark))
            if before is not None:
                told = found.get(place, Repeated(True, kind, 0))
                there = dict(before.said)
                differs = sum(name in there and there[name] != value for name, value in mark.said)
                same = told.same and before.content == mark.content
                found[place] = Repeated(same, min(told.by, kind, key=_SUREST.index), max(told.otherwise, differs))
        if len(self.seen) < _MOST_KEYS:
            for key, kind, mark in fresh:
                self.seen[key] = mark.beside(self.seen.get(key), by=kind)
        return list(found.values())

    def _marks(self, chunk: Chunk, chosen: set[int]) -> dict[int, _Mark]:
        names = [table_of(Customer).columns.index(f"{name}_fold") for name in ("given", "family", "organisation")]
        at = table_of(Reference).columns.index("source")
        sources: dict[int, frozenset[str]] = {}
        for row in chunk.more.get(Reference._meta.label_lower, ()):
            sources[row[2]] = sources.get(row[2], _NONE) | {row[at]}
        own, texts, said = chunk.own, chunk.texts, _said(chunk) if self.proposing else {}
        return {
            place: _Mark(
                hash(texts[place]),
                Person(*(own[place][name] for name in names)),
                sources.get(place, _NONE),
                tuple(said.get(place, {}).items()),
            )
            for place in chosen
        }

    def _keys(self, chunk: Chunk) -> Iterator[tuple[int, int, str]]:
        for model, one, two in ((Reference, "source", "value"), (ContactPoint, "kind", "key")):
            if model is ContactPoint and not self.by_point:
                return
            columns = table_of(model).columns
            at, then = columns.index(one), columns.index(two)
            for row in chunk.more.get(model._meta.label_lower, ()):
                yield row[2], hash((row[at], row[then])), row[at] if model is ContactPoint else "reference"


def _said(chunk: Chunk) -> defaultdict[int, dict[str, int]]:
    """What each card says of e-mail addresses, phones and where somebody lives: by kind, as a number to compare."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    columns = table_of(ContactPoint).columns
    kind, key = columns.index("kind"), columns.index("key")
    for row in chunk.more.get(ContactPoint._meta.label_lower, ()):
        found[row[2]][row[kind]] = hash((found[row[2]].get(row[kind]), row[key]))
    parts = [table_of(Address).columns.index(name) for name in PARTS]
    for row in chunk.more.get(Address._meta.label_lower, ()):
        found[row[2]]["address"] = hash((found[row[2]].get("address"), *(row[part] for part in parts)))
    return found
