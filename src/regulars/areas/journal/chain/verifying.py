"""Proving the register: the chain is whole, the heads agree, and every live and past row is what its payload says.

Reads links in order, some thousands of payloads at a time, and holds the rows those links wrote against the payloads:
each must be there once, live or past, equal column by column, its derived columns such as they follow from the others,
and each earlier version must have been ended by the link that says so. Memory stays flat; nothing is locked, so work
goes on meanwhile.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks, walking
from regulars.areas.journal.chain.deriving import Derived, Stamps
from regulars.kernel import databases
from regulars.kernel.registries import Problem, checks
from regulars.kernel.tables import Canonical, Table, moment, table_of

_PAYLOADS_AT_ONCE = 8_000
_LINKS_AT_ONCE = 20
_ENOUGH = 100

Row = tuple[str, int, int]  # table label, row id, link
Told = Callable[[int, int], None]


@dataclass(slots=True)
class Verdict:
    """What `verify` found. `changes` counts the payloads that were read."""

    ok: bool = True
    changes: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < _ENOUGH:
                self.problems.append(problem)
        self.ok = not self.problems

    def as_json(self) -> dict[str, Any]:
        problems = [{k: str(v) if k == "message" else v for k, v in asdict(each).items()} for each in self.problems]
        return {"ok": self.ok, "changes": self.changes, "problems": problems}


def verify(*, progress: Told | None = None) -> Verdict:
    """Proves the whole register. Names the first bad link and up to 100 rows or files that are not what was written."""
    verdict = Verdict()
    try:
        verdict.add(_pages())
        upto = models.Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
        broken = walking.first_break(upto)
        verdict.add([broken] if broken else [])
        verdict.add(walking.head_problems(upto))
        _walk_payloads(verdict, upto, progress)
        verdict.add(_strangers(upto))
        for check in checks():
            verdict.add(check())
    except DatabaseError as problem:
        verdict.add([Problem("page", "database", _("The database cannot be read: %(what)s") % {"what": problem})])
    return verdict


def _pages() -> Iterator[Problem]:
    for found in databases.quick_integrity(connection):
        yield Problem("page", "database", found)


# --- payloads and rows ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Batch:
    """Some links in a row and everything they state."""

    stamps: Stamps
    first: int = 0
    last: int = 0
    payloads: int = 0
    at: dict[int, str] = field(default_factory=dict)  # link -> its moment
    rows: dict[Row, Canonical] = field(default_factory=dict)
    ended: set[Row] = field(default_factory=set)  # (table, id, until)
    headers: dict[int, dict[str, Any]] = field(default_factory=dict)
    changesets: dict[int, int] = field(default_factory=dict)  # link -> changeset
    blanked: int = 0


def _walk_payloads(verdict: Verdict, upto: int, progress: Told | None) -> None:
    stamps = Stamps()
    batch = Batch(stamps)
    for number, changeset, at, digests, block in _links(upto):
        batch.first = batch.first or number
        batch.last = number
        batch.changesets[number], batch.at[number] = changeset, moment(at)
        verdict.add(_read_link(batch, number, changeset, bytes(digests), bytes(block)))
        if batch.payloads >= _PAYLOADS_AT_ONCE:
            _settle(verdict, batch, progress, upto)
            batch = Batch(stamps)
    if batch.last:
        _settle(verdict, batch, progress, upto)
    for table, pk, link, column in islice(stamps.wrong(), _ENOUGH):
        batch.changesets |= models.Link.objects.filter(number=link).values_list("number", "changeset_id")
        verdict.add([_differs(batch, table, pk, link, _("differs in %(columns)s") % {"columns": column})])


def _links(upto: int) -> Iterator[tuple[int, int, datetime, bytes, bytes]]:
    """Some at a time, none held open: a job writes its progress meanwhile, which SQLite refuses to an old reader."""
    columns = ("number", "changeset_id", "at", "digests", "block")
    rows, last = models.Link.objects.filter(number__lte=upto).order_by("number").values_list(*columns), 0
    while page := list(rows.filter(number__gt=last)[:_LINKS_AT_ONCE]):
        yield from page
        last = page[-1][0]


def _settle(verdict: Verdict, batch: Batch, progress: Told | None, upto: int) -> None:
    verdict.changes += batch.payloads
    verdict.add(_row_problems(batch))
    verdict.add(_header_problems(batch))
    if progress is not None:
        progress(batch.last, upto)


def _read_link(batch: Batch, number: int, changeset: int, digests: bytes, block: bytes) -> Iterator[Problem]:
    where = f"link {number}"
    try:
        opened = list(blocks.opened(block))
    except (ValueError, IndexError, OverflowError) as problem:
        yield Problem(
            "edited", where, _("The block of link %(number)s cannot be read.") % {"number": number}, changeset
        )
        del problem
        return
    if len(opened) * blocks.DIGEST != len(digests):
        yield Problem(
            "edited", where, _("Link %(number)s has lost or gained a payload.") % {"number": number}, changeset
        )
        return
    for place, each in enumerate(opened):
        batch.payloads += 1
        if each is None:
            batch.blanked += 1
            continue
        salt, payload = each
        if not blocks.fits(salt, payload, digests[place * blocks.DIGEST : (place + 1) * blocks.DIGEST]):
            message = _("Payload %(place)s of link %(number)s is not what was written.")
            yield Problem("edited", where, message % {"place": place, "number": number}, changeset)
            continue
        _take_in(batch, number, orjson.loads(payload))


def _take_in(batch: Batch, link: int, stated: dict[str, Any]) -> None:
    if "changeset" in stated:
        batch.headers[stated["changeset"]] = stated
        return
    for table, pk, row in stated.get("new", ()):
        batch.rows[(table, pk, link)] = row
    for table, pk, row in stated.get("set", ()):
        batch.rows[(table, pk, link)] = row
        batch.ended.add((table, pk, link))
    for table, pk in stated.get("gone", ()):
        batch.ended.add((table, pk, link))
    own = any((table.label, stated.get("customer"), link) in batch.rows for table in batch.stamps.cards)
    batch.stamps.take_in(link, stated, own)


def _row_problems(batch: Batch) -> Iterator[Problem]:
    expected, ended = batch.rows, batch.ended
    for model in models.journaled_models():
        table = table_of(model)
        for past in (False, True):  # live first: a row that moves meanwhile is seen twice, never missed
            yield from _compared(table, batch, past=past)
        yield from _ends(table, batch)
    for table_label, pk, link in expected:
        if expected[(table_label, pk, link)] is not _FOUND:
            yield _differs(batch, table_label, pk, link, _("is missing"))
    for table_label, pk, link in ended:
        yield _differs(batch, table_label, pk, link, _("has lost its earlier version"))


_FOUND: Canonical = {"found": True}


def _compared(table: Table, batch: Batch, *, past: bool) -> Iterator[Problem]:
    expected, canonical, label = batch.rows, table.canonical_kept, table.label
    derived, stamped = Derived(table) if table.derived else None, table.stamped and not past
    with connection.cursor() as cursor:
        cursor.execute(table.select_kept("link BETWEEN %s AND %s", past=past), [batch.first, batch.last])
        while rows := cursor.fetchmany(2000):
            for row in rows:
                at = (label, row[0], row[1])
                stated = expected.get(at)
                if stated is _FOUND:
                    continue
                if stated is None:
                    yield _differs(batch, *at, _("stands there though no deed wrote it"))
                    continue
                expected[at] = _FOUND
                found = canonical(row)
                names: list[str] = []
                if found != stated:
                    names += (n for n in found.keys() | stated.keys() if found.get(n) != stated.get(n))
                if derived is not None:
                    names += derived.wrong(stated, row)
                if stamped:
                    names += batch.stamps.wrong_of_own(row, batch.at[row[1]])
                if names:
                    yield _differs(batch, *at, _("differs in %(columns)s") % {"columns": ", ".join(sorted(names))})


def _ends(table: Table, batch: Batch) -> Iterator[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {table.pk}, until FROM {table.past} WHERE until BETWEEN %s AND %s",
            [batch.first, batch.last],
        )
        for pk, until in cursor.fetchall():
            at = (table.label, pk, until)
            if at in batch.ended:
                batch.ended.discard(at)
            else:
                yield _differs(batch, *at, _("was ended by a link that says nothing of it"))


def _differs(batch: Batch, table: str, pk: int, link: int, what: str) -> Problem:
    message = _("A row of %(table)s that link %(link)s wrote %(what)s.") % {"table": table, "link": link, "what": what}
    return Problem("row_differs", f"{table} {pk}", message, batch.changesets.get(link))


def _header_problems(batch: Batch) -> Iterator[Problem]:
    """Each deed's who, when, through what and which, against what was frozen; the last frozen one holds."""
    numbers = sorted({*batch.headers, *batch.changesets.values()})
    found = {}
    for start in range(0, len(numbers), 500):
        found.update(models.Changeset.objects.in_bulk(numbers[start : start + 500]))
    for number, header in batch.headers.items():
        row = found.get(number)
        if row is None:
            yield Problem("removed", f"changeset {number}", _("Deed %(n)s is gone.") % {"n": number}, number)
        elif not _header_holds(row, header, batch.last):
            yield Problem(
                "edited", f"changeset {number}", _("Deed %(n)s is not what was written.") % {"n": number}, number
            )


def _header_holds(row: models.Changeset, header: dict[str, Any], last: int) -> bool:
    stated = (
        moment(row.at), [row.by_kind, row.by_id, row.by_name], row.through, row.detail, row.verb, row.undoes_id,
    )  # fmt: skip
    frozen = tuple(header[name] for name in ("at", "by", "through", "detail", "verb", "undoes"))
    ended_later = row.last_link is not None and row.last_link > last  # its closing words come in a later batch
    return stated == frozen and (ended_later or row.state == "open" or row.particulars == header["particulars"])


def _strangers(upto: int) -> Iterator[Problem]:
    """Rows of links that are not there, and deeds that no link names."""
    newest = models.Counter.objects.filter(name="link").values_list("next", flat=True).first() or 1
    for model in models.journaled_models():
        table = table_of(model)
        beyond = model._default_manager.filter(link__lt=1) | model._default_manager.filter(link__gte=newest)
        for pk, link in beyond.values_list("pk", "link")[:_ENOUGH]:
            message = _("A row of %(table)s says it is of link %(link)s, which is not there.")
            yield Problem("row_differs", f"{table.label} {pk}", message % {"table": table.label, "link": link})
        lost = model._default_manager.filter(link__gt=upto, link__lt=newest)
        if not models.Link.objects.filter(number__gt=upto).exists() and (
            pk := lost.values_list("pk", flat=True).first()
        ):
            message = _("Rows of %(table)s are newer than the journal's last link.")
            yield Problem("row_differs", f"{table.label} {pk}", message % {"table": table.label})
    unlinked = models.Changeset.objects.exclude(pk__in=models.Link.objects.values("changeset_id"))
    for number in unlinked.values_list("pk", flat=True)[:_ENOUGH]:
        yield Problem(
            "inserted", f"changeset {number}", _("No link of the chain tells of deed %(n)s.") % {"n": number}, number
        )
