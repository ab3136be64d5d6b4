"""Proving the register: the chain is whole, the heads agree, and every live and past row is what its payload says.

The links are taken stretch by stretch (`stretches`), on as many cores as the machine has where the register is large,
while the database's own pages are read through beside them. Nothing is locked, so work goes on meanwhile.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from regulars.areas.journal import models
from regulars.areas.journal.chain import stretches, walking
from regulars.areas.journal.chain.deriving import Stamps
from regulars.kernel import databases, processes
from regulars.kernel.registries import Problem, checks
from regulars.kernel.tables import table_of

_ENOUGH = 100
_LARGE = 100_000  # rows from which more than one process is worth its start
_MOST = 8  # processes
_LATER = frozenset({"truncated", "rolled_back"})  # of a copy: more was signed after it was made
_SHARES = 12  # stretches for each process, so that all end at about the same time

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
        return {"ok": self.ok, "changes": self.changes, "problems": [each.as_json() for each in self.problems]}

    def kept(self) -> dict[str, Any]:
        """The same without words, to be said in any language later (`Problem.kept`)."""
        return {**self.as_json(), "problems": [each.kept() for each in self.problems]}


def verify(*, progress: Told | None = None, cores: int | None = None) -> Verdict:
    """Proves the whole register. Names the first bad link and up to 100 rows or files that are not what was written.

    `cores`: processes to use; without it one for each core, and only this one for a small register. Where somebody was
    forgotten meanwhile, it looks once more: rows and payloads went while it was between them.
    """
    before = _forgotten()
    verdict = _verified(progress, cores)
    if not verdict.ok and _forgotten() != before:
        verdict = _verified(progress, cores)
    return verdict


def verify_copy(*, since: int = 0, progress: Told | None = None) -> Verdict:
    """Proves a copy of the register that this connection reads, in this process: the chain from its beginning, what of
    the signed heads was signed by then, and the rows that the links after `since` wrote or ended. Its pages and the
    files beside it are looked at elsewhere."""
    verdict, told = Verdict(), progress or _silent
    try:
        upto = models.Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
        broken = walking.first_break(upto)
        verdict.add([broken] if broken else [])
        verdict.add(each for each in walking.head_problems(upto) if each.kind not in _LATER)
        _take_in(verdict, [stretches.prove(since + 1, upto, lambda last: told(last, upto))])
        verdict.add(_strangers(upto))
    except DatabaseError as problem:
        verdict.add([_unreadable(problem)])
    return verdict


def _verified(progress: Told | None, cores: int | None) -> Verdict:
    verdict, told = Verdict(), progress or _silent
    try:
        upto = models.Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
        broken = walking.first_break(upto)
        verdict.add([broken] if broken else [])
        verdict.add(walking.head_problems(upto))
        _prove(verdict, upto, told, _cores() if cores is None else cores)
    except DatabaseError as problem:
        if not any(each.kind == "page" for each in verdict.problems):
            verdict.add(_pages())  # a page that cannot be read is named, whoever came upon it
        verdict.add([_unreadable(problem)])
    return verdict


def _forgotten() -> int:
    """How many have been forgotten; 0 where the database cannot say, which is found out soon enough."""
    try:
        return models.Forgotten.objects.count()
    except DatabaseError:
        return 0


def _silent(_done: int, _of: int) -> None:
    """Nobody wants to know how far it is."""


def _unreadable(problem: DatabaseError) -> Problem:
    return Problem("page", "database", _("The database cannot be read: %(what)s"), {"what": str(problem)})


def _pages() -> list[Problem]:
    said = _("The database's own check says: %(what)s")
    return [Problem("page", "database", said, {"what": found}) for found in databases.quick_integrity(connection)]


def _cores() -> int:
    """One for each core; one alone where others would not see what is not committed, or it is soon done."""
    rows = models.Counter.objects.filter(name="row").values_list("next", flat=True).first() or 0
    if rows < _LARGE or connection.in_atomic_block:
        return 1
    return min(_MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _prove(verdict: Verdict, upto: int, progress: Told, cores: int) -> None:
    """Every stretch, the pages, and what else the rooms look at; problems stand in the order of the links."""
    places = range(len(list(checks())))
    if cores == 1:
        verdict.add(_pages())
        _take_in(verdict, [stretches.prove(1, upto, lambda last: progress(last, upto))])
        verdict.add(_strangers(upto))
        for place in places:
            verdict.add(_looked_at(place))
        return
    with processes.pool(cores) as pool:
        pages, others = pool.submit(_pages), [pool.submit(_looked_at, place) for place in places]
        found = _in_parts(pool, upto, progress, cores)
        verdict.add(pages.result())
        _take_in(verdict, found)
        verdict.add(_strangers(upto))
        for other in others:
            verdict.add(other.result())


def _looked_at(place: int) -> list[Problem]:
    """What the check in this place finds, as many as are told; asked in another process, which knows them by place."""
    return list(islice(list(checks())[place](), _ENOUGH))


def _take_in(verdict: Verdict, found: Iterable[stretches.Found]) -> None:
    stamps = Stamps()
    for each in found:
        verdict.changes += each.changes
        verdict.add(each.problems)
        stamps.last |= each.last
    for table, pk, link, column in islice(stamps.wrong(), _ENOUGH):
        changeset = models.Link.objects.filter(number=link).values_list("changeset_id", flat=True).first()
        verdict.add([stretches.differs(table, pk, link, changeset, stretches.DIFFERS, columns=column)])


def _in_parts(pool: Executor, upto: int, progress: Told, cores: int) -> list[stretches.Found]:
    edges = [upto * place // (cores * _SHARES) for place in range(cores * _SHARES + 1)]
    parts: list[Future[stretches.Found]] = [
        pool.submit(stretches.prove, before + 1, last) for before, last in pairwise(edges) if last > before
    ]
    for done, _part in enumerate(as_completed(parts), start=1):
        progress(done * upto // len(parts), upto)
    return [part.result() for part in parts]


def _strangers(upto: int) -> Iterator[Problem]:
    """Rows and ends of links that are not there, and deeds that no link names."""
    newest = _next_link()
    for model in models.journaled_models() if _any_stranger(upto) else ():
        table = table_of(model)
        for pk, link in _of_no_link(model, table.pk, "link"):
            message = _("A row of %(table)s says it is of link %(link)s, which is not there.")
            yield Problem("row_differs", f"{table.label} {pk}", message, {"table": table.label, "link": link})
        for pk, link in _of_no_link(model.past, table.pk, "until"):
            yield stretches.differs(table.label, pk, link, None, stretches.ENDED)
        lost = model._default_manager.filter(link__gt=upto, link__lt=newest)
        if not models.Link.objects.filter(number__gt=upto).exists() and (
            newer := lost.values_list("pk", flat=True).first()
        ):
            message = _("Rows of %(table)s are newer than the journal's last link.")
            yield Problem("row_differs", f"{table.label} {newer}", message, {"table": table.label})
    unlinked = models.Changeset.objects.exclude(pk__in=models.Link.objects.values("changeset_id"))
    for number in unlinked.values_list("pk", flat=True)[:_ENOUGH]:
        message = _("No link of the chain tells of deed %(n)s.")
        yield Problem("inserted", f"changeset {number}", message, {"n": number}, number)


def _any_stranger(upto: int) -> bool:
    """Whether any row names a link before the first or after this one: asked of all tables at once, since mostly none
    does."""
    columns = [(table_of(model).name, "link") for model in models.journaled_models()]
    columns += [(model.past._meta.db_table, name) for model in models.journaled_models() for name in ("link", "until")]
    quoted = [(connection.ops.quote_name(table), connection.ops.quote_name(name)) for table, name in columns]
    parts = [f"EXISTS (SELECT 1 FROM {table} WHERE {name} < 1 OR {name} > %s)" for table, name in quoted]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(parts)}", [upto] * len(parts))
        return bool(cursor.fetchone()[0])


def _of_no_link(model: type[Model], pk: str, column: str) -> list[tuple[int, int]]:
    """Ids of rows whose link is none that was ever given, with it. What is written meanwhile is none of them."""
    rows = model._default_manager
    beyond = rows.filter(**{f"{column}__lt": 1}) | rows.filter(**{f"{column}__gte": _next_link()})
    found = list(beyond.values_list(pk, column)[:_ENOUGH])
    following = _next_link() if found else 0
    return [(row, link) for row, link in found if not 1 <= link < following]


def _next_link() -> int:
    return models.Counter.objects.filter(name="link").values_list("next", flat=True).first() or 1
