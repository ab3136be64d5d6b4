"""On whose card a row comes to stand. A deed that brought rows onto another card is taken back by bringing them home;
in between they may have been edited, and brought further with the card they stood on.

A card that was joined to another is one with it until that is taken back: what returns to it returns to where it went.
"""

from typing import TYPE_CHECKING

from regulars.areas.journal.actions.undo.merge import Merge
from regulars.areas.journal.actions.undo.steps import Step
from regulars.areas.journal.queries.differences import tables
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled


class Carrying:
    """Where the rows of one settlement belong."""

    def __init__(self, settled: "Settled") -> None:
        self.settled = settled
        self.known: dict[int, int | None] = {}

    def goes_home(self, step: Step) -> bool:
        """Whether the deed brought it onto another card, and it stands there, or where that card went since."""
        return step.moved and step.now_link is not None and step.subject in self._went(step.left_whose)

    def is_joined(self, card: Step) -> bool:
        """Whether this card was joined to another, or another to it."""
        column = card.table.model.journal_joined  # type: ignore[attr-defined]
        if not column:
            return False
        return bool(self._went(card.pk)[1:] or card.table.pick((card.table.pk,), column, [card.pk]))

    def settle(self) -> None:
        """Puts every row that returns onto the card that it belongs to."""
        settled = self.settled
        for step in [*settled.back.values(), *(merge.step for merge in settled.merged.values())]:
            if step.table.subject is None or step.table.is_card:
                continue
            target = self._target(step)
            merge = settled.merged.get(step.name)
            would = merge.value(step.table.subject) if merge is not None else step.was_whose
            if target == would:
                continue
            if merge is None:
                del settled.back[step.name]
                merge = settled.merged[step.name] = Merge(step)
                if step.live is not None:
                    merge.columns = {column for _field, column in step.table.kept}
            merge.fixed[step.table.subject] = target

    def _target(self, step: Step) -> int | None:
        if step.now_link is not None:
            return step.was_whose if self.goes_home(step) else step.subject
        return None if step.was_whose is None else self._went(step.was_whose)[-1]

    def _went(self, number: int | None) -> list[int]:
        """The card, and one after the other those that it was joined to, as it will be when all is done."""
        chain: list[int] = []
        while number is not None and number not in chain:
            chain.append(number)
            number = self._into(number)
        return chain

    def _into(self, number: int) -> int | None:
        for table in tables():
            column = table.model.journal_joined  # type: ignore[attr-defined]
            if column and table.is_card and (into := self._joined(table, column, number)) is not None:
                return into
        return None

    def _joined(self, table: Table, column: str, number: int) -> int | None:
        settled, name = self.settled, (table.label, number)
        if (merge := settled.merged.get(name)) is not None:
            value: int | None = merge.value(column)
            return value
        if name in settled.back:
            value = settled.back[name].value_before(column)
            return value  # noqa: RET504 typed by its name
        if number not in self.known:
            found = table.pick((column,), table.pk, [number])
            self.known[number] = found[0][0] if found else None
        return self.known[number]
