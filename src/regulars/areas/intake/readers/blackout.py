"""What of a file never comes in: card numbers and passwords (G6), in whatever column they stand.

A column of passwords is known by its heading, one of card numbers by its first cells: neither comes in at all. In any
other column a card number, or a password after its word, is blacked out in a note and refuses the row elsewhere. A
column of numbers that only by chance pass the check of card numbers (one in ten) is some system's numbering and is left
alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from regulars.areas.intake.readers.layout import Cells
from regulars.kernel import forbidden

_ENOUGH = 8  # cells by which a numbering is told from card numbers
_LEFT_ALONE = 0.5


def run_together(rows: Iterable[Cells]) -> str:
    """The text of rows, in which no cell runs into the next."""
    return "\x1f".join(chain.from_iterable(rows))


@dataclass(frozen=True, slots=True)
class Blackout:
    """`hidden` columns hold nothing else and never come in; in `numbered` ones a number alone is no card's."""

    hidden: tuple[int, ...] = ()
    numbered: tuple[int, ...] = ()

    @classmethod
    def of(cls, headings: Sequence[str], data: Iterable[Cells]) -> "Blackout":
        hidden, numbered, data = [], [], list(data)
        for index, heading in enumerate(headings):
            cells = [row[index] for row in data if index < len(row) and row[index].strip()]
            shaped, passing = forbidden.weighed(cells)
            if forbidden.is_password(heading) or (passing and passing * 2 > len(cells)):
                hidden.append(index)
            elif shaped >= _ENOUGH and passing < shaped * _LEFT_ALONE:
                numbered.append(index)
        return cls(tuple(hidden), tuple(numbered))

    def holds_any(self, rows: Iterable[Cells], text: str) -> bool:
        """Whether any of these rows does; `text` is all of them (`run_together`): one look at it spares many."""
        return self.may_hold_any(text) and any(map(self.holds, rows))

    def may_hold_any(self, text: str) -> bool:
        """Whether rows are worth a closer look; `text` is all of them."""
        return bool(self.hidden) or forbidden.suspect(text)

    def holds(self, cells: Cells) -> bool:
        """Whether there is anything in this row that must not be kept."""
        if any(index < len(cells) and cells[index] for index in self.hidden):
            return True
        return forbidden.suspect("\x1f".join(cells)) and any(
            self._kinds(index, cell) for index, cell in enumerate(cells)
        )

    def row(self, cells: Cells, into: Collection[int]) -> tuple[Cells, list[tuple[int, str]]]:
        """The row without what must not be kept, and where it stood: (column, kind). Hidden columns are emptied.

        `into` are the columns of which the rest of a text is kept; of any other nothing of the cell is.
        """
        if self.hidden and any(index < len(cells) and cells[index] for index in self.hidden):
            cells = ["" if index in self.hidden else cell for index, cell in enumerate(cells)]
        if not forbidden.suspect("\x1f".join(cells)):
            return cells, []
        found, kept = [], []
        for index, cell in enumerate(cells):
            kinds = self._kinds(index, cell)
            found += [(index, kind) for kind in kinds[:1]]
            kept.append(cell if not kinds else forbidden.blacked(cell) if index in into else forbidden.BLACK)
        return kept, found

    def _kinds(self, index: int, cell: str) -> list[str]:
        if len(cell) < 5 or (index in self.numbered and forbidden.is_card(cell)):
            return []
        return [kind for _start, _end, kind in forbidden.found_in(cell)]
