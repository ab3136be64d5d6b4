"""Columns with their places, and what a part of a compiled mapping is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from regulars.areas.intake.readers.cells import Cleaner, Context, cleaner
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.mapping import Column
from regulars.areas.intake.readers.row import Row
from regulars.areas.intake.readers.targets import Target


class At:
    """The column being read, for the message where its cell is refused."""

    __slots__ = ("index",)

    def __init__(self) -> None:
        self.index = 0


Card = dict[str, Any]
Part = Callable[[Row, Card, Cells, At], None]
Guarded = tuple[tuple[int, ...], Part]  # columns of which one must be filled, else the part is not called
Member = tuple[int, str, Cleaner]


@dataclass(frozen=True, slots=True)
class Placed:
    column: Column
    target: Target


def member(each: Placed, context: Context) -> Member:
    """The column as index, key on the card, cleaner."""
    return (each.column.index, each.target.key, cleaner(each.target, each.column, context))


def guarded(columns: Iterable[Placed], part: Part) -> Guarded:
    return tuple(each.column.index for each in columns), part


def of_group(placed: list[Placed], group: str) -> list[Placed]:
    return [each for each in placed if each.target.group == group]


def slots(placed: list[Placed], group: str) -> list[list[Placed]]:
    """The columns of a group by slot, in the order of the slots."""
    found: dict[int, list[Placed]] = {}
    for each in of_group(placed, group):
        found.setdefault(each.target.slot, []).append(each)
    return [found[slot] for slot in sorted(found)]


def has_value(slot: list[Placed]) -> bool:
    return any(each.target.key == "value" for each in slot)
