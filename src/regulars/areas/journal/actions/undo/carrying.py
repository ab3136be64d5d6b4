"""On whose card a row comes to stand. A deed that brought rows onto another card is taken back by bringing them home;
in between they may have been edited, and brought further with the card they stood on.

A card that was joined to another is one with it until that is taken back: what returns to it returns to where it went.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from weakref import proxy

from regulars.areas.journal.actions.undo.pointing import pointers_from
from regulars.areas.journal.actions.undo.steps import Step
from regulars.areas.journal.queries.differences import tables
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled


class Carrying:
    """Where the rows of one settlement belong."""

    def __init__(self, settled: "Settled") -> None:
        self.settled: Settled = proxy(settled)  # no circle: nobody looks for such while many rows are taken back
        self.known: dict[int, int | None] = {}
        self.others: dict[int, list[int]] = {}

    def look_at(self, cards: Iterable[Step]) -> None:
        """Asks once where all of these cards went, and what was joined to them."""
        per: dict[Table, list[int]] = defaultdict(list)
        for card in cards:
            per[card.table].append(card.pk)
        for table, numbers in per.items():
            if column := _joined_by(table):
                self.others.update((number, []) for number in numbers)
                for number, into in table.pick((table.pk, column), table.pk, numbers):
                    self.known[number] = into
                for number, into in table.pick((table.pk, column), column, numbers):
                    self.others[into].append(number)

    def goes_home(self, step: Step) -> bool:
        """Whether the deed brought it onto another card, and it stands there, or where that card went since."""
        return step.moved and step.now_link is not None and step.subject in self._went(step.left_whose)

    def is_joined(self, card: Step) -> bool:
        """Whether this card was joined to another since the deed, or another to it."""
        column = _joined_by(card.table)
        if not column:
            return False
        if card.pk not in self.others:
            self.look_at([card])
        links = [*([card.pk] if self._went(card.pk)[1:] else []), *self.others[card.pk]]
        return not all(self._was_left_so(card.table, pk, column) for pk in links)

    def _was_left_so(self, table: Table, pk: int, column: str) -> bool:
        step = self.settled.steps.get((table.label, pk))
        if step is None or not step.touched:
            return False
        return step.clean or (step.left or {}).get(column) == (step.now or {}).get(column)

    def stay_together(self) -> None:
        """A card that leads to one that stays does not go."""
        settled = self.settled
        for step in [step for step in settled.away.values() if step.table.is_card]:
            if any((step.table.label, number) not in settled.away for number in self._went(step.pk)):
                settled.kept(step)

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
            settled.put_together(step).fixed[step.table.subject] = target
        self._lead_on()

    def is_as_left(self, step: Step, column: str) -> bool:
        """Whether a column is as the deed left it: the card that it named, or the one that this went into since."""
        left, now = (step.left or {}).get(column), (step.now or {}).get(column)
        return left == now or (left is not None and column in _led_on(step.table) and now in self._went(left))

    def _lead_on(self) -> None:
        """What comes back and names a card that was merged meanwhile names the one that this went into, as everybody
        does who named it then. Where that is its own, it says nothing any more."""
        coming = [*self.settled.back.values(), *(merge.step for merge in self.settled.merged.values())]
        for each in coming:
            for column in _led_on(each.table):
                self._lead_one_on(each, column)

    def _lead_one_on(self, step: Step, column: str) -> None:
        settled = self.settled
        merge = settled.merged.get(step.name)
        comes = step.name in settled.back or (merge is not None and column not in merge.fixed and merge.brings(column))
        named = step.value_before(column) if comes else None
        if named is None:
            return
        target = self._went(named)[-1]
        if target != named and named not in settled.loaded:
            settled.wanted.add(named)  # perhaps it is this deed that joined it
        elif target != named:
            merge = settled.put_together(step)
            merge.columns.discard(column)
            merge.fixed[column] = target
        whose = step.was_whose if merge is None else merge.value(step.table.subject or "")
        if not step.table.is_card and whose == target and step.was_whose != named:
            settled.back.pop(step.name, None)
            settled.merged.pop(step.name, None)
            if step.now_link is not None:
                settled.away[step.name] = step

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
        for table, column in _joinable():
            if (into := self._joined(table, column, number)) is not None:
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


def _joined_by(table: Table) -> str:
    """The column that says which card one was joined to; '' where none can be."""
    column: str = table.model.journal_joined  # type: ignore[attr-defined]
    return column


@cache
def _joinable() -> tuple[tuple[Table, str], ...]:
    return tuple((table, column) for table in tables() if table.is_card and (column := _joined_by(table)))


@cache
def _led_on(table: Table) -> tuple[str, ...]:
    """The columns in which a row names somebody's card, apart from the one that says which card it was joined to."""
    named = [pointer.column for pointer in pointers_from(table) if pointer.target.is_card]
    return tuple(each for each in named if each not in (table.subject, table.model.journal_joined))  # type: ignore[attr-defined]
