"""Rows that are one thing together, such as a purchase and its lines: all of them go, or come, or none."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING
from weakref import proxy

from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_from, pointers_to
from regulars.areas.journal.actions.undo.steps import Step, read, stands
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled

Name = tuple[str, int]


@cache
def part_of(table: Table) -> Pointer | None:
    """The column by which a row of this table names the whole of which it is a part."""
    column = table.model.journal_whole  # type: ignore[attr-defined]
    return next((each for each in pointers_from(table) if each.column == column), None)


@cache
def _has_parts(table: Table) -> bool:
    return any(part_of(pointer.table) == pointer for pointer in pointers_to(table))


class Wholes:
    """What belongs to a row, among the rows that a settling has to do with."""

    def __init__(self, settled: "Settled") -> None:
        self.settled: Settled = proxy(settled)  # no circle, as in `Carrying`

    def with_(self, step: Step, among: Iterable[Step]) -> list[Step]:
        """The row's whole and the other parts of it, as far as they are among these."""
        (whole,) = self._of([step])
        if whole is None:
            return []
        some = [each for each in among if part_of(each.table) or _has_parts(each.table)]
        return [each for each, other in zip(some, self._of(some), strict=True) if other == whole and each is not step]

    def settle(self) -> None:
        """Of a whole that the deed made and that stays, no part goes."""
        steps, away = self.settled.steps, self.settled.away
        parts = [step for step in away.values() if part_of(step.table)]
        for step, name in zip(parts, self._of(parts), strict=True):
            whole = steps.get(name) if name is not None else None
            if whole and whole.touched and whole.before is None and whole.now_link and whole.name not in away:
                away.pop(step.name, None)

    def _of(self, steps: Iterable[Step]) -> Iterator[Name | None]:
        steps = list(steps)
        read(step for step in steps if part_of(step.table))
        for step in steps:
            pointer = part_of(step.table)
            if pointer is None:
                yield step.name if _has_parts(step.table) else None
                continue
            at = stands(step).get(pointer.column) if step.now_link else step.value_before(pointer.column)
            yield (pointer.target.label, int(at)) if at is not None else None
