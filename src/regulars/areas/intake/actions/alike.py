"""On trial: the rows that would make new cards, and which of them look like somebody who is here already."""

from typing import Any

from regulars.areas.customers.models import Address, ContactPoint, Customer
from regulars.areas.intake.actions.pieces import Piece
from regulars.areas.matching.actions import alike_here
from regulars.areas.matching.comparing.features import Card
from regulars.areas.matching.comparing.model import probability, reasons_of, verdict_of
from regulars.kernel.actor import Actor
from regulars.kernel.tables import table_of

MOST = 100_000  # rows that are looked at
_SHOWN = 50
_OWN = {
    "given": "given_name", "middle": "middle_name", "family": "family_name", "called": "called_name",
    "suffix": "suffix", "organisation": "organisation_name", "birth": "birth_date", "gender": "gender",
}  # fmt: skip


class Alike:
    """Collects the new cards of a trial, and tells at its end whom they look like. No text of the file is kept."""

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.rows: list[int] = []
        own, point, address = (table_of(model).columns.index for model in (Customer, ContactPoint, Address))
        self.own = {name: own(column) for name, column in _OWN.items()}
        self.kind, self.point = own("kind"), (point("kind"), point("key"))
        self.place = [address(name) for name in ("street", "street2", "postcode", "city")]

    def take(self, piece: Piece, new: list[int]) -> None:
        """The new cards at these places of a piece."""
        there: dict[int, Card] = {}
        for place in new[: max(0, MOST - len(self.cards))]:
            row = piece.chunk.own[place]
            told: dict[str, Any] = {name: str(row[column] or "") for name, column in self.own.items()}
            there[place] = Card(-1 - len(self.cards), row[self.kind] == "person", **told)
            self.cards.append(there[place])
            self.rows.append(piece.chunk.rows[place])
        self._reached(piece.chunk.more, there)

    def _reached(self, more: dict[str, list[list[Any]]], there: dict[int, Card]) -> None:
        kind, key = self.point
        for row in more.get(ContactPoint._meta.label_lower, ()):
            if card := there.get(row[2]):
                (card.phones if row[kind] == "phone" else card.emails).append(row[key])
        for row in more.get(Address._meta.label_lower, ()):
            if card := there.get(row[2]):
                street, street2, postcode, city = (row[column] or "" for column in self.place)
                card.addresses.append((street, street2, postcode, city))

    def told(self, by: Actor) -> dict[str, Any]:
        """How many rows may be people who are here already, and the first of them: row, customer, how sure, why."""
        found = alike_here(self.cards, by=by)
        first = [
            {
                "row": self.rows[-1 - number],
                "number": pair.b,
                "score": round(probability(pair.weight), 6),
                "verdict": verdict_of(pair.weight),
                "reasons": reasons_of(pair.levels),
            }
            for number, pair in sorted(found.items(), reverse=True)[:_SHOWN]
        ]
        return {"rows": len(found), "first": first}
