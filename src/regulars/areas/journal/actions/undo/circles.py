"""Who was brought by whom is a tree. A deed left one, but put back after other edits it might close a circle."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_from
from regulars.areas.journal.actions.undo.steps import Step
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled

Above = dict[int, int | None]


def circles_left_out(settled: "Settled") -> bool:
    """Leaves out the first value that would close a circle; whether there was one."""
    for pointer in {pointer for step in _coming(settled) for pointer in _trees(step.table)}:
        coming = {step.pk: step for step in _coming(settled) if step.table is pointer.table}
        will = {pk: _will_name(settled, step, pointer.column) for pk, step in coming.items()}
        above = _known(pointer, will)
        for pk in sorted(will):
            if _stands_below_herself(pk, above) and settled.cannot_come(coming[pk], pointer, "circle"):
                return True
    return False


def _coming(settled: "Settled") -> Iterator[Step]:
    yield from settled.back.values()
    yield from (merge.step for merge in settled.merged.values())


def _trees(table: Table) -> Iterator[Pointer]:
    named = table.model.journal_tree  # type: ignore[attr-defined]
    return (pointer for pointer in pointers_from(table) if pointer.column in named)


def _will_name(settled: "Settled", step: Step, column: str) -> int | None:
    merge = settled.merged.get(step.name)
    value: int | None = merge.value(column) if merge is not None else step.value_before(column)
    return value


def _known(pointer: Pointer, will: Mapping[int, int | None]) -> Above:
    """Who stands above whom, for these and everybody above them; a level at a time."""
    above: Above = dict(will)
    wanted = {each for each in will.values() if each is not None} - above.keys()
    while wanted:
        above |= dict.fromkeys(wanted)
        above |= pointer.table.pick((pointer.table.pk, pointer.column), pointer.table.pk, sorted(wanted))
        wanted = {above[each] for each in wanted} - above.keys() - {None}  # type: ignore[assignment]
    return above


def _stands_below_herself(pk: int, above: Above) -> bool:
    seen, at = set[int](), above[pk]
    while at is not None and at not in seen:
        if at == pk:
            return True
        seen.add(at)
        at = above.get(at)
    return False
