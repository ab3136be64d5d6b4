"""The trial: everything is done, a piece at a time, and nothing is kept. What it counts is what would happen."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from regulars.areas.customers.actions.bringing import organisations_called
from regulars.areas.customers.actions.recognising import recognise
from regulars.areas.customers.models import ContactPoint, Customer, Reference
from regulars.areas.intake.actions import refusing
from regulars.areas.intake.actions.running import Counts, Import, Piece
from regulars.areas.intake.models import Intake
from regulars.kernel import jobs
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.tables import table_of

_MOST_KEYS = 2_000_000  # beyond, rows that repeat one further up are no longer told apart


class Trial(Import):
    """One file on trial. Rows that repeat one of an earlier piece are told by the keys they share with it."""

    def count(self) -> Counts:
        """What would become of each row; the refused ones are kept to be looked at. Raises Refused as `run` does."""
        self.counts = Counts()
        self.seen: dict[int, tuple[int, str]] = {}
        self.firms: set[str] = set()
        self.intake.refusals.filter(trial=True).delete()
        with self.pieces(0) as pieces:
            while waiting := pieces.some():
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
                self.counts.created += len(known.new) - sum(repeated)
                self.counts.updated += repeated[0]
                self.counts.unchanged += repeated[1]
                updated, unchanged, refused = self.bring_up_to_date(link, piece, known)
                self.counts.updated += updated
                self.counts.unchanged += unchanged
                bad = bad + refused
                if known.later:
                    self.bringer.write_new(link, piece.chunk, known.new)
                places = known.later
        self.counts.refused += len(bad)
        refusing.keep(self.intake, piece.start, bad, trial=True)

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
        updated, unchanged, chosen = 0, 0, set(new)
        given = table_of(Customer).columns.index("given_fold")
        fresh: list[tuple[int, tuple[int, str]]] = []
        found: dict[int, bool] = {}
        for place, key in self._keys(piece):
            if place not in chosen:
                continue
            mark = (hash(piece.chunk.texts[place]), piece.chunk.own[place][given])
            fresh.append((key, mark))
            before = self.seen.get(key)
            if before is not None and (not mark[1] or not before[1] or mark[1] == before[1]):
                found[place] = found.get(place, True) and before[0] == mark[0]
        for same in found.values():
            updated, unchanged = updated + (not same), unchanged + same
        if len(self.seen) < _MOST_KEYS:
            self.seen.update(fresh)
        return updated, unchanged

    def _keys(self, piece: Piece) -> Iterator[tuple[int, int]]:
        for model, one, two in ((Reference, "source", "value"), (ContactPoint, "kind", "key")):
            if model is ContactPoint and self.existing == "add":
                return
            columns: Any = table_of(model).columns
            at, then = columns.index(one), columns.index(two)
            for row in piece.chunk.more.get(model._meta.label_lower, ()):
                yield row[2], hash((row[at], row[then]))


def try_now(token: str, *, by: Actor, at: datetime, clock: Callable[[], datetime] | None = None) -> None:
    """Tries a file to its end and notes the result; a refusal ends the trial and is kept to be shown."""
    intake = Intake.objects.get(token=token)
    row = Intake.objects.filter(pk=intake.pk)
    work = Trial(intake, by=by, at=at, told=jobs.progress, clock=clock or (lambda: at))
    try:
        counts = work.count()
    except Refused as refused:
        told = {"template": refused.more.get("template") or str(refused), "told": refused.more.get("told") or {}}
        row.update(state="failed", error=told)
        return
    result = {name: getattr(counts, name) for name in type(counts).__slots__}
    row.update(state="waiting", trial=result)
