"""What a deed left, row by row: the version before it, the one it left, and the row as it stands now.

A row that the deed made and nobody touched since is told by link numbers alone (`clean`): its values are not read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from regulars.areas.journal import models
from regulars.areas.journal.queries.differences import tables
from regulars.kernel.databases import among
from regulars.kernel.tables import Canonical, Table

_AS_LEFT: Canonical = {}  # stands for both versions of a clean row


@dataclass(slots=True, eq=False)
class Step:
    """One row's way back. `now_link` is the link of the row as it stands, `ended` the one that took it away."""

    table: Table
    pk: int
    subject: int | None
    before: Canonical | None = None
    before_link: int | None = None
    left: Canonical | None = None
    now: Canonical | None = None
    now_link: int | None = None
    ended: int = 0
    raw: tuple[Any, ...] | None = None  # the version before, as the driver gave it
    live: tuple[Any, ...] | None = None  # the row as it stands, likewise
    touched: bool = True  # by the deed; others are read because they rest on what it did
    was_whose: int | None = None  # the customer on whose card the version before stood
    left_whose: int | None = None  # the one on whose card the deed left it

    @property
    def edited_later(self) -> bool:
        return self.touched and self.now is not self.left and self.now != self.left

    @property
    def moved(self) -> bool:
        """Whether the deed brought it onto another card."""
        return self.before is not None and self.left is not None and self.was_whose != self.left_whose

    @property
    def last_link(self) -> int:
        return self.now_link or self.ended

    @property
    def clean(self) -> bool:
        return self.now is _AS_LEFT

    @property
    def name(self) -> tuple[str, int]:
        return self.table.label, self.pk

    def value_before(self, column: str) -> Any:
        assert self.raw is not None
        return self.raw[self.table.columns.index(column)]


@dataclass
class Reach:
    """What one deed reached: its links, whom it touched, and the steps of some of them."""

    changeset: int
    links: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        found = models.Link.objects.filter(changeset_id=self.changeset).values_list("number", flat=True)
        self.links = set(found)

    @cached_property
    def first(self) -> int:
        return min(self.links, default=0)

    @cached_property
    def subjects(self) -> list[int]:
        """The customers whose rows it touched, newest first: who was made later may name who was made before."""
        found: set[int] = set()
        for table in tables():
            if table.subject is not None:
                found.update(each for each in self._touched(table, table.subject) if each is not None)
        return sorted(found, reverse=True)

    def _touched(self, table: Table, column: str, only: str = "") -> Iterator[int]:
        """Values of a column in rows of the deed. Old versions are found by the link that ended them: the deed's own,
        or a later one. `only` is a further condition on the rows."""
        condition, values = among(connection, "link", sorted(self.links))
        ended, again = among(connection, "until", sorted(self.links))
        last = max(self.links, default=0)
        with connection.cursor() as cursor:
            for source, where, parameters in (
                (table.name, condition, values),
                (table.past, ended, again),
                (table.past, "until > %s AND link BETWEEN %s AND %s", [self.first, self.first, last]),
            ):
                cursor.execute(f"SELECT DISTINCT {column}, link FROM {source} WHERE {where}{only}", parameters)
                strict = source == table.past and where is not ended
                yield from (value for value, link in cursor.fetchall() if not strict or link in self.links)

    def moving(self) -> tuple[int, int]:
        """How many cards go or come when the deed is taken back, and how many others there are."""
        card = next(table for table in tables() if table.is_card)
        standing = is_live(card, self.subjects)
        ended, given = among(connection, "until", sorted(self.links))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {card.pk} FROM {card.past} WHERE {ended}", given)
            edited = {pk for (pk,) in cursor.fetchall()} & standing
            cursor.execute(f"SELECT count(*) FROM {card.name}")
            ((everybody,),) = cursor.fetchall()
        going = len(standing) - len(edited)
        return going + len(self.subjects) - len(standing), everybody - going

    def house(self, *, nobodys: bool | None = None) -> list[Step]:
        """The rows of the house that it touched, and those that might be a customer's and are nobody's; where it is
        said, the one or the other alone."""
        steps: list[Step] = []
        for table in tables():
            if not table.may_be_nobodys or nobodys not in (None, bool(table.subject)):
                continue
            only = f" AND {table.subject} IS NULL" if table.subject else ""
            if pks := set(self._touched(table, table.pk, only)):
                steps += self._read(table, table.pk, pks)
        return [step for step in steps if step.touched and step.subject is None]

    @cached_property
    def unknown(self) -> int:
        """How many rows it touched that are nobody's, old versions counted, too."""
        count = 0
        for table in tables():
            if table.subject and table.may_be_nobodys:
                count += sum(1 for _pk in self._touched(table, table.pk, f" AND {table.subject} IS NULL"))
        return count

    def anew(self, steps: Iterable[Step]) -> list[Step]:
        """The same rows of the house as they stand by now."""
        per: dict[Table, list[int]] = defaultdict(list)
        for step in steps:
            per[step.table].append(step.pk)
        return self.named(per)

    def named(self, rows: Mapping[Table, Collection[int]]) -> list[Step]:
        """These rows of the house, or nobody's, as far as it touched them."""
        found = (step for table, pks in rows.items() for step in self._read(table, table.pk, pks))
        return [step for step in found if step.touched and step.subject is None]

    def of(self, subjects: Collection[int]) -> list[Step]:
        """Every row of these customers that stands, and those of the deed that stand no more."""
        steps: list[Step] = []
        for table in tables():
            if table.subject is not None:
                steps += self._read(table, table.subject, subjects)
        return steps

    def _read(self, table: Table, column: str, values: Collection[int]) -> list[Step]:
        """Rows as they have stood since the deed; of what was last written before it nothing is to be taken back.

        They are found by their customers (`+ 0`): all that this very undo has written so far is `until` now as well."""
        subject, first = table.subject or "NULL", self.first
        condition, given = among(connection, column, sorted(values))
        live: dict[int, tuple[int | None, int]] = {}
        past: dict[int, list[tuple[int, int]]] = defaultdict(list)
        with connection.cursor() as cursor:
            there = f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE link >= %s)"
            cursor.execute(f"{there}, EXISTS (SELECT 1 FROM {table.past} WHERE until >= %s)", [first, first])
            ((now, before),) = cursor.fetchall()
            if now:
                there = f"SELECT {table.pk}, {subject}, link FROM {table.name} WHERE {condition} AND link + 0 >= %s"
                cursor.execute(there, [*given, first])
                live = {pk: (owner, link) for pk, owner, link in cursor.fetchall()}
            if before and not live:  # all are gone: their values are wanted, and read at once
                cursor.execute(table.select(f"{condition} AND until + 0 >= %s", past=True), [*given, first])
                return list(self._gone(table, column, condition, given, cursor.fetchall()))
            if before:
                older = f"SELECT {table.pk}, link, until FROM {table.past} WHERE {condition} AND until + 0 >= %s"
                cursor.execute(older, [*given, first])
                for pk, link, until in cursor.fetchall():
                    if link in self.links or until in self.links:
                        past[pk].append((link, until))
        return list(self._steps(table, live, past))

    def _steps(
        self, table: Table, live: dict[int, tuple[int | None, int]], past: dict[int, list[tuple[int, int]]]
    ) -> Iterator[Step]:
        links, full = self.links, [pk for pk in past if pk not in live]
        for pk, (owner, link) in live.items():
            if link in links and not any(until in links and was not in links for was, until in past.get(pk, ())):
                yield Step(table, pk, owner, left=_AS_LEFT, now=_AS_LEFT, now_link=link)
            elif link in links or pk in past:
                full.append(pk)
            else:
                yield Step(table, pk, owner, now_link=link, touched=False)
        yield from self._whole(table, full)

    def _gone(
        self, table: Table, column: str, condition: str, given: list[Any], versions: Iterable[tuple[Any, ...]]
    ) -> Iterator[Step]:
        """The steps of rows of which none stands there, out of their versions since the deed."""
        links, at, link = self.links, table.columns.index(table.pk), table.columns.index("link")
        past: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for each in versions:
            past[each[at]].append(each)
        touched = [pk for pk, some in past.items() if any(each[link] in links or each[-1] in links for each in some)]
        moved = _elsewhere(table, condition, given, touched) if touched and column != table.pk else set()
        yield from self._whole(table, sorted(moved))
        for pk in touched:
            if pk not in moved:
                yield self._step(table, pk, None, past[pk])

    def _whole(self, table: Table, pks: Sequence[int]) -> Iterator[Step]:
        """The steps of rows that need their values read."""
        if not pks:
            return
        at = table.columns.index(table.pk)
        now = {each[at]: each for each in rows_by(table, table.pk, pks)}
        past: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for each in rows_by(table, table.pk, pks, past=True):
            past[each[at]].append(each)
        for pk in pks:
            yield self._step(table, pk, now.get(pk), past[pk])

    def _step(self, table: Table, pk: int, live: tuple[Any, ...] | None, past: list[tuple[Any, ...]]) -> Step:
        links, at = self.links, table.columns.index("link")
        before = min((p for p in past if p[-1] in links and p[at] not in links), key=lambda p: p[-1], default=None)
        last = max((p for p in past if p[at] in links), key=lambda p: p[at], default=None)
        if live is not None and live[at] in links:
            left: tuple[Any, ...] | None = live
        else:
            left = None if last is None or last[-1] in links else last
        known = live or before or last
        assert known is not None
        canonical, whose = table.canonical_raw, table.columns.index(table.subject) if table.subject else None
        return Step(
            table=table,
            pk=pk,
            subject=known[whose] if whose is not None else None,
            before=canonical(before) if before else None,
            before_link=before[at] if before else None,
            left=canonical(left) if left else None,
            now=canonical(live) if live else None,
            now_link=live[at] if live else None,
            ended=max((p[-1] for p in past), default=0),
            raw=before,
            live=live,
            was_whose=before[whose] if before and whose is not None else None,
            left_whose=left[whose] if left and whose is not None else None,
        )


def _elsewhere(table: Table, condition: str, given: list[Any], pks: Sequence[int]) -> set[int]:
    """Which of these rows stand now, or stood once, where the condition does not hold: on another's card."""
    these, named = among(connection, table.pk, sorted(pks))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {table.pk} FROM {table.past} WHERE {these} AND NOT ({condition}) "
            f"UNION SELECT {table.pk} FROM {table.name} WHERE {these}",
            [*named, *given, *named],
        )
        return {pk for (pk,) in cursor.fetchall()}


def rows_by(table: Table, column: str, values: Iterable[int], *, past: bool = False) -> list[tuple[Any, ...]]:
    """Whole rows whose column has one of these values."""
    condition, given = among(connection, column, sorted(values))
    with connection.cursor() as cursor:
        cursor.execute(table.select(condition, past=past), given)
        return list(cursor.fetchall())


def read(steps: Iterable[Step]) -> None:
    """Reads the values of rows as they stand, where only their links were known."""
    per: dict[Table, dict[int, Step]] = defaultdict(dict)
    for step in steps:
        if step.live is None and step.now_link is not None:
            per[step.table][step.pk] = step
    for table, some in per.items():
        at = table.columns.index(table.pk)
        for row in rows_by(table, table.pk, some):
            some[row[at]].live = row


def stands(step: Step) -> Canonical:
    """The row as it stands, canonical, of one whose values were read."""
    return step.table.canonical_raw(step.live) if step.live is not None else {}


def is_live(table: Table, pks: Iterable[int]) -> set[int]:
    """Which of these rows stand."""
    return {row[0] for row in table.pick((table.pk,), table.pk, sorted(pks))}
