"""A file in pieces, as the child has them ready."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.intake.actions.ahead import Ahead
from regulars.areas.intake.readers.ready import unframed

_ENOUGH, _AT_ONCE = 4, 8  # chunks that are awaited for a transaction, and that it may take


@dataclass(slots=True)
class Piece:
    """One chunk of the file: where it begins, how many rows it has, the refused ones, what is told beside those that
    are not (`refusing.keep_beside`), and the rest ready."""

    start: int
    count: int
    bad: list[list[Any]]
    chunk: Chunk
    beside: dict[str, list[list[Any]]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)  # still to be written
    kin: dict[int, int] = field(default_factory=dict)  # places and numbers of new cards whose kin is still to be noted

    @property
    def end(self) -> int:
        return self.start + self.count


class Pieces:
    """What the child has ready: the first is awaited, a few more are taken if they are there. `piece` is told of each
    chunk from which row on it is."""

    def __init__(self, piece: Callable[[int, dict[str, Any]], Piece], read: Ahead, start: int) -> None:
        self.piece, self.read, self.start = piece, read, start
        self.waiting: list[Piece] = []

    def some(self) -> Sequence[Piece]:
        """The next pieces, enough for one transaction (each costs as much again); none at the end of the file."""
        while len(self.waiting) < _AT_ONCE:
            content = self.read.next(wait=len(self.waiting) < _ENOUGH)
            if content is None:
                break
            piece = self.piece(self.start, unframed(content))
            self.start = piece.end
            self.waiting.append(piece)
        return self.waiting

    def done(self, count: int) -> None:
        del self.waiting[:count]
