"""Who a card from a file is: nobody known, somebody the register has, or somebody further up in the same file.

A reference (source and value) says who it is. A contact point alone does too, unless the names contradict each other
or the same source counts them as two. Households and offices share a telephone: where it alone is in common, family
names must agree too. An e-mail address stays when somebody takes another family name. Two blanks are never equal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.customers.actions.holding import Asked, Pair, holders_of
from regulars.areas.customers.models import Customer, Reference
from regulars.areas.customers.queries import own_source
from regulars.kernel import spelling
from regulars.kernel.registries import model_named
from regulars.kernel.tables import table_of

Existing = Literal["", "update", "fill", "add", "skip"]


@dataclass(slots=True)
class Known:
    """What one round found: places of new cards, matches `(place, number, by reference)`, places for a later round.

    `by_phone` are the matched places that no reference and no e-mail address gave away; `points` the places that have
    each contact point.
    """

    new: list[int] = field(default_factory=list)
    matched: list[tuple[int, int, bool]] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    by_phone: set[int] = field(default_factory=set)
    points: dict[Pair, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """As much of a card as tells two apart."""

    given: str
    family: str
    organisation: str

    def contradicts(self, other: "Person", *, by_phone: bool = False) -> bool:
        """Whether they cannot be one: both have a given name, and these neither begin alike nor share a word in any
        spelling; or, `by_phone` alone in common, the same of their family names; or one is an organisation, and the
        other somebody by name who does not name this organisation."""
        if _differ(self.given, other.given) or (by_phone and _differ(self.family, other.family)):
            return True
        return self._is_not_of(other) or other._is_not_of(self)

    def _is_not_of(self, other: "Person") -> bool:
        """Whether this is somebody by name, and the other an organisation that is not named beside her."""
        house = other.organisation and not (other.given or other.family)
        return bool(house and (self.given or self.family) and self.organisation != other.organisation)

    def likeness(self, other: "Person") -> int:
        return sum(
            bool(one) and one == two
            for one, two in zip(
                (self.given, self.family, self.organisation),
                (other.given, other.family, other.organisation),
                strict=True,
            )
        )


def _differ(one: str, two: str) -> bool:
    """Whether two folded names are two: neither is missing, begins the other or has a word of it."""
    if not one or not two or one.startswith(two) or two.startswith(one):
        return False
    return _plain_words(one).isdisjoint(_plain_words(two))


@lru_cache(30_000)
def _plain_words(name: str) -> frozenset[str]:
    return frozenset(map(spelling.plainest, spelling.words(name)))


def recognise(chunk: Chunk, places: Sequence[int], existing: Existing, holders: Asked = holders_of) -> Known:
    """Tells for each place who it is. Asks the register a handful of questions, whatever the number of cards;
    `holders` is asked who has a contact point."""
    return _Round(chunk, places, existing, holders).known()


class _Round:
    """One look at the register. Cards whose keys nobody else has, here or there, are new without further thought."""

    def __init__(self, chunk: Chunk, places: Sequence[int], existing: Existing, holders: Asked) -> None:
        self.chunk, self.places = chunk, places
        chosen = None if len(places) == len(chunk) else set(places)
        self.references = _keys(chunk, "customers.reference", ("source", "value"), chosen)
        points = "" if existing == "add" else "customers.contactpoint"
        self.points = _keys(chunk, points, ("kind", "key"), chosen)
        own = table_of(Customer).columns
        self._names = [own.index(name) for name in ("given_fold", "family_fold", "organisation_fold")]
        self._ask(holders)

    def _ask(self, holders: Asked) -> None:
        self.owner = _owners(self.references)
        self.holders = holders(self.points)
        numbers = {*self.owner.values(), *(each for some in self.holders.values() for each in some)}
        self.people, self.merged = _people(numbers)
        self.sources = _sources(number for some in self.holders.values() for number in some)

    def person(self, place: int) -> Person:
        row = self.chunk.own[place]
        given, family, organisation = self._names
        return Person(row[given], row[family], row[organisation])

    def known(self) -> Known:
        doubtful = self._doubtful()
        if not doubtful:
            return Known(new=list(self.places), points=self.points)
        found = Known(new=[place for place in self.places if place not in doubtful], points=self.points)
        self._weigh(sorted(doubtful), found)
        found.new.sort()
        return found

    def _doubtful(self) -> set[int]:
        """The places that share a key with somebody in the register or with each other."""
        found: set[int] = set()
        for keys, there in ((self.references, self.owner), (self.points, self.holders)):
            for pair, places in keys.items():
                if len(places) > 1 or pair in there:
                    found.update(places)
        return found

    def _weigh(self, doubtful: Sequence[int], found: Known) -> None:
        of_place, at_place = _by_place(self.references, doubtful), _by_place(self.points, doubtful)
        self.of_place = of_place
        taken: set[Pair] = set()
        near: dict[Pair, list[int]] = defaultdict(list)
        met: dict[int, dict[Pair, int]] = defaultdict(dict)  # by card: the names it is told, each once
        self.whose: dict[int, int] = {}  # cards that were known, by place
        for place in doubtful:
            references, points = of_place[place], at_place[place]
            if not taken.isdisjoint(references):
                found.later.append(place)
                continue
            number = next((self.owner[pair] for pair in references if pair in self.owner), None)
            by_reference = number is not None
            if number is None:
                number = self._by_point(place, points)
            if number is None:
                late = self._is_near(place, points, near) or self._will_be_her(place, points, met)
            else:
                by_email = self._by_email(number, points)
                late = not by_reference and (
                    self._is_another(place, met[number], by_phone=not by_email)
                    or self._is_near(place, points, near, of=number)
                )
            if late:
                found.later.append(place)
                continue
            taken.update(pair for pair in references if pair not in self.owner)
            for pair in points:
                near[pair].append(place)
            if number is not None:
                self.whose[place] = number
                told = self.person(place)
                met[number].setdefault((told.given, told.family), place)
                found.matched.append((place, self._keeper(number), by_reference))
                if not by_reference and not by_email:
                    found.by_phone.add(place)
                continue
            found.new.append(place)

    def _by_point(self, place: int, points: Sequence[Pair]) -> int | None:
        candidates = {number for pair in points for number in self.holders.get(pair, ())}
        if not candidates:
            return None
        person, sources = self.person(place), dict(self.of_place[place])
        fitting = [
            number
            for number in candidates
            if not person.contradicts(self.people[number], by_phone=not self._by_email(number, points))
            and not self._counted_apart(number, sources)
        ]
        return min(fitting, key=lambda number: (-person.likeness(self.people[number]), number), default=None)

    def _by_email(self, number: int, points: Sequence[Pair]) -> bool:
        return any(pair[0] == "email" and number in self.holders.get(pair, ()) for pair in points)

    def _counted_apart(self, number: int, sources: dict[str, str]) -> bool:
        """Whether a source of this row knows that customer already, under another number."""
        return any(source in sources for source in self.sources.get(number, ()))

    def _is_near(self, place: int, points: Sequence[Pair], near: dict[Pair, list[int]], of: int = 0) -> bool:
        """Whether this is a card that is being made, or given this contact point, further up in the same chunk; where
        one that has it is known (`of`), another that was known as well."""
        person, sources = self.person(place), dict(self.of_place[place]).keys()
        by_email = {other for pair in points if pair[0] == "email" for other in near.get(pair, ())}
        for other in {other for pair in points for other in near.get(pair, ())}:
            if of and self.whose.get(other, of) == of:
                continue
            apart = sources & dict(self.of_place[other]).keys()
            if not apart and not person.contradicts(self.person(other), by_phone=other not in by_email):
                return True
        return False

    def _is_another(self, place: int, met: dict[Pair, int], *, by_phone: bool) -> bool:
        """Whether the card is told further up in the same chunk to be somebody else: by then it will have her name."""
        person = self.person(place)
        return any(person.contradicts(self.person(other), by_phone=by_phone) for other in met.values())

    def _will_be_her(self, place: int, points: Sequence[Pair], met: dict[int, dict[Pair, int]]) -> bool:
        """Whether a card that has this contact point is told further up in the same chunk to be who this is."""
        person, sources = self.person(place), dict(self.of_place[place])
        for number in {number for pair in points for number in self.holders.get(pair, ()) if number in met}:
            by_phone = not self._by_email(number, points)
            told = map(self.person, met[number].values())
            if not self._counted_apart(number, sources) and not all(
                person.contradicts(other, by_phone=by_phone) for other in told
            ):
                return True
        return False

    def _keeper(self, number: int) -> int:
        while number in self.merged:
            number = self.merged[number]
        return number


def _keys(chunk: Chunk, label: str, columns: tuple[str, str], chosen: set[int] | None) -> dict[Pair, list[int]]:
    """The pairs in a table of the chunk, each with the places that have it."""
    found: dict[Pair, list[int]] = {}
    rows = chunk.more.get(label, ())
    if not rows:
        return found
    one, two = (table_of(model_named(label)).columns.index(column) for column in columns)
    for row in rows:
        place = row[2]
        if chosen is not None and place not in chosen:
            continue
        pair = (row[one], row[two])
        if pair in found:
            found[pair].append(place)
        else:
            found[pair] = [place]
    return found


def _by_place(keys: dict[Pair, list[int]], doubtful: Sequence[int]) -> dict[int, list[Pair]]:
    found: dict[int, list[Pair]] = {place: [] for place in doubtful}
    for pair, places in keys.items():
        for place in places:
            if place in found:
                found[place].append(pair)
    return found


def _owners(wanted: Collection[Pair]) -> dict[Pair, int]:
    """Who is known under these references; the house's own number, in its own export, is one too."""
    rows = table_of(Reference).pick(
        ("source", "value", "customer_id"), "value", sorted({value for _s, value in wanted})
    )
    found = {(source, value): number for source, value, number in rows if (source, value) in wanted}
    own = own_source()
    numbers = {int(value) for source, value in wanted if source == own and value.isdecimal() and len(value) < 16}
    there = table_of(Customer).pick(("number",), "number", sorted(numbers)) if numbers else ()
    return {**found, **{(own, str(number)): number for (number,) in there}}


def _people(numbers: Iterable[int]) -> tuple[dict[int, Person], dict[int, int]]:
    """Their names, and into whom those were merged that were."""
    people: dict[int, Person] = {}
    merged: dict[int, int] = {}
    columns = ("number", "given_fold", "family_fold", "organisation_fold", "merged_into_id")
    for number, given, family, organisation, into in table_of(Customer).pick(columns, "number", sorted(numbers)):
        people[number] = Person(given, family, organisation)
        if into:
            merged[number] = into
    if deeper := set(merged.values()) - people.keys():
        merged |= _people(deeper)[1]
    return people, merged


def _sources(numbers: Iterable[int]) -> dict[int, set[str]]:
    """Which systems know these customers under a number of their own."""
    found: dict[int, set[str]] = defaultdict(set)
    for number, source in table_of(Reference).pick(("customer_id", "source"), "customer_id", sorted(set(numbers))):
        found[number].add(source)
    return found
