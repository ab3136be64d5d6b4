"""A row put together from how it was and how it stands."""

from dataclasses import dataclass, field
from typing import Any

from regulars.areas.journal.actions.undo.steps import Step


@dataclass(slots=True)
class Merge:
    """A row put together: these columns as they were before the deed, some set, the rest as they stand. One that does
    not stand comes back whole, with what is set."""

    step: Step
    columns: set[str] = field(default_factory=set)
    fixed: dict[str, Any] = field(default_factory=dict)

    def brings(self, column: str) -> bool:
        """Whether the column comes to name something by this: as it was before, or set."""
        if column in self.fixed:
            return self.fixed[column] is not None
        return column in self.columns or self.step.now_link is None

    def value(self, column: str) -> Any:
        """The value that the column will have."""
        if column in self.fixed:
            return self.fixed[column]
        whole = self.step.live is None or column in self.columns
        row = self.step.raw if whole else self.step.live
        assert row is not None
        return row[self.step.table.columns.index(column)]
