"""The trial: everything is done, a piece at a time, and nothing is kept. What it counts is what would happen."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from regulars.areas.customers.actions.bringing import organisations_called
from regulars.areas.customers.actions.recognising import Person, recognise
from regulars.areas.customers.models import ContactPoint, Customer, Reference
from regulars.areas.intake.actions import refusing
from regulars.areas.intake.actions.alike import Alike
from regulars.areas.intake.actions.counting import Counts
from regulars.areas.intake.actions.running import Import, Piece
from regulars.kernel.tables import table_of

_MOST_KEYS = 2_000_000  # beyond, rows that repeat one further up are no longer told apart


_NONE: frozenset[str] = frozenset()
_SUREST = ("reference", "email", "phone")


class _Mark(NamedTuple):
    """As much of a row further up as tells whether a later one is about the same customer."""

    content: int
    given: str
    sources: frozenset[str]

    def may_be(self, before: "_Mark", *, by_point: bool) -> bool:
        """The rules of `recognise`: names that contradict each other are two, so are two numbers of one source."""
        if Person(self.given, "", "").contradicts(Person(before.given, "", "")):
            return False
        return not by_point or self.sources.isdisjoint(before.sources)


class Trial(Import):
    """One file on trial. Rows that repeat one of an earlier piece are told by the keys they share with it."""

    def tried(self) -> dict[str, Any]:
        """What came of it: the counts, and rows that look like somebody who is here already. Raises Refused."""
        counts = self.count()
        return {**counts.plain(), "alike": self.alike.told(self.by)}

    def count(self) -> Counts:
        """What would become of each row; the refused ones are kept to be looked at. Raises Refused as `run` does."""
        self.counts = Counts()
        self.seen: dict[int, _Mark] = {}
        self.firms: set[str] = set()
        self.alike = Alike()
        self.intake.refusals.filter(trial=True).delete()
        with self.pieces(0) as pieces:
            while (waiting := pieces.some()) and not self.is_stopped("trying"):
                self._try(waiting[0])
                pieces.done(1)
                self.told(self.counts.rows, self.intake.rows)
        return self.counts

    def _try(self, piece: Piece) -> None:
        bad = piece.bad
        with self.trial() as link:
            places = piece.places
            while places:
                known = recognise(piece.chunk, places, self.existing)
                repeated = self._repeated(piece, known.new)
                self._count_firms(piece, known.new)
                self.alike.take(piece, known.new)
                self.counts.created += len(known.new) - sum(repeated)
                self.counts.updated += repeated[0]
                self.counts.unchanged += repeated[1]
                self.counts.recognise(known)
                updated, unchanged, refused = self.bring_up_to_date(link, piece, known)
                self.counts.updated += updated
                self.counts.unchanged += unchanged
                bad = bad + refused
                if known.later:
                    self.bringer.write_new(link, piece.chunk, known.new)
                places = known.later
        self.counts.refused += len(bad)
        refusing.keep(self.intake, piece.start, bad, trial=True)
        self.counts.blacked += len(piece.black)
        refusing.keep(self.intake, piece.start, piece.black, trial=True, blacked=True)

    def _count_firms(self, piece: Piece, new: list[int]) -> None:
        """Organisations that would be made on the way."""
        chunk = piece.chunk
        named = {chunk.organisations[-2 - each][0] for place in new for each in chunk.specs.get(place, ()) if each < -1}
        self.firms |= chunk.firms.keys()
        fresh = named - self.firms - organisations_called(named).keys()
        self.counts.organisations += len(fresh)
        self.firms |= fresh

    def _repeated(self, piece: Piece, new: list[int]) -> tuple[int, int]:
        """(updated, unchanged): how many new cards repeat one of an earlier piece, with a difference or without."""
        chosen, fresh = set(new), []
        found: dict[int, bool] = {}
        by: dict[int, str] = {}
        marks = self._marks(piece, chosen)
        for place, key, kind in self._keys(piece):
            if place not in chosen:
                continue
            mark, before = marks[place], self.seen.get(key)
            fresh.append((key, mark))
            if before is not None and mark.may_be(before, by_point=kind != "reference"):
                found[place] = found.get(place, True) and before.content == mark.content
                by[place] = min(by.get(place, kind), kind, key=_SUREST.index)
        if len(self.seen) < _MOST_KEYS:
            self.seen.update(fresh)
        for kind in by.values():
            self.counts.recognised(kind)
        unchanged = sum(found.values())
        return len(found) - unchanged, unchanged

    def _marks(self, piece: Piece, chosen: set[int]) -> dict[int, "_Mark"]:
        given = table_of(Customer).columns.index("given_fold")
        at = table_of(Reference).columns.index("source")
        sources: dict[int, frozenset[str]] = {}
        for row in piece.chunk.more.get(Reference._meta.label_lower, ()):
            sources[row[2]] = sources.get(row[2], _NONE) | {row[at]}
        own, texts = piece.chunk.own, piece.chunk.texts
        return {place: _Mark(hash(texts[place]), own[place][given], sources.get(place, _NONE)) for place in chosen}

    def _keys(self, piece: Piece) -> Iterator[tuple[int, int, str]]:
        for model, one, two in ((Reference, "source", "value"), (ContactPoint, "kind", "key")):
            if model is ContactPoint and self.existing == "add":
                return
            columns: Any = table_of(model).columns
            at, then = columns.index(one), columns.index(two)
            for row in piece.chunk.more.get(model._meta.label_lower, ()):
                yield row[2], hash((row[at], row[then])), row[at] if model is ContactPoint else "reference"
