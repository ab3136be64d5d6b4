"""The trial: everything is done, a piece at a time, and nothing is kept. What it counts is what would happen."""

from typing import Any

from regulars.areas.customers.actions.bringing import organisations_called
from regulars.areas.customers.actions.recognising import recognise
from regulars.areas.intake.actions import refusing
from regulars.areas.intake.actions.alike import Alike
from regulars.areas.intake.actions.counting import Counts
from regulars.areas.intake.actions.earlier import Earlier
from regulars.areas.intake.actions.pieces import Piece
from regulars.areas.intake.actions.running import Import


class Trial(Import):
    """One file on trial. Rows that repeat one of an earlier piece are told by the keys they share with it."""

    def tried(self) -> dict[str, Any]:
        """What came of it: the counts, and rows that look like somebody who is here already. Raises Refused."""
        counts = self.count()
        return {**counts.plain(), "alike": self.alike.told(self.by)}

    def count(self) -> Counts:
        """What would become of each row; the refused ones are kept to be looked at. Raises Refused as `run` does."""
        self.counts = Counts()
        self.earlier = Earlier(by_point=self.existing != "add")
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
                repeated = self.earlier.repeated(piece.chunk, known.new)
                same = sum(each.same for each in repeated)
                self._count_firms(piece, known.new)
                self.alike.take(piece, known.new)
                self.counts.created += len(known.new) - len(repeated)
                self.counts.updated += len(repeated) - same
                self.counts.unchanged += same
                self.counts.recognise(known)
                for each in repeated:
                    self.counts.recognised(each.by)
                updated, unchanged, refused = self.bring_up_to_date(link, piece, known)
                self.counts.updated += updated
                self.counts.unchanged += unchanged
                bad = bad + refused
                if known.later:
                    self.bringer.write_new(link, piece.chunk, known.new)
                places = known.later
        self.counts.refused += len(bad)
        refusing.keep(self.intake, piece.start, bad, trial=True)
        refusing.keep_beside(self.intake, self.counts, piece.start, piece.beside, trial=True)

    def _count_firms(self, piece: Piece, new: list[int]) -> None:
        """Organisations that would be made on the way."""
        chunk = piece.chunk
        named = {chunk.organisations[-2 - each][0] for place in new for each in chunk.specs.get(place, ()) if each < -1}
        self.firms |= chunk.firms.keys()
        fresh = named - self.firms - organisations_called(named).keys()
        self.counts.organisations += len(fresh)
        self.firms |= fresh
