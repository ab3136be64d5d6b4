"""What taking a deed back would change, value by value, for whoever is asked first."""

from collections.abc import Collection

from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.steps import Step, read, stands
from regulars.areas.journal.queries.differences import Difference, rows_differ
from regulars.kernel.tables import Canonical


def shown(settled: Settled, most: int, *, without: Collection[int | None] = ()) -> list[Difference]:
    """The first values that would differ, customer by customer, from what stands to what will; `without` the rows of
    those who were shown before."""
    each = (*settled.away.values(), *settled.back.values(), *(merge.step for merge in settled.merged.values()))
    steps = sorted((step for step in each if step.subject is None or step.subject not in without), key=_place)[:most]
    changing = [(step, _will_be(settled, step)) for step in steps]
    read([step for step, _row in changing])
    found: list[Difference] = []
    for step, row in changing:
        found += rows_differ(step.subject, step.table.label, stands(step), row)
        if len(found) >= most:
            break
    return found[:most]


def _place(step: Step) -> tuple[int, bool, str, int]:
    return step.subject or 0, not step.table.is_card, step.table.label, step.pk


def _will_be(settled: Settled, step: Step) -> Canonical:
    """The row as it will be, canonical; nothing of one that goes."""
    if step.name in settled.back:
        return step.before or {}
    merge = settled.merged.get(step.name)
    if merge is None:
        return {}
    read([step])
    return step.table.canonical_raw([merge.value(column) for column in step.table.columns])
