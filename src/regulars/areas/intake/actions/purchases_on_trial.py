"""A list of purchases on trial: everything is read and recognised, nothing is kept.

What a return takes back is found only when it comes in, for what it takes back may stand in the same list.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.customers.actions.recognising import Known, recognise
from regulars.areas.intake.actions import refusing
from regulars.areas.intake.actions.earlier import Earlier
from regulars.areas.intake.actions.pieces import Piece
from regulars.areas.intake.actions.purchases import NUMBER, PurchaseImport
from regulars.areas.intake.actions.tallying import Tally
from regulars.areas.intake.readers.ready import unframed
from regulars.areas.journal.actions import Link
from regulars.areas.trade.queries import known_numbers


class PurchaseTrial(PurchaseImport):
    """One list of purchases, counted."""

    def tried(self) -> dict[str, Any]:
        """What came of it: the counts. Raises Refused."""
        return self.count().plain()

    def count(self) -> Tally:
        """What would become of each row; the refused ones are kept to be looked at. Raises Refused as `run` does."""
        self.counts, self.frames = Tally(), 0
        self.earlier = Earlier(by_point=True, proposing=True)
        self.intake.refusals.filter(trial=True).delete()
        with self.pieces(0) as read:
            while (frame := read.next(wait=True)) is not None and not self.is_stopped("trying"):
                if frame[:1] == b"B":
                    self._try_buyers(unframed(frame[1:]))
                else:
                    self._try_frame(orjson.loads(frame[1:]))
                self.told(self.counts.rows, self.intake.rows)
        return self.counts

    def _try_buyers(self, content: dict[str, Any]) -> None:
        piece = Piece(0, 0, [], Chunk.of(content["ready"], self.context.country))
        buyers: list[int] = content["buyers"]
        self._refuse(piece)
        self._note_refused(piece, buyers, piece.bad)
        with self.trial() as link:
            while piece.places:
                known = recognise(piece.chunk, piece.places, self.existing)
                self._write_buyers(link, piece, buyers, known)
                piece.places = known.later

    def _write_buyers(self, link: Link, piece: Piece, buyers: Sequence[int], known: Known) -> None:
        repeated = self.earlier.repeated(piece.chunk, known.new)
        super()._write_buyers(link, piece, buyers, known)
        self.counts.customers_created -= len(repeated)
        for each in repeated:
            self.counts.recognised(each.by)
            self.counts.proposed += 0 if self.existing else each.otherwise

    def _try_frame(self, content: dict[str, Any]) -> None:
        orders, bad = self._apart(content)
        known = known_numbers(self.mapping.source, [order[NUMBER] for order in orders])
        bad = bad + self._otherwise(orders, known)
        self._count(orders, known.keys(), bad)
        refusing.keep(self.intake, self.frames, bad, trial=True)
        refusing.keep_beside(self.intake, self.counts, self.frames, content["beside"], trial=True)
        self.frames += 1
