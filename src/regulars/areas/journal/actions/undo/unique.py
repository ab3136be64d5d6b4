"""What can stand only once: a value that comes back where the same was put in again, a second primary address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import UniqueConstraint

from regulars.areas.journal.actions.undo.conflicts import Edit, row_edits
from regulars.areas.journal.actions.undo.merge import Merge
from regulars.areas.journal.actions.undo.steps import Step, read, rows_by, stands
from regulars.areas.journal.queries.differences import differs_in
from regulars.kernel.databases import among
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled


@dataclass(frozen=True, slots=True)
class Once:
    """Columns that no two rows have alike; with `only`, among those rows that have this yes."""

    columns: tuple[str, ...]
    only: str = ""


@cache
def once(table: Table) -> tuple[Once, ...]:
    """The table's rules, apart from its key's."""
    found = [Once((str(field.column),)) for field in table.fields if field.unique and field.column != table.pk]
    for each in table.model._meta.constraints:
        if isinstance(each, UniqueConstraint) and each.fields:
            columns = tuple(str(table.model._meta.get_field(name).column) for name in each.fields)  # type: ignore[union-attr]
            wanted = each.condition.children if each.condition else []
            if wanted and wanted[0][1] is not True:  # type: ignore[index]
                continue  # of rows that no undo touches
            found.append(Once(columns, str(wanted[0][0]) if wanted else ""))  # type: ignore[index]
    return tuple(found)


def standing_instead(table: Table, pks: Iterable[int]) -> dict[int, int]:
    """Of rows of the house that are gone: the one that stands in the place of each, made anew since (a shop of the same
    code)."""
    wanted = sorted(pks)
    if table.subject is not None or not wanted:
        return {}
    at, until, found = table.columns.index(table.pk), -1, dict[int, int]()
    for old in sorted(rows_by(table, table.pk, wanted, past=True), key=lambda row: row[until]):
        for rule in once(table):
            places = [table.columns.index(column) for column in rule.columns]
            if rule.only or any(old[place] is None for place in places):
                continue
            for row in rows_by(table, rule.columns[0], [old[places[0]]]):
                if all(row[place] == old[place] for place in places):
                    found[old[at]] = row[at]
    return found


class Uniqueness:
    """Looks at everything that is to come back against everything that will stand beside it."""

    def __init__(self, settled: "Settled") -> None:
        self.settled = settled
        self.together: set[int | None] = set()

    def settle(self) -> None:
        self.together = self._together()
        self._tables(of_house=False)

    def settle_house(self) -> None:
        """The rows of the house alone: what names one that does not come is to name the one that stands."""
        self._tables(of_house=True)

    def _tables(self, *, of_house: bool) -> None:
        for table in {step.table for step in self._coming()}:
            for rule in once(table) if (table.subject is None) is of_house else ():
                self._by(table, rule)

    def _coming(self) -> Iterator[Step]:
        yield from self.settled.back.values()
        yield from (merge.step for merge in self.settled.merged.values())

    def _together(self) -> set[int | None]:
        """Customers who return with everything on them that one link took away: what stood side by side then can
        stand so again, and nothing else stands on a card that is not there."""
        back = self.settled.back.values()
        if self.settled.merged or any(step.now_link is not None for step in back):
            return set()
        cards = {step.subject: step.ended for step in back if step.table.is_card}
        others = {step.subject for step in back if step.raw is None or step.raw[-1] != cards.get(step.subject)}
        return cards.keys() - others

    def _by(self, table: Table, rule: Once) -> None:
        coming: dict[tuple[Any, ...], Step] = {}
        sure = self.together if table.subject in rule.columns else set()
        for step in [step for step in self._coming() if step.table is table and step.subject not in sure]:
            key = tuple(self._will_be(step, column) for column in rule.columns)
            if None in key or (rule.only and not self._will_be(step, rule.only)):
                continue
            other = coming.setdefault(key, step)
            if other is not step:
                first, second = (step, other) if other.edited_later else (other, step)
                coming[key] = second
                self._clash(rule, first, second)
        for key, step in self._beside(table, rule, coming):
            self._clash(rule, coming[key], step)

    def _will_be(self, step: Step, column: str) -> Any:
        merge = self.settled.merged.get(step.name)
        return merge.value(column) if merge is not None else step.value_before(column)

    def _beside(self, table: Table, rule: Once, coming: dict[tuple[Any, ...], Step]) -> list[tuple[Any, Step]]:
        """What stands, stays as it is, and is like something that comes."""
        settled, first = self.settled, sorted({key[0] for key in coming})
        if not first:
            return []
        condition, given = among(connection, rule.columns[0], first)
        only = f' AND "{rule.only}"' if rule.only else ""
        chosen = ", ".join((table.pk, table.subject or "NULL", "link", *rule.columns))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {chosen} FROM {table.name} WHERE {condition}{only}", given)
            rows = cursor.fetchall()
        found = []
        for pk, subject, link, *key in rows:
            name, alike = (table.label, pk), coming.get(tuple(key))
            changes = name in settled.away or name in settled.back or name in settled.merged
            if alike is not None and alike.pk != pk and not changes:
                step = settled.steps.setdefault(name, Step(table, pk, subject, now_link=link, touched=False))
                found.append((tuple(key), step))
        return found

    def _clash(self, rule: Once, coming: Step, standing: Step) -> None:
        settled = self.settled
        read([standing])
        if rule.only:  # one of them gives up being the one
            over = settled.decide(coming, "value", self._of(rule.only, coming, standing), rule.only)
            yields = standing if over else coming
            whole = self._whole(yields)
            merge = settled.merged.setdefault(yields.name, whole)
            settled.back.pop(yields.name, None)
            merge.columns.discard(rule.only)
            merge.fixed[rule.only] = False
        elif settled.decide(coming, "twice", row_edits(standing, coming.before), may=not self._is_needed(standing)):
            settled.away[standing.name] = standing
            settled.merged.pop(standing.name, None)
            settled.back.pop(standing.name, None)
        else:
            settled.back.pop(coming.name, None)
            if (put := settled.merged.get(coming.name)) is not None:
                put.columns.difference_update(coming.table.columns)

    def _is_needed(self, standing: Step) -> bool:
        """Whether it is one of the house's that others name: it serves for the one that comes as well."""
        return standing.subject is None and bool(self.settled.naming_rows([standing]))

    def _whole(self, step: Step) -> Merge:
        if step.name not in self.settled.back or step.live is None:
            return Merge(step)
        return Merge(step, {column for _field, column in step.table.kept})

    def _of(self, column: str, coming: Step, standing: Step) -> list[Edit]:
        """Which one is the one now, told by its value."""
        label, now = standing.table.label, stands(standing)
        shown = next((c for c in ("value", *now) if c != column and differs_in(c, None, label, {}, now)), column)
        then = differs_in(shown, standing.subject, label, coming.before or {}, now)
        return [Edit(then, then, standing.last_link)] if then is not None else []
