"""What an undo did, or would do, added up."""

from dataclasses import dataclass, field
from typing import Any

from regulars.areas.journal.actions.undo.conflicts import Conflict, told
from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.models import Counted
from regulars.areas.journal.queries.differences import Difference, counted_as, named
from regulars.kernel.actor import Actor
from regulars.kernel.tables import Table

MOST_CONFLICTS = 10_000  # that are told one by one


@dataclass(slots=True)
class Moved:
    """How many rows of a kind go, and how many come back or become what they were."""

    counted: Counted
    removed: int = 0
    restored: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"what": self.counted.name, "removed": self.removed, "restored": self.restored}

    def told(self) -> list[tuple[int, str]]:
        """Each number that is not nought, and in the reader's language what stands behind it."""
        each = ((self.removed, self.counted.go), (self.restored, self.counted.come))
        return [(number, str(words % {"count": number})) for number, words in each if number]


@dataclass(slots=True)
class Undone:
    """What an undo did, or would do. Counts are customers; rows of the house count as one there,
    and one by one in `rows`, as do the rows that count for themselves (purchases, lines). `conflicts` are at most
    `MOST_CONFLICTS` of `disputed`; `seen` is how far the journal had come when it was asked.
    `forgotten` are those whom the deed touched and who were forgotten since: they stay so."""

    undoes: int
    changeset: int | None = None
    restored: int = 0
    removed: int = 0
    disputed: int = 0
    seen: int = 0
    forgotten: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    more: bool = False  # values differ than `differences` has
    rows: dict[str, Moved] = field(default_factory=dict)  # by what they are

    def named_for(self, by: Actor) -> "Undone":
        """With the names of what its values point to, as far as that reader may know them."""
        told(self.conflicts, by)
        self.differences = named(self.differences, by)
        return self

    @property
    def told(self) -> list[tuple[int, str]]:
        """What rows go and come, in words: those that are fewest first, as purchases are fewer than their lines."""
        return sorted(each for moved in self.rows.values() for each in moved.told())

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The later edits that were kept, in the contract's shape."""
        return [edit.as_json() for each in self.conflicts if each.choice == "keep" for edit in each.edits]

    def as_json(self) -> dict[str, Any]:
        """The contract's shape, with what must be decided and what differs."""
        counts = {name: getattr(self, name) for name in ("changeset", "undoes", "restored", "removed", "kept")}
        differ = [{"number": each.number, **each.as_json()} for each in self.differences]
        conflicts = [each.as_json() for each in self.conflicts]
        return {
            **counts,
            "rows": [self.rows[name].as_json() for name in sorted(self.rows)],
            "disputed": self.disputed,
            "forgotten": self.forgotten,
            "conflicts": conflicts,
            "fields": differ,
            "seen": self.seen,
        }


class Tally:
    """Adds up whom it concerns. Who was looked at again (`seen`), for the sake of others, is counted once."""

    def __init__(self, result: Undone) -> None:
        self.result = result
        self.seen: set[int | None] = set()
        self.counted: set[int | None] = set()
        self.keys: set[str] = set()

    def count(self, settled: Settled) -> None:
        """Adds what was settled."""
        away, back = list(settled.away.values()), [*settled.back.values()]
        back += [merge.step for merge in settled.merged.values()]
        of_house = not settled.loaded  # what rests on these goes with them, whosever it is
        for step in away:
            if of_house or step.subject not in self.seen:
                self.add(step.table, removed=1)
        for step in back:
            if of_house or step.subject not in self.seen:
                self.add(step.table, restored=1)
        removed = {step.subject for step in away if step.table.is_card}
        going = {step.subject for step in away if step.subject is not None}
        coming = {step.subject for step in back}
        self.result.removed += len(removed - self.counted)
        self.result.restored += len((going | coming) - removed - self.counted)
        self.counted |= going | coming
        self.seen |= settled.loaded
        self._disputed(settled)

    def add(self, table: Table, removed: int = 0, restored: int = 0) -> None:
        """Adds rows of a table, where these count for themselves."""
        counted = counted_as(table)
        if counted and (removed or restored):
            moved = self.result.rows.setdefault(counted.name, Moved(counted))
            moved.removed += removed
            moved.restored += restored

    def _disputed(self, settled: Settled) -> None:
        new = [each for key, each in settled.conflicts.items() if key not in self.keys]
        self.keys.update(each.key for each in new)
        self.result.disputed = len(self.keys)
        self.result.conflicts += new[: MOST_CONFLICTS - len(self.result.conflicts)]
