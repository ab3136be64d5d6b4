"""A stretch of links held against the rows they wrote.

Reads links in order, some thousands of payloads at a time, and holds the rows those links wrote against the payloads:
each must be there once, live or past, equal column by column, its derived columns such as they follow from the others,
and each earlier version must have been ended by the link that says so. Memory stays flat.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_noop as _

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks
from regulars.areas.journal.chain.deriving import Derived, Stamps
from regulars.areas.journal.chain.forgotten import Accounts
from regulars.kernel.registries import Problem
from regulars.kernel.tables import Canonical, Kept, Table, moment, table_of

_PAYLOADS_AT_ONCE = 1_000  # what they state stays within the processor's own memory: more are slower
_LINKS_AT_ONCE = 20
_ENOUGH = 100

DIFFERS = _("A row of %(table)s that link %(link)s wrote differs in %(columns)s.")
_MISSING = _("A row of %(table)s that link %(link)s wrote is missing.")
_LOST = _("A row of %(table)s has lost the version that link %(link)s ended.")
_STRANGE = _("A row of %(table)s says that link %(link)s wrote it, and no deed did.")
_ENDED = _("A version of a row of %(table)s was ended by link %(link)s, which says nothing of it.")

Row = tuple[int, int]  # row id, link


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
class Batch:
    """Some links in a row and everything they state."""

    stamps: Stamps
    accounts: Accounts
    first: int = 0
    last: int = 0
    payloads: int = 0
    at: dict[int, str] = field(default_factory=dict)  # link -> its moment
    rows: dict[str, dict[Row, Canonical]] = field(default_factory=lambda: defaultdict(dict))  # by table label
    ended: dict[str, set[Row]] = field(default_factory=lambda: defaultdict(set))  # (id, until)
    headers: dict[int, dict[str, Any]] = field(default_factory=dict)
    changesets: dict[int, int] = field(default_factory=dict)  # link -> changeset


def prove(first: int, upto: int, progress: Callable[[int], None] | None = None) -> Found:
    """Holds the links from `first` to `upto` against the register; tells now and then the link it has come to."""
    found, stamps, accounts = Found(), Stamps(), Accounts()
    batch = Batch(stamps, accounts)
    for number, changeset, at, digests, block in _links(first, upto):
        batch.first = batch.first or number
        batch.last = number
        batch.changesets[number], batch.at[number] = changeset, moment(at)
        found.add(_read_link(batch, number, changeset, bytes(digests), bytes(block)))
        if batch.payloads >= _PAYLOADS_AT_ONCE:
            _settle(found, batch, progress)
            batch = Batch(stamps, accounts)
    if batch.last:
        _settle(found, batch, progress)
    found.last = stamps.last
    return found


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
            if not batch.accounts.explain(number, place):
                blank = _("Payload %(place)s of link %(number)s is gone, and nobody was forgotten for it.")
                yield Problem("removed", where, blank, {"place": place, "number": number}, changeset)
            continue
        if not blocks.fits(salted, digests[place * blocks.DIGEST : (place + 1) * blocks.DIGEST]):
            altered = _("Payload %(place)s of link %(number)s is not what was written.")
            yield Problem("edited", where, altered, {"place": place, "number": number}, changeset)
            continue
        _take_in(batch, number, orjson.loads(salted[blocks.SALT :]))
    for stated in batch.accounts.restated(number) if None in opened else ():
        _take_in(batch, number, {name: stated[name] for name in stated if name != "restates"})


def _take_in(batch: Batch, link: int, stated: dict[str, Any]) -> None:
    if "changeset" in stated:
        batch.headers[stated["changeset"]] = stated
        return
    if "restates" in stated:
        return  # it was taken in with the link that it says anew
    rows = batch.rows
    for table, pk, row in stated.get("new", ()):
        rows[table][pk, link] = row
    for table, pk, row in stated.get("set", ()):
        rows[table][pk, link] = row
        batch.ended[table].add((pk, link))
    for table, pk in stated.get("gone", ()):
        batch.ended[table].add((pk, link))
    subject = stated.get("customer")
    if subject is not None:
        for card in batch.stamps.cards:
            if (subject, link) in rows[card.label]:
                return
        batch.stamps.take_in(link, stated)


def _row_problems(batch: Batch) -> Iterator[Problem]:
    for model in models.journaled_models():
        table = table_of(model)
        stated = batch.rows.get(table.label, {})
        missing = set(stated)
        check = _Check(table, batch, stated)
        for past in (False, True):  # live first: a row that moves meanwhile is seen twice, never missed
            yield from check.problems(missing, past=past)
        yield from _ends(table, batch)
        for pk, link in sorted(missing):
            yield _differs(batch, table.label, pk, link, _MISSING)
    for label, ended in batch.ended.items():
        for pk, link in ended:
            yield _differs(batch, label, pk, link, _LOST)


class _Check:
    """The rows of one table that a batch of links wrote.

    Columns that no payload of the batch states must be empty in every row: the database itself looks at those. A row
    that looks just as it usually would is right; the others are looked at column by column.
    """

    def __init__(self, table: Table, batch: Batch, stated: dict[Row, Canonical]) -> None:
        self.table, self.batch, self.stated = table, batch, stated
        self.kept = Kept(table, {name for row in stated.values() for name in row})
        self.derived = Derived(table)
        usual, derive = self.kept.usual, self.derived.of
        self.usual = {usual(pk, link, derive(row), row) for (pk, link), row in stated.items()}

    def problems(self, missing: set[Row], *, past: bool) -> Iterator[Problem]:
        usual, stamped = self.usual, self.table.stamped and not past
        with connection.cursor() as cursor:
            cursor.execute(self.kept.select("link BETWEEN %s AND %s", past=past), [self.batch.first, self.batch.last])
            while rows := cursor.fetchmany(2000):
                if stamped:
                    yield from self._stamped(rows)
                    rows = [row[:-2] for row in rows]
                if not usual.issuperset(rows):
                    for row in rows:
                        if row not in usual:
                            yield from self._looked_at(row, past=past)
                missing.difference_update([row[:2] for row in rows])

    def _stamped(self, rows: Iterable[Sequence[Any]]) -> Iterator[Problem]:
        stamps, at = self.batch.stamps, self.batch.at
        for row in rows:
            if row[1] in at:  # a link taken out is told by the chain, its rows as those that no deed wrote
                for column in stamps.wrong_of_own(row[1], at[row[1]], row[-2], row[-1]):
                    yield self._problem(row, [column])

    def _looked_at(self, row: Sequence[Any], *, past: bool) -> Iterator[Problem]:
        pk, link = row[:2]
        stated = self.stated.get((pk, link))
        if stated is None:
            yield _differs(self.batch, self.table.label, pk, link, _STRANGE)
            return
        found = self.kept.canonical(row) if row[2] else _whole(self.table, pk, link, past=past)
        names = [name for name in found.keys() | stated.keys() if found.get(name) != stated.get(name)]
        names += self.derived.wrong(stated, row[self.kept.derived])
        if names:
            yield self._problem(row, names)

    def _problem(self, row: Sequence[Any], names: Iterable[str]) -> Problem:
        return _differs(self.batch, self.table.label, row[0], row[1], DIFFERS, columns=", ".join(sorted(names)))


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
            f"SELECT {table.pk}, until FROM {table.past} WHERE until BETWEEN %s AND %s",
            [batch.first, batch.last],
        )
        for at in cursor.fetchall():
            if at in batch.ended[table.label]:
                batch.ended[table.label].discard(at)
            else:
                yield _differs(batch, table.label, at[0], at[1], _ENDED)


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
