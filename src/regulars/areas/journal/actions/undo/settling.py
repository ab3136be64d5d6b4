"""What taking a deed back means for some of its customers: which rows go, which return, which are put together.

Nothing is written here. Three rules (the deed's version B, what it left E, what stands now N): where N is E, B returns;
where N is something else, that is a conflict, value by value; what rests on a row that goes is a conflict as well.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from regulars.areas.journal.actions.undo.carrying import Carrying
from regulars.areas.journal.actions.undo.circles import circles_left_out
from regulars.areas.journal.actions.undo.conflicts import (
    Conflict,
    Decisions,
    Edit,
    Kind,
    key_of,
    row_edits,
    value_edits,
)
from regulars.areas.journal.actions.undo.merge import Merge
from regulars.areas.journal.actions.undo.plain import Plain
from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_from, pointers_to, together
from regulars.areas.journal.actions.undo.steps import Reach, Step, is_live, read
from regulars.areas.journal.actions.undo.unique import Uniqueness, standing_instead
from regulars.areas.journal.actions.undo.wholes import Wholes
from regulars.areas.journal.models import Forgotten
from regulars.kernel.tables import Table

Name = tuple[str, int]


class Settled:
    """The rows that go (`away`), that return as they were (`back`), that are put together (`merged`); the conflicts."""

    def __init__(self, reach: Reach, decisions: Decisions, plain: Plain | None = None) -> None:
        self.reach, self.decisions, self.plain = reach, decisions, plain
        self.steps: dict[Name, Step] = {}
        self.loaded: set[int] = set()
        self.wholes = Wholes(self)
        self.naming: dict[Name, list[tuple[Pointer, int, int | None, int]]] = {}

    def settle(self, subjects: Collection[int], house: Iterable[Step] = ()) -> "Settled":
        """Takes these customers in, and whoever must go or come with them."""
        self.steps.update((step.name, step) for step in house)
        wanted = set(subjects)
        while wanted:
            self._load(wanted)
            wanted = self._judge()
        if not self.loaded:
            self._judge()
        return self

    def _load(self, subjects: Collection[int]) -> None:
        """These, and whoever names cards of theirs that the deed made: with these the same will happen."""
        while subjects:
            self.loaded |= set(subjects)
            read_now = self.reach.of(subjects)
            for step in read_now:
                known = self.steps.get(step.name)
                if (
                    known is None or step.touched or not known.touched
                ):  # on the card it went to since it looks untouched
                    self.steps[step.name] = step
            made = [step for step in read_now if _is_made(step)]
            naming = (each for found in self.naming_rows(made).values() for each in found)
            subjects = {subject for _pointer, _pk, subject, _link in naming if subject is not None} - self.loaded

    # --- judging ----------------------------------------------------------------------------------------------------

    def _judge(self) -> set[int]:
        """Settles everything that is loaded; returns which customers must be looked at as well."""
        self.away: dict[Name, Step] = {}
        self.back: dict[Name, Step] = {}
        self.merged: dict[Name, Merge] = {}
        self.conflicts: dict[str, Conflict] = {}
        self.wanted: set[int] = set()
        self.carrying = Carrying(self)
        self.per: dict[int | None, list[Step]] = defaultdict(list)
        for step in self.steps.values():
            self.per[step.left_whose if step.left_whose in self.loaded else step.subject].append(step)
        made = {subject: _made_among(steps) for subject, steps in self.per.items() if subject is not None}
        self.carrying.look_at(card for card in made.values() if card is not None)
        for subject, steps in self.per.items():
            if subject is not None and (card := made[subject]) is not None:
                self._made_card(card, steps)
            else:
                for step in steps:
                    if step.touched:
                        self._row(step)
        self.wholes.settle()
        self.carrying.stay_together()
        self.carrying.settle()
        Uniqueness(self).settle_house()
        self._what_rests()
        while self._what_comes() or circles_left_out(self):
            self._what_rests()  # what is left out may go on naming a row that goes
        if not self.wanted:
            Uniqueness(self).settle()
        return self.wanted

    def decide(self, step: Step, kind: Kind, edits: list[Edit], column: str = "", *, may: bool = True) -> bool:
        """Notes a conflict; whether the later edit is taken back all the same."""
        key = key_of(step, column)
        conflict = self.conflicts.get(key)
        if conflict is None:
            conflict = self.conflicts[key] = Conflict(
                key, kind, step.subject, [], open=may, place=(step.table.label, step.pk, column)
            )
        conflict.edits += edits
        conflict.kind, conflict.open = (conflict.kind, conflict.open) if may else (kind, False)
        conflict.choice = self.decisions.on(conflict)
        return conflict.choice == "overwrite"

    def _made_card(self, card: Step, steps: list[Step]) -> None:
        """A card that the deed made goes with everything on it, or stays with everything on it."""
        later = [step for step in steps if step.edited_later or not step.touched]
        joined = self.carrying.is_joined(card)
        if later or joined:
            read(later)
            edits = [edit for step in later for edit in row_edits(step)]
            if not self.decide(card, "joined" if joined else "card", edits, may=not joined):
                return
        self.away.update((step.name, step) for step in steps if step.now_link)

    def _row(self, step: Step) -> None:
        stood, stands_now = step.before is not None, step.now_link is not None
        if not stood:
            if stands_now and (not step.edited_later or self.decide(step, "row", row_edits(step))):
                self.away[step.name] = step
        elif not stands_now:
            if step.left is None or self.decide(step, "row", row_edits(step, step.before)):
                self.back[step.name] = step
        elif step.left is None or (step.now == step.before and not self.carrying.goes_home(step)):
            return
        elif step.edited_later:
            self._merge(step)
        else:
            self.back[step.name] = step

    def _merge(self, step: Step) -> None:
        """Column by column; columns that are one value (an amount and its currency) together."""
        before, left, now = step.before or {}, step.left or {}, step.now or {}
        alike = step.table.model.journal_enciphered if step.moved else ()  # type: ignore[attr-defined]
        changed = [c for c in {**before, **left} if before.get(c) != left.get(c) and c not in alike]
        merge = Merge(step)
        for columns in together(step.table, changed):
            if all(self.carrying.is_as_left(step, c) for c in columns):
                merge.columns.update(columns)
            elif any(now.get(c) != before.get(c) for c in columns):
                self._disputed(merge, columns, before, left, now)
        if merge.columns or merge.fixed or self.carrying.goes_home(step):
            self.merged[step.name] = merge

    def _disputed(self, merge: Merge, columns: tuple[str, ...], before: Any, left: Any, now: Any) -> None:
        column, step = columns[0], merge.step
        stood, was, stands_now = before.get(column) or {}, left.get(column) or {}, now.get(column) or {}
        if len(columns) == 1 and all(isinstance(each, dict) for each in (stood, was, stands_now)):
            merge.fixed[column] = _three_way(stood, was, stands_now)
            return
        edits = value_edits(step, columns)
        if self.decide(step, "value", edits, column) if edits else self.decisions.later == "overwrite":
            merge.columns.update(columns)

    # --- what rests on rows that go ---------------------------------------------------------------------------------

    def _what_rests(self) -> None:
        unchecked = dict(self.away)
        while unchecked:
            found = [each for each in self._pointing_at(unchecked.values()) if self._still_points(*each)]
            read(step for _pointer, _at, step in found)
            unchecked = {}
            per: dict[Name, list[tuple[Pointer, Step]]] = defaultdict(list)
            for pointer, at, step in found:
                per[pointer.target.label, at].append((pointer, step))
            for name, resting in per.items():
                unchecked |= self._rests(self.away[name], resting)

    def _pointing_at(self, steps: Iterable[Step]) -> Iterator[tuple[Pointer, int, Step]]:
        """(pointer, the row it points at, the row that points) of what stands and names rows that go."""
        for (_label, at), found in self.naming_rows(steps).items():
            for pointer, pk, subject, link in found:
                name = (pointer.table.label, pk)
                if subject is not None and subject not in self.loaded and self.loaded:
                    self.wanted.add(subject)
                elif name not in self.steps:
                    self.steps[name] = Step(pointer.table, pk, subject, now_link=link, touched=False)
                if name in self.steps:
                    yield pointer, at, self.steps[name]

    def naming_rows(self, steps: Iterable[Step]) -> dict[Name, list[tuple[Pointer, int, int | None, int]]]:
        """(pointer, row, whose, its link) of what stands and names each of these rows. Asked for once."""
        steps = [step for step in steps if pointers_to(step.table)]
        unknown: dict[Table, list[int]] = defaultdict(list)
        for step in steps:
            if step.name not in self.naming:
                self.naming[step.name] = []
                unknown[step.table].append(step.pk)
        for table, pks in unknown.items():
            for pointer in pointers_to(table):
                for pk, at, subject, link in pointer.rows(pks, *(self.plain.resting(pointer) if self.plain else ())):
                    if self.plain is None or (pointer.table.label, pk) not in self.plain.went:
                        self.naming[table.label, at].append((pointer, pk, subject, link))
        return {step.name: found for step in steps if (found := self.naming[step.name])}

    def _still_points(self, pointer: Pointer, at: int, step: Step) -> bool:
        """Whether the row will name it when all is done."""
        if step.name in self.away or (pointer.target.label, at) not in self.away:
            return False
        if step.name in self.back:
            return bool(step.value_before(pointer.column) == at)
        merge = self.merged.get(step.name)
        return merge is None or bool(merge.value(pointer.column) == at)

    def _rests(self, target: Step, resting: list[tuple[Pointer, Step]]) -> dict[Name, Step]:
        """Returns the rows that must be looked at anew: what goes along, or what is left by what is kept after all."""
        edits = [edit for pointer, step in resting for edit in pointer.edits(step)]
        if not self.decide(target, "rests", edits):
            return self.kept(target)
        along: dict[Name, Step] = {}
        for pointer, step in resting:
            if pointer.may_be_empty:
                self.merged.setdefault(step.name, Merge(step)).fixed[pointer.column] = None
            else:
                self.merged.pop(step.name, None)
                self.back.pop(step.name, None)
                along[step.name] = self.away[step.name] = step
        return along

    def kept(self, target: Step) -> dict[Name, Step]:
        """What was to go is kept: a card with all of its rows, a whole with its parts. What these name must stay, too:
        all is asked anew."""
        steps = self.per[target.subject] if target.table.is_card else [target]
        for step in (*steps, *self.wholes.with_(target, self.away.values())):
            self.away.pop(step.name, None)
        return dict(self.away)

    # --- what comes back needs what it names ------------------------------------------------------------------------

    def _what_comes(self) -> bool:
        """Leaves out what names something that is not there; whether there was any."""
        dropped, any_dropped = True, False
        while dropped:
            dropped = False
            for pointer, steps in self._naming().items():
                named = {step.value_before(pointer.column) for step in steps} - {None}
                missing = named - is_live(pointer.target, named) | {at for at in named if self._goes(pointer, at)}
                missing -= {at for at in missing if self._comes(pointer.target.label, at)}
                if pointer.target.is_card:
                    unknown = missing - self.loaded
                    self.wanted |= unknown
                    missing -= unknown
                instead = standing_instead(pointer.target, missing)
                for step in steps:
                    named_by_it = step.value_before(pointer.column)
                    if named_by_it in instead:
                        self._names(step, pointer, instead[named_by_it])
                    elif named_by_it in missing:
                        dropped = self.cannot_come(step, pointer, "gone") or dropped
            any_dropped |= dropped
        return any_dropped

    def _comes(self, label: str, at: int) -> bool:
        return (label, at) in self.back or (label, at) in self.merged

    def _goes(self, pointer: Pointer, at: int) -> bool:
        return (pointer.target.label, at) in self.away

    def _naming(self) -> dict[Pointer, list[Step]]:
        found: dict[Pointer, list[Step]] = defaultdict(list)
        for step in self.back.values():
            for pointer in pointers_from(step.table):
                found[pointer].append(step)
        for merge in self.merged.values():
            for pointer in pointers_from(merge.step.table):
                comes = merge.step.now_link is None and pointer.column not in merge.fixed
                if comes or pointer.column in merge.columns:
                    found[pointer].append(merge.step)
        return found

    def _names(self, step: Step, pointer: Pointer, instead: int) -> None:
        """It comes, and names another."""
        self.put_together(step).fixed[pointer.column] = instead
        self.merged[step.name].columns.discard(pointer.column)

    def put_together(self, step: Step) -> Merge:
        """The row as one that is put together, where it was to come back as it was."""
        merge = self.merged.get(step.name)
        if merge is None:
            del self.back[step.name]
            merge = self.merged[step.name] = Merge(step)
            if step.live is not None:
                merge.columns = {column for _field, column in step.table.kept}
        return merge

    def cannot_come(self, step: Step, pointer: Pointer, why: Kind) -> bool:
        """Leaves out a row, or the one value of it that cannot be. False where it is left out already."""
        column, merge = pointer.column, self.merged.get(step.name)
        if merge is None and step.name not in self.back:
            return False
        if merge is not None and not merge.brings(column):
            return False
        if step.now_link is not None:
            merge = self.put_together(step)
            merge.columns.discard(column)
            merge.fixed.pop(column, None)
        elif pointer.may_be_empty and (why == "circle" or _for_good(pointer, step)):
            self.put_together(step).fixed[column] = None
        else:
            coming = (*self.back.values(), *(each.step for each in self.merged.values()))
            for each in (step, *self.wholes.with_(step, coming)):
                self.back.pop(each.name, None)
                self.merged.pop(each.name, None)
        self.decide(step, why, row_edits(step, step.before)[:1], may=False)
        return True


def _is_made(step: Step) -> bool:
    """Whether it is a card that the deed made, and that is there."""
    return bool(step.table.is_card and step.touched and step.before is None and step.now_link)


def _made_among(steps: Iterable[Step]) -> Step | None:
    return next(filter(_is_made, steps), None)


def _for_good(pointer: Pointer, step: Step) -> bool:
    """Whether what the row named was forgotten: no deed brings that back, and the row must not wait for it."""
    named = step.value_before(pointer.column)
    return pointer.target.is_card and Forgotten.objects.filter(number=named).exists()


def _three_way(before: dict[str, Any], left: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Entry by entry: what the deed changed and nobody since is as before, everything else as it stands."""
    merged = dict(now)
    for name in {*before, *left}:
        if before.get(name) != left.get(name) and now.get(name) == left.get(name):
            merged.pop(name, None)
            if name in before:
                merged[name] = before[name]
    return merged
