"""What taking a deed back would change, value by value, for whoever is asked first."""

from collections.abc import Collection, Iterable, Sequence

from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.steps import Step, read, stands
from regulars.areas.journal.queries.differences import Difference, rows_differ
from regulars.kernel.tables import Canonical


class Showing:
    """The first values that would differ after `skip` others, customer by customer, from what stands to what will."""

    def __init__(self, most: int, skip: int) -> None:
        self.most, self.skip = most, skip
        self.found: list[Difference] = []
        self.more = False

    def settled(self, settled: Settled, *, without: Collection[int | None] = ()) -> None:
        """Those of a settlement; `without` the rows of those who were shown before."""
        if not self.most or self.more:
            return
        each = (*settled.away.values(), *settled.back.values(), *(merge.step for merge in settled.merged.values()))
        steps = sorted((step for step in each if step.subject is None or step.subject not in without), key=_place)
        self._take([(step, _will_be(settled, step)) for step in steps[: self._wanted]])

    def going(self, parts: Iterable[list[Step]]) -> None:
        """Those of rows that go, and of which no more is read than is shown."""
        for part in parts if self.most and not self.more else ():
            self._take([(step, {}) for step in sorted(part, key=_place)[: self._wanted]])
            if self.more:
                return

    @property
    def _wanted(self) -> int:
        return self.skip + self.most + 1

    def _take(self, changing: Sequence[tuple[Step, Canonical]]) -> None:
        read(step for step, _row in changing)
        found: list[Difference] = []
        for step, row in changing:
            found += rows_differ(step.subject, step.table.label, stands(step), row)
            if len(found) >= self._wanted:
                break
        self.found += found[self.skip :]
        self.skip = max(0, self.skip - len(found))
        self.more = len(self.found) > self.most
        del self.found[self.most :]


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
