"""Taking a deed back: every row it touched becomes what it was before, by a deed of its own.

Undo is set arithmetic on link numbers (decision 1). For each row the changeset touched there is the version *before*
(in the twin, ended by the changeset), the version the changeset *left*, and the row as it is *now*. Where now is no
longer what was left, somebody edited later, and the undo is refused with the list of those edits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.areas.journal import models
from regulars.areas.journal.actions.deeds import Link, deed, long_deed
from regulars.areas.journal.queries.differences import Difference, named, rows_differ
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.registries import verbs
from regulars.kernel.tables import Canonical, Table, table_of

_AT_ONCE = 1000
_CUSTOMERS_A_TRANSACTION = 300


class LaterEdits(Refused):
    """What the deed left has been edited since. `edits` are the edits and by whom; `more["kept"]` lists them for
    programs: number, field, then, now, by."""

    code = "later_edits"
    status = 409

    def __init__(self, message: str, edits: Sequence[tuple[Difference, str]] = ()) -> None:
        told = [(each.as_json(), each.number, who) for each, who in edits]
        kept = [
            {"number": number, "field": each["field"], "then": each["from"], "now": each["to"], "by": who}
            for each, number, who in told
        ]
        super().__init__(message, kept=kept)
        self.edits = edits


@dataclass(frozen=True, slots=True)
class Step:
    """One row's way back."""

    table: Table
    pk: int
    subject: int | None
    before: Canonical | None
    before_link: int | None
    left: Canonical | None
    now: Canonical | None
    now_link: int | None

    @property
    def edited_later(self) -> bool:
        return self.now != self.left

    @property
    def nothing_to_do(self) -> bool:
        return self.now == self.before


@dataclass(slots=True)
class Undone:
    """What an undo did, or would do. Counts are customers; rows of the house count as one."""

    undoes: int
    changeset: int | None = None
    restored: int = 0
    removed: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)


def undo(*, changeset: int, by: Actor, at: datetime, dry_run: bool = False) -> Undone:
    """Takes one deed back. Raises NotFound, Refused (not undoable, undone already, still running) or LaterEdits."""
    row = models.Changeset.objects.filter(pk=changeset).first()
    if row is None:
        raise NotFound(_("There is no deed %(number)s.") % {"number": changeset})
    _refuse_what_cannot(row)
    steps = _steps(row.pk)
    _refuse_later_edits(steps, by)
    done = _counted(row.pk, steps)
    if dry_run or not steps:
        return done
    particulars = {"undoes": row.pk, "verb": row.verb}
    if len(steps) <= _AT_ONCE:
        with _explained(), deed(verb="journal.undone", by=by, at=at, particulars=particulars, undoes=row.pk) as link:
            steps = _steps(row.pk)
            _refuse_later_edits(steps, by)
            _take_back(link, steps)
        done.changeset = link.changeset
    else:
        done.changeset = _in_many(row, steps, by=by, at=at, particulars=particulars)
    if row.undoes_id:
        models.Changeset.objects.filter(pk=row.undoes_id).update(undone_by=None)
    return done


def _refuse_what_cannot(row: models.Changeset) -> None:
    verb = verbs().get(row.verb)
    if verb is not None and verb.undo == "never":
        raise Refused(str(verb.why_not) or _("This deed cannot be taken back."))
    if row.undone_by_id:
        raise Refused(
            _("Deed %(number)s is taken back already, by deed %(by)s.") % {"number": row.pk, "by": row.undone_by_id}
        )


@contextmanager
def _explained() -> Iterator[None]:
    """Turns a broken reference (something later rests on what would go) into a refusal fit for the screen."""
    try:
        yield
    except IntegrityError as broken:
        message = _("Something added later rests on what this deed made. Take that back first.")
        raise LaterEdits(message) from broken


def _in_many(row: models.Changeset, steps: list[Step], *, by: Actor, at: datetime, particulars: dict[str, Any]) -> int:
    """In an order in which no row rests on one that is gone, whatever a transaction holds: see `_in_order`."""
    work = long_deed(verb="journal.undone", by=by, at=at, particulars=particulars, undoes=row.pk)
    for wave in _in_order(steps):
        per: dict[int, list[Step]] = defaultdict(list)
        for step in wave:
            per[step.subject or 0].append(step)
        for subjects in batched(per, _CUSTOMERS_A_TRANSACTION):
            with _explained(), work.transaction(by=by, at=at) as link:
                _take_back(link, [step for subject in subjects for step in per[subject]])
    work.close(by=by, at=at, particulars={})
    return work.changeset


def _in_order(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """First the rows that go, then the cards that go (newest first: they may name older ones), then the cards that come
    back (oldest first), then everything else."""
    steps = list(steps)
    cards = [step for step in steps if step.table.is_card]
    yield [step for step in steps if not step.table.is_card and step.before is None]
    yield sorted((step for step in cards if step.before is None), key=lambda step: -step.pk)
    yield sorted((step for step in cards if step.before is not None), key=lambda step: step.pk)
    yield [step for step in steps if not step.table.is_card and step.before is not None]


def _counted(changeset: int, steps: Iterable[Step]) -> Undone:
    touched, removed = set(), set()
    for step in steps:
        if step.table.is_card and step.before is None:
            removed.add(step.subject)
        if step.subject is not None or step.before is not None:  # what is nobody's and new only goes again
            touched.add(step.subject)
    return Undone(undoes=changeset, restored=len(touched - removed), removed=len(removed))


# --- reading ----------------------------------------------------------------------------------------------------------


def _steps(changeset: int) -> list[Step]:
    links = set(models.Link.objects.filter(changeset_id=changeset).values_list("number", flat=True))
    steps = [step for model in models.journaled_models() for step in _steps_in(table_of(model), links)]
    return [step for step in steps if step.edited_later or not step.nothing_to_do]


def _steps_in(table: Table, links: set[int]) -> list[Step]:
    steps: list[Step] = []
    for pks in batched(sorted(_touched(table, links)), _AT_ONCE // 2):
        live = {each[table.columns.index(table.pk)]: each for each in _fetch(table, pks)}
        past: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for each in _fetch(table, pks, past=True):
            past[each[table.columns.index(table.pk)]].append(each)
        steps += [_step(table, pk, links, live.get(pk), past[pk]) for pk in pks]
    return steps


def _touched(table: Table, links: set[int]) -> set[int]:
    found: set[int] = set()
    with connection.cursor() as cursor:
        for part in batched(sorted(links), 500):
            marks = ", ".join(["%s"] * len(part))
            for source, column in ((table.name, "link"), (table.past, "link"), (table.past, "until")):
                cursor.execute(f"SELECT {table.pk} FROM {source} WHERE {column} IN ({marks})", list(part))
                found.update(pk for (pk,) in cursor.fetchall())
    return found


def _fetch(table: Table, pks: Sequence[int], *, past: bool = False) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(table.select(table.pk_in(len(pks)), past=past), list(pks))
        return list(cursor.fetchall())


def _step(table: Table, pk: int, links: set[int], live: tuple[Any, ...] | None, past: list[tuple[Any, ...]]) -> Step:
    at_link = table.columns.index("link")
    before = min((p for p in past if p[-1] in links and p[at_link] not in links), key=lambda p: p[-1], default=None)
    made = [p for p in past if p[at_link] in links]
    last = max(made, key=lambda p: p[at_link], default=None)
    if live is not None and live[at_link] in links:
        left: tuple[Any, ...] | None = live
    else:
        left = None if last is None or last[-1] in links else last
    known = live or before or last
    assert known is not None
    canonical = table.canonical_raw
    return Step(
        table=table,
        pk=pk,
        subject=known[table.columns.index(table.subject)] if table.subject else None,
        before=canonical(before) if before else None,
        before_link=before[at_link] if before else None,
        left=canonical(left) if left else None,
        now=canonical(live) if live else None,
        now_link=live[at_link] if live else None,
    )


def _refuse_later_edits(steps: Iterable[Step], by: Actor) -> None:
    later = [step for step in steps if step.edited_later]
    later += list(_resting_on(steps))
    if not later:
        return
    found = [(edit, _who(step)) for step in later for edit in _edits(step)]
    edits = named([edit for edit, _by in found], by)
    message = ngettext(
        "%(count)s later edit rests on this deed. It was not taken back; nothing has changed.",
        "%(count)s later edits rest on this deed. It was not taken back; nothing has changed.",
        len(edits),
    )
    told = [(edit, who) for edit, (_edit, who) in zip(edits, found, strict=True)]
    raise LaterEdits(message % {"count": saying.count(len(edits))}, told)


def _resting_on(steps: Iterable[Step]) -> list[Step]:
    """Rows that others added to a card which this undo would take away."""
    steps = list(steps)
    going = {step.subject for step in steps if step.table.is_card and step.before is None and step.subject}
    known = {(step.table, step.pk) for step in steps}
    found: list[Step] = []
    for model in models.journaled_models() if going else []:
        table = table_of(model)
        if table.subject is None or table.is_card:
            continue
        for part in batched(sorted(going), 500):
            found += [step for step in _rows_of(table, part) if (table, step.pk) not in known]
    return found


def _rows_of(table: Table, subjects: Sequence[int]) -> list[Step]:
    marks = ", ".join(["%s"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(table.select(f"{table.subject} IN ({marks})"), list(subjects))
        rows = cursor.fetchall()
    place = {name: table.columns.index(str(name)) for name in (table.pk, table.subject, "link")}
    return [
        Step(
            table,
            row[place[table.pk]],
            row[place[table.subject]],
            None,
            None,
            None,
            table.canonical_raw(row),
            row[place["link"]],
        )
        for row in rows
    ]


def _edits(step: Step) -> list[Difference]:
    """The later edit of one row, value by value; of one that says nothing to a person, only in which table it is."""
    told = list(rows_differ(step.subject, step.table.label, step.left or {}, step.now or {}))
    table = step.table.label.partition(".")[2]
    return told or [Difference(step.subject, table, table, None, None)]


def _who(step: Step) -> str:
    link = step.now_link
    if link is None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(until) FROM {step.table.past} WHERE {step.table.pk} = %s", [step.pk])
            (link,) = cursor.fetchone()
    named = models.Link.objects.filter(pk=link).values_list("changeset__by_name", flat=True).first()
    return named or ""


# --- writing ----------------------------------------------------------------------------------------------------------


def _take_back(link: Link, steps: Sequence[Step]) -> None:
    """First everything that stands goes to its twin, then what stood before comes back: no key is taken twice."""
    per: dict[Table, list[Step]] = defaultdict(list)
    for step in steps:
        if not step.nothing_to_do:
            per[step.table].append(step)
    for table, some in per.items():
        for part in batched([step for step in some if step.now is not None], 500):
            _away(link, table, part)
    for table, some in sorted(per.items(), key=lambda each: not each[0].is_card):
        for part in batched([step for step in some if step.before is not None], 500):
            _back(link, table, part)
    link.subjects.update(step.subject for some in per.values() for step in some if step.subject is not None)


def _away(link: Link, table: Table, steps: Sequence[Step]) -> None:
    pks = [step.pk for step in steps]
    where = table.pk_in(len(pks))
    with connection.cursor() as cursor:
        cursor.execute(table.copy_to_past(where), [link.number, *pks])
        cursor.execute(table.delete(where), pks)
    for step in steps:
        if step.before is None:
            link.gone[table][step.pk] = step.subject


def _back(link: Link, table: Table, steps: Sequence[Step]) -> None:
    marks = ", ".join(["(%s, %s)"] * len(steps))
    named = [value for step in steps for value in (step.pk, step.before_link)]
    with connection.cursor() as cursor:
        cursor.execute(table.restore_from_past(f"(p.{table.pk}, p.link) IN (VALUES {marks})"), [link.number, *named])
    for step in steps:
        assert step.before is not None
        into = link.set if step.now is not None else link.new
        into[table][step.pk] = (step.subject, step.before)
