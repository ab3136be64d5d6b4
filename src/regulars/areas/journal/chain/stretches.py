"""A stretch of links held against the rows they wrote.

Reads links in order, some thousands of payloads at a time, and holds the rows those links wrote against the payloads:
each must be there once, live or past, equal column by column, its derived columns such as they follow from the others,
and each earlier version must have been ended by the link that says so. Memory stays flat.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_noop as _

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.chain.deriving import Derived, Stamps
from regulars.areas.journal.chain.forgotten import Accounts
from regulars.kernel.databases import among
from regulars.kernel.registries import Problem
from regulars.kernel.tables import Canonical, Kept, Table, kept_moment, moment, table_of

_PAYLOADS_AT_ONCE = 1_000  # what they state stays within the processor's own memory: more are slower
_LINKS_AT_ONCE = 20
_ENOUGH = 100
_PLACE = itemgetter(0, 1)

DIFFERS = _("A row of %(table)s that link %(link)s wrote differs in %(columns)s.")
_MISSING = _("A row of %(table)s that link %(link)s wrote is missing.")
_LOST = _("A row of %(table)s has lost the version that link %(link)s ended.")
_STRANGE = _("A row of %(table)s says that link %(link)s wrote it, and no deed did.")
ENDED = _("A version of a row of %(table)s was ended by link %(link)s, which says nothing of it.")

Row = tuple[int, int]  # link, row id


@dataclass(slots=True)
class Found:
    """What a stretch holds. `last`: of each card that changed without its own row, the link that touched it last."""

    changes: int = 0
    problems: list[Problem] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < _ENOUGH:
                self.problems.append(problem)


@dataclass(slots=True)
class Ground:
    """What all batches of a stretch look at: which tables hold any row of its links, and what is worked out once."""

    live: set[str] = field(default_factory=set)  # labels of the tables that have live rows of its links
    past: set[str] = field(default_factory=set)  # of those whose versions its links ended
    stamps: Stamps = field(default_factory=Stamps)
    accounts: Accounts = field(default_factory=Accounts)
    derived: dict[str, Derived] = field(default_factory=dict)

    def derived_of(self, table: Table) -> Derived:
        if table.label not in self.derived:
            self.derived[table.label] = Derived(table)
        return self.derived[table.label]


@dataclass(slots=True)
class Batch:
    """Some links in a row and everything they state. `first` follows upon the batch before, also over a gap."""

    ground: Ground
    first: int
    last: int = 0
    payloads: int = 0
    at: dict[int, str] = field(default_factory=dict)  # link -> its moment
    rows: dict[str, dict[Row, Canonical]] = field(default_factory=lambda: defaultdict(dict))  # by table label
    ended: dict[str, set[Row]] = field(default_factory=lambda: defaultdict(set))  # (until, id)
    headers: dict[int, dict[str, Any]] = field(default_factory=dict)
    changesets: dict[int, int] = field(default_factory=dict)  # link -> changeset


def prove(first: int, upto: int, progress: Callable[[int], None] | None = None) -> Found:
    """Holds the links from `first` to `upto` against the register; tells now and then the link it has come to."""
    found, ground = Found(), _ground(first, upto)
    batch = Batch(ground, first)
    for number, changeset, at, digests, block in _links(first, upto):
        batch.last = number
        batch.changesets[number], batch.at[number] = changeset, moment(at)
        found.add(_read_link(batch, number, changeset, bytes(digests), bytes(block)))
        if batch.payloads >= _PAYLOADS_AT_ONCE:
            _settle(found, batch, progress)
            batch = Batch(ground, number + 1)
    batch.last = upto
    _settle(found, batch, progress)
    found.last = ground.stamps.last
    return found


def _ground(first: int, upto: int) -> Ground:
    """The tables without any row of these links are not looked at again and again: nobody writes one any more."""
    ground = Ground()
    with connection.cursor() as cursor:
        for table in map(table_of, models.journaled_models()):
            for name, column, found in ((table.name, "link", ground.live), (table.past, "until", ground.past)):
                cursor.execute(f"SELECT 1 FROM {name} WHERE {column} BETWEEN %s AND %s LIMIT 1", [first, upto])
                if cursor.fetchone():
                    found.add(table.label)
    return ground


def _links(first: int, upto: int) -> Iterator[tuple[int, int, datetime, bytes, bytes]]:
    """Some at a time, none held open: a job writes its progress meanwhile, which SQLite refuses to an old reader."""
    columns = ("number", "changeset_id", "at", "digests", "block")
    rows, last = models.Link.objects.filter(number__lte=upto).order_by("number").values_list(*columns), first - 1
    while page := list(rows.filter(number__gt=last)[:_LINKS_AT_ONCE]):
        yield from page
        last = page[-1][0]


def _settle(found: Found, batch: Batch, progress: Callable[[int], None] | None) -> None:
    found.changes += batch.payloads
    found.add(_row_problems(batch))
    found.add(_header_problems(batch))
    if progress is not None:
        progress(batch.last)


def _read_link(batch: Batch, number: int, changeset: int, digests: bytes, block: bytes) -> Iterator[Problem]:
    where = f"link {number}"
    try:
        opened = list(blocks.opened(block))
    except (ValueError, IndexError, OverflowError):
        yield Problem("edited", where, _("The block of link %(number)s cannot be read."), {"number": number}, changeset)
        return
    if len(opened) * blocks.DIGEST != len(digests):
        lost = _("Link %(number)s has lost or gained a payload.")
        yield Problem("edited", where, lost, {"number": number}, changeset)
        return
    batch.payloads += len(opened)
    for place, salted in enumerate(opened):
        if salted is None:
            if not batch.ground.accounts.explain(number, place):
                blank = _("Payload %(place)s of link %(number)s is gone, and nobody was forgotten for it.")
                yield Problem("removed", where, blank, {"place": place, "number": number}, changeset)
            continue
        if not blocks.fits(salted, digests[place * blocks.DIGEST : (place + 1) * blocks.DIGEST]):
            altered = _("Payload %(place)s of link %(number)s is not what was written.")
            yield Problem("edited", where, altered, {"place": place, "number": number}, changeset)
            continue
        _take_in(batch, number, orjson.loads(salted[blocks.SALT :]))
    for stated in batch.ground.accounts.restated(number) if None in opened else ():
        _take_in(batch, number, {name: stated[name] for name in stated if name != "restates"})


def _take_in(batch: Batch, link: int, stated: dict[str, Any]) -> None:
    if "changeset" in stated:
        batch.headers[stated["changeset"]] = stated
        return
    if "restates" in stated:
        return  # it was taken in with the link that it says anew
    rows = batch.rows
    for table, pk, row in stated.get("new", ()):
        rows[table][link, pk] = row
    for table, pk, row in stated.get("set", ()):
        rows[table][link, pk] = row
        batch.ended[table].add((link, pk))
    for table, pk in stated.get("gone", ()):
        batch.ended[table].add((link, pk))
    subject = stated.get("customer")
    if subject is not None:
        for card in batch.ground.stamps.cards:
            if (link, subject) in rows[card.label]:
                return
        batch.ground.stamps.take_in(link, stated)


def _row_problems(batch: Batch) -> Iterator[Problem]:
    for model in models.journaled_models():
        table = table_of(model)
        stated = batch.rows.get(table.label, {})
        if stated or table.label in batch.ground.live:
            yield from _Check(table, batch, stated).problems()
        if table.label in batch.ground.past:
            yield from _ends(table, batch)
    for label, ended in batch.ended.items():
        for link, pk in ended:
            yield _differs(batch, label, pk, link, _LOST)


class _Check:
    """The rows of one table that a batch of links wrote.

    Columns that no payload of the batch states must be empty in every row: the database itself looks at those. All
    rows, in the order of their links and ids, are laid beside how they usually would look; what is equal in its place
    is right, the others are looked at column by column.
    """

    def __init__(self, table: Table, batch: Batch, stated: dict[Row, Canonical]) -> None:
        self.table, self.batch, self.stated = table, batch, stated
        self.kept = Kept(table, set().union(*stated.values()))
        self.derived = batch.ground.derived_of(table)

    def problems(self) -> Iterator[Problem]:
        live = self._live()
        there = {row[:2] for row in live}
        past = self._past(self.stated.keys() - there)  # read after: a row that moves meanwhile is found
        usual = self._usual()
        ended = [told for told in usual if told[:2] not in there] if past else []
        stood = [told for told in usual if told[:2] in there] if len(there) < len(usual) else usual
        if self.table.stamped:
            stood = [told + self._stamps(told[0]) for told in stood]
        for row in _odd(live, stood):
            yield from self._looked_at(row, past=False)
        for row in _odd(past, ended):
            yield from self._looked_at(row, past=True)
        for link, pk in sorted(self.stated.keys() - there - {row[:2] for row in past}):
            yield _differs(self.batch, self.table.label, pk, link, _MISSING)

    def _live(self) -> list[tuple[Any, ...]]:
        """In order. Where there are many more than were stated, enough of them to name as many as are named at all."""
        where = f"link BETWEEN %s AND %s ORDER BY link, {self.table.pk}"
        with connection.cursor() as cursor:
            cursor.execute(self.kept.select(where, past=False), [self.batch.first, self.batch.last])
            return list(cursor.fetchmany(len(self.stated) + _ENOUGH))

    def _past(self, wanted: Collection[Row]) -> list[tuple[Any, ...]]:
        """The versions of these ids and links, in order. Each other one that stands there has an end nobody stated."""
        if not wanted:
            return []
        ids, parameters = among(connection, self.table.pk, sorted({pk for _link, pk in wanted}))
        with connection.cursor() as cursor:
            where = f"{ids} AND link BETWEEN %s AND %s"
            cursor.execute(self.kept.select(where, past=True), [*parameters, self.batch.first, self.batch.last])
            return sorted((row for row in cursor.fetchall() if row[:2] in wanted), key=_PLACE)

    def _usual(self) -> list[tuple[Any, ...]]:
        usual, derive, stated = self.kept.usual, self.derived.of, sorted(self.stated.items(), key=itemgetter(0))
        if not self.table.derived:
            return [usual(link, pk, (), row) for (link, pk), row in stated]
        return [usual(link, pk, derive(row), row) for (link, pk), row in stated]

    def _stamps(self, link: int) -> tuple[int, Any]:
        return link, kept_moment(self.batch.at[link])

    def _looked_at(self, row: Sequence[Any], *, past: bool) -> Iterator[Problem]:
        link, pk = row[:2]
        stated = self.stated.get((link, pk))
        if self.table.stamped and not past and link in self.batch.at:
            # A link taken out is told by the chain, its rows as those that no deed wrote.
            for column in self.batch.ground.stamps.wrong_of_own(link, self.batch.at[link], *row[self.kept.stamps]):
                yield self._problem(row, [column])
        if stated is None:
            yield _differs(self.batch, self.table.label, pk, link, _STRANGE)
            return
        found = self.kept.canonical(row) if row[2] else _whole(self.table, pk, link, past=past)
        names = [name for name in found.keys() | stated.keys() if found.get(name) != stated.get(name)]
        names += self.derived.wrong(stated, row[self.kept.derived])
        if names:
            yield self._problem(row, names)

    def _problem(self, row: Sequence[Any], names: Iterable[str]) -> Problem:
        return _differs(self.batch, self.table.label, row[1], row[0], DIFFERS, columns=", ".join(sorted(names)))


def _odd(rows: list[tuple[Any, ...]], usual: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that do not look as usual in their place."""
    if rows == usual:
        return []
    return [row for row, told in zip_longest(rows, usual) if row is not None and row != told]


def _whole(table: Table, pk: int, link: int, *, past: bool) -> Canonical:
    """A row with all its columns, read again: one of them holds what nobody stated."""
    kept = Kept(table, {name for _field, name in table.kept})
    with connection.cursor() as cursor:
        cursor.execute(kept.select(f"{table.pk} = %s AND link = %s", past=past), [pk, link])
        row = cursor.fetchone()
    return kept.canonical(row) if row else {}


def _ends(table: Table, batch: Batch) -> Iterator[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT until, {table.pk} FROM {table.past} WHERE until BETWEEN %s AND %s",
            [batch.first, batch.last],
        )
        found = cursor.fetchall()
    stated = batch.ended[table.label]
    if len(found) > len(stated) or not stated.issuperset(found):
        for (until, pk), count in sorted(Counter(found).items()):
            if (until, pk) not in stated or count > 1:  # one link ends one version of a row
                yield _differs(batch, table.label, pk, until, ENDED)
    stated.difference_update(found)


def _differs(batch: Batch, table: str, pk: int, link: int, template: str, **told: str) -> Problem:
    return differs(table, pk, link, batch.changesets.get(link), template, **told)


def differs(table: str, pk: int, link: int, changeset: int | None, template: str, **told: str) -> Problem:
    """A row that is not what its link says, in the words of `template`."""
    told_of: dict[str, str | int] = {"table": table, "link": link, **told}
    return Problem("row_differs", f"{table} {pk}", template, told_of, changeset)


def _header_problems(batch: Batch) -> Iterator[Problem]:
    """Each deed's who, when, through what and which, against what was frozen; the last frozen one holds."""
    numbers = sorted({*batch.headers, *batch.changesets.values()})
    found = {}
    for start in range(0, len(numbers), 500):
        found.update(models.Changeset.objects.in_bulk(numbers[start : start + 500]))
    for number, header in batch.headers.items():
        row = found.get(number)
        if row is None:
            yield Problem("removed", f"changeset {number}", _("Deed %(n)s is gone."), {"n": number}, number)
        elif not _header_holds(row, header, batch.last):
            altered = _("Deed %(n)s is not what was written.")
            yield Problem("edited", f"changeset {number}", altered, {"n": number}, number)


def _header_holds(row: models.Changeset, header: dict[str, Any], last: int) -> bool:
    stated = (
        moment(row.at), [row.by_kind, row.by_id, row.by_name], row.through, row.detail, row.verb, row.undoes_id,
    )  # fmt: skip
    frozen = tuple(header[name] for name in ("at", "by", "through", "detail", "verb", "undoes"))
    ended_later = row.last_link is not None and row.last_link > last  # its closing words come in a later batch
    return stated == frozen and (ended_later or row.state == "open" or row.particulars == header["particulars"])
