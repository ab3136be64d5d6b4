"""Of a deed that brought in very many rows: those that nobody touched or named since. They go, all of them, and are
counted by the database; only the others are looked at one by one.

A card is plain where the deed did nothing but make rows on it, nobody changed or moved one of these since or wrote
others on a card that it made, and nothing that stays names them. So is a row of nobody's or of the house.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection

from regulars.areas.journal import models
from regulars.areas.journal.actions.undo.pointing import Pointer, pointers_to
from regulars.areas.journal.actions.undo.steps import Reach, Step
from regulars.areas.journal.actions.undo.wholes import part_of
from regulars.areas.journal.queries.differences import counted_as, tables
from regulars.kernel.databases import among
from regulars.kernel.tables import Table

if TYPE_CHECKING:
    from regulars.areas.journal.actions.undo.settling import Settled

Name = tuple[str, int]
_FEW = 20_000  # rows written since from which one starts; where there are more, from the rows of the deed
_AT_ONCE, _ROWS = 20, 500  # customers, and rows of the house, that are read to be shown


@dataclass
class Plain:
    """What of a deed need not be looked at; `subjects` and `rows` (of the house, and nobody's) must be."""

    reach: Reach
    subjects: set[int] = field(default_factory=set)
    rows: dict[Table, set[int]] = field(default_factory=lambda: defaultdict(set))
    went: set[Name] = field(default_factory=set)  # rows of customers that were looked at, and go

    def __post_init__(self) -> None:
        self._new: list[tuple[Table, int, int | None]] = []
        self._take(self._changed())
        for card in (each for each in tables() if each.is_card):
            self._take(self._written_on(card))
            self._take(self._joined(card))
        for pointer in self._pointers():
            self._take(self._named_since(pointer))
        while self._new:
            self._take(self._resting())

    # --- asked of it --------------------------------------------------------------------------------------------------

    @cached_property
    def cards(self) -> tuple[list[int], list[int]]:
        """The plain customers: those whose card goes, and those who only lose what it put on their card."""
        made = {pk for table in tables() if table.is_card for pk in self._ids(table)}
        going = [each for each in self.reach.subjects if each not in self.subjects]
        return [each for each in going if each in made], [each for each in going if each not in made]

    def house(self) -> list[Step]:
        """The rows of the house, and nobody's, that must be looked at."""
        return self.reach.named({table: pks for table, pks in self.rows.items() if pks})

    def resting(self, pointer: Pointer) -> tuple[str, list[Any]]:
        """The condition that a row of the pointer's table is not plain: of the others nothing rests on what goes."""
        table, (own, links) = pointer.table, among(connection, "link", self._links)
        these, pks = among(connection, table.pk, sorted(self.rows[table]))
        if table.subject is None:
            return f"(NOT ({own}) OR {these})", [*links, *pks]
        whose, subjects = among(connection, table.subject, sorted(self.subjects))
        nobodys = f"({table.subject} IS NULL AND {these})"
        return f"(NOT ({own}) OR {whose} OR {nobodys})", [*links, *subjects, *pks]

    def note(self, settled: "Settled") -> None:
        """Keeps in mind which rows go of customers that were looked at."""
        self.went.update(name for name, step in settled.away.items() if step.subject is not None)

    def count(self, table: Table, looked_at: Collection[int | None] = ()) -> int:
        """How many of its plain rows go, without those of customers that were looked at all the same."""
        own, links = among(connection, "link", self._links)
        found = self._number(table, own, links) if counted_as(table) else 0
        apart = self.subjects.union(each for each in looked_at if each is not None)
        if found and table.subject is not None and apart:
            whose, subjects = among(connection, table.subject, sorted(apart))
            found -= self._number(table, f"{whose} AND +{own}", [*subjects, *links])
        if found and (pks := self.rows[table]):
            these, named = among(connection, table.pk, sorted(pks))
            found -= self._number(table, f"{these} AND {own}", [*named, *links])
        return found

    def going(self) -> Iterator[list[Step]]:
        """Its rows, some at a time, customers first: to be read by a person."""
        numbers = sorted([number for some in self.cards for number in some], reverse=True)
        for start in range(0, len(numbers), _AT_ONCE):
            steps = self.reach.of(numbers[start : start + _AT_ONCE])
            yield [step for step in steps if step.touched and step.now_link]
        for table in tables():
            if table.may_be_nobodys:
                yield from self._of_house(table)

    def _of_house(self, table: Table) -> Iterator[list[Step]]:
        last = -1
        only = f" AND {table.subject} IS NULL" if table.subject else ""
        own, links = among(connection, "link", self._links)
        while True:
            where = f"{table.pk} > %s AND {own}{only} ORDER BY {table.pk} LIMIT {_ROWS}"
            some = [pk for (pk,) in self._rows(f"SELECT {table.pk} FROM {table.name} WHERE {where}", last, *links)]
            if not some:
                return
            last = some[-1]
            plain = {pk for pk in some if pk not in self.rows[table]}
            yield self.reach.named({table: plain}) if plain else []

    # --- what is not plain --------------------------------------------------------------------------------------------

    def _take(self, found: Iterable[tuple[Table, int, int | None]]) -> None:
        """Notes rows that must be looked at, with the whole customer whose they are; new ones lead on to others."""
        for table, pk, subject in found:
            known: set[int] = self.rows[table] if subject is None else self.subjects
            if (of := pk if subject is None else subject) not in known:
                known.add(of)
                self._new.append((table, pk, subject))

    def _changed(self) -> Iterator[tuple[Table, int, int | None]]:
        """Rows that stood before the deed, and those that are no longer as it left them: on whose card they stood, and
        on whose they stand."""
        links, first, last = self.reach.links, self.reach.first, max(self.reach.links, default=0)
        ended, given = among(connection, "until", self._links)
        for table in tables():
            chosen = f"SELECT {table.pk}, {table.subject or 'NULL'}, link, until FROM {table.past} WHERE"
            rows = self._rows(f"{chosen} {ended}", *given)
            rows += self._rows(f"{chosen} until > %s AND link BETWEEN %s AND %s", first, first, last)
            found = [(pk, whose) for pk, whose, link, until in rows if (link in links) != (until in links)]
            yield from ((table, pk, whose) for pk, whose in found)
            if table.subject and not table.is_card:
                now = table.pick((table.pk, table.subject), table.pk, sorted({pk for pk, _whose in found}))
                yield from ((table, pk, whose) for pk, whose in now)

    def _written_on(self, card: Table) -> Iterator[tuple[Table, int, int | None]]:
        """Cards that the deed made and on which others have put something."""
        for table in tables():
            if table.subject is not None and not table.is_card:
                for number, _subject in self._led_to(table, table.subject, card):
                    yield card, number, number

    def _named_since(self, pointer: Pointer) -> Iterator[tuple[Table, int, int | None]]:
        """Rows of the deed that others have come to name; those of a customer that a row of nobody's names."""
        target, table = pointer.target, pointer.table
        for pk, subject in self._led_to(table, pointer.column, target):
            yield target, pk, subject
        if target.subject and (table.subject is None or table.may_be_nobodys):
            nobodys = f"x.{table.subject} IS NULL AND " if table.subject else ""
            own, links = among(connection, "x.link", self._links)
            where = f"{nobodys}{own} AND t.{target.pk} = x.{pointer.column} AND t.{target.subject} IS NOT NULL"
            for pk, subject in self._pairs(pointer.table, target, where, links):
                yield target, pk, subject

    def _joined(self, card: Table) -> Iterator[tuple[Table, int, int | None]]:
        """Cards of the deed that were merged with others: both must be looked at."""
        if column := card.model.journal_joined:  # type: ignore[attr-defined]
            touched = set(self.reach.subjects)
            pairs = self._rows(f"SELECT {card.pk}, {column} FROM {card.name} WHERE {column} IS NOT NULL")
            yield from ((card, number, number) for pair in pairs for number in pair if number in touched)

    def _resting(self) -> list[tuple[Table, int, int | None]]:
        """Rows of the deed that the new ones name, for these may stay; and rows of nobody's that name one of them."""
        new, self._new = self._new, []
        subjects = sorted({subject for _table, _pk, subject in new if subject is not None})
        rows: dict[Table, list[int]] = defaultdict(list)
        for table, pk, subject in new:
            if subject is None:
                rows[table].append(pk)
        found: list[tuple[Table, int, int | None]] = []
        for pointer in self._pointers():
            for column, some in ((pointer.table.subject, subjects), (pointer.table.pk, rows[pointer.table])):
                if column is not None and some:
                    found += self._named_by(pointer, column, some)
            if rows[pointer.table] and part_of(pointer.table) == pointer:
                found += self._other_parts(pointer, rows[pointer.table])
            if pointer.target.subject and pointer.table.subject and rows[pointer.target]:
                of, given = among(connection, pointer.column, sorted(rows[pointer.target]))
                own, links = among(connection, "+link", self._links)
                where = f"{of} AND {pointer.table.subject} IS NULL AND {own}"
                asked = f"SELECT {pointer.table.pk} FROM {pointer.table.name} WHERE {where}"
                found += [(pointer.table, pk, None) for (pk,) in self._rows(asked, *given, *links)]
        return found

    def _other_parts(self, pointer: Pointer, some: list[int]) -> list[tuple[Table, int, int | None]]:
        """Rows of the deed that are one thing with these: they go together or stay."""
        table = pointer.table
        these, given = among(connection, table.pk, sorted(some))
        own, links = among(connection, "link", self._links)
        whole = f"SELECT {pointer.column} FROM {table.name} WHERE {these}"
        asked = f"SELECT {table.pk}, {table.subject or 'NULL'} FROM {table.name} WHERE {pointer.column} IN ({whole})"
        return [(table, pk, subject) for pk, subject in self._rows(f"{asked} AND {own}", *given, *links)]

    def _named_by(self, pointer: Pointer, column: str, some: list[int]) -> list[tuple[Table, int, int | None]]:
        target = pointer.target
        whose, given = among(connection, f"x.{column}", some)
        own, links = among(connection, "t.link", self._links)
        where = f"{whose} AND t.{target.pk} = x.{pointer.column} AND {own}"
        return [(target, pk, subject) for pk, subject in self._pairs(pointer.table, target, where, [*given, *links])]

    # --- the database -------------------------------------------------------------------------------------------------

    @cached_property
    def _links(self) -> list[int]:
        return sorted(self.reach.links)

    @cached_property
    def _since(self) -> list[tuple[str, list[Any]]]:
        """The conditions, with `%s` for the column, on links of other deeds since this one began."""
        first, last = self.reach.first, max(self.reach.links, default=0)
        between = models.Link.objects.filter(number__gt=first, number__lt=last).exclude(
            changeset_id=self.reach.changeset
        )
        others = list(between.values_list("number", flat=True))
        return [*([among(connection, "{0}", others)] if others else []), ("{0} > %s", [last])]

    @cached_property
    def _made(self) -> set[Table]:
        """The tables in which rows of the deed stand."""
        own, links = among(connection, "link", self._links)
        return {each for each in tables() if self._rows(f"SELECT 1 FROM {each.name} WHERE {own} LIMIT 1", *links)}

    def _pointers(self) -> list[Pointer]:
        """What can name rows that the deed made, apart from the rows of a card."""
        return [pointer for table in self._made for pointer in pointers_to(table)]

    def _led_to(self, table: Table, column: str, target: Table) -> Collection[tuple[int, int | None]]:
        """(row, whose) of the deed's rows in `target` that rows written since name by this column."""
        if target not in self._made:
            return ()
        own, links = among(connection, "t.link", self._links)
        found: set[tuple[int, int | None]] = set()
        for since, given in self._since:
            known = since.format("link")
            few = self._rows(f"SELECT 1 FROM {table.name} WHERE {known} LIMIT {_FEW}", *given)
            if not few:
                continue
            said = since.format("x.link" if len(few) < _FEW else "+x.link")
            where = f"t.{target.pk} = x.{column} AND x.{column} IS NOT NULL AND {said} AND {own}"
            if len(few) < _FEW:
                found.update(self._pairs(table, target, where, [*given, *links]))
            else:
                found.update(self._pairs(target, table, where, [*given, *links], turned=True))
        return found

    def _pairs(
        self, first: Table, then: Table, where: str, given: list[Any], *, turned: bool = False
    ) -> list[tuple[int, int | None]]:
        """(row, whose) of the target `t`; the first table is gone through, the other looked up."""
        outer, inner = ("t", "x") if turned else ("x", "t")
        target = first if turned else then
        chosen = f"t.{target.pk}, {f't.{target.subject}' if target.subject else 'NULL'}"
        source = f"{first.name} {outer} CROSS JOIN {then.name} {inner}"
        return self._rows(f"SELECT DISTINCT {chosen} FROM {source} WHERE {where}", *given)

    def _ids(self, table: Table) -> list[int]:
        own, links = among(connection, "link", self._links)
        return [pk for (pk,) in self._rows(f"SELECT {table.pk} FROM {table.name} WHERE {own}", *links)]

    def _number(self, table: Table, where: str, given: list[Any]) -> int:
        ((count,),) = self._rows(f"SELECT count(*) FROM {table.name} WHERE {where}", *given)
        return int(count)

    def _rows(self, asked: str, *given: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(asked, given)
            return list(cursor.fetchall())
