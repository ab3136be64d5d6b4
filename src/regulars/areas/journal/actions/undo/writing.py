"""Writing what was settled: first everything that stands goes to its twin, then what returns is put in its place, so
that no key is taken twice. What a row names is looked at by the database when the transaction ends."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection

from regulars.areas.journal.actions.deeds import Link
from regulars.areas.journal.actions.undo.merge import Merge
from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.steps import Step
from regulars.kernel.databases import among
from regulars.kernel.tables import Canonical, Table

_PART = 500


def write(link: Link, settled: Settled) -> None:
    """Does it, within this transaction."""
    merged = _put_together(settled.merged.values())
    changing = [merge.step for rows in merged.values() for merge, _row in rows]
    returning = [*settled.back.values(), *changing]
    leaving = [*settled.away.values(), *(step for step in returning if step.now_link)]
    for table, steps in _by_table(leaving).items():
        _leave(link, table, [step.pk for step in steps])
    for step in settled.away.values():
        link.gone[step.table][step.pk] = step.subject
    for table, steps in _by_table(settled.back.values()).items():
        for part in batched(steps, _PART):
            _return(link, table, part)
    for table, rows in merged.items():
        _put(link, table, rows)
    for step in settled.back.values():
        if step.now_link and step.subject is not None and step.subject != step.was_whose:
            link._came(step.table, step.pk, step.subject)
    whose = {each for step in (*leaving, *returning) for each in (step.subject, step.was_whose)}
    link.subjects.update(each for each in whose if each is not None)


def put_anew(link: Link, table: Table, rows: Sequence[Any]) -> None:
    """Brings rows that stand to what they are here, all at once, so that two may exchange what only one can have."""
    _leave(link, table, [row.pk for row in rows])
    link._add(table, list(rows))
    for row in rows:
        link.set[table][row.pk] = link.new[table].pop(row.pk)


def _by_table(steps: Iterable[Step]) -> dict[Table, list[Step]]:
    per: dict[Table, list[Step]] = defaultdict(list)
    for step in steps:
        per[step.table].append(step)
    return per


def _leave(link: Link, table: Table, pks: Sequence[int]) -> None:
    condition, given = among(connection, table.pk, sorted(pks))
    with connection.cursor() as cursor:
        cursor.execute(table.copy_to_past(condition), [link.number, *given])
        cursor.execute(table.delete(condition), given)


def _return(link: Link, table: Table, steps: Sequence[Step]) -> None:
    marks = ", ".join(["(%s, %s)"] * len(steps))
    named = [value for step in steps for value in (step.pk, step.before_link)]
    with connection.cursor() as cursor:
        cursor.execute(table.restore_from_past(f"(p.{table.pk}, p.link) IN (VALUES {marks})"), [link.number, *named])
    for step in steps:
        assert step.before is not None
        into = link.set if step.now_link else link.new
        into[table][step.pk] = (step.subject if table.subject is None else step.was_whose, step.before)


Rows = dict[Table, list[tuple[Merge, Any]]]


def _put_together(merges: Iterable[Merge]) -> Rows:
    """Each row as it will be, read before anything leaves."""
    found: Rows = defaultdict(list)
    per: dict[Table, list[Merge]] = defaultdict(list)
    for merge in merges:
        per[merge.step.table].append(merge)
    for table, some in per.items():
        model: Any = table.model
        live = model._default_manager.in_bulk([merge.step.pk for merge in some])
        old = _versions(table, some)
        for merge in some:
            row, before = live.get(merge.step.pk), old.get(merge.step.pk)
            if row is None:
                row = model(**{field.attname: getattr(before, field.attname) for field in table.fields})
            if _brought(row, before, merge, table):
                found[table].append((merge, row))
    return found


def _versions(table: Table, merges: Iterable[Merge]) -> dict[int, Any]:
    wanted = {merge.step.pk: merge.step.before_link for merge in merges if merge.step.before_link is not None}
    rows = table.model.past._default_manager.filter(**{f"{table.pk_attname}__in": list(wanted)})  # type: ignore[attr-defined]
    return {getattr(row, table.pk_attname): row for row in rows if wanted[getattr(row, table.pk_attname)] == row.link}


def _brought(row: Any, before: Any, merge: Merge, table: Table) -> bool:
    """Sets what is to be; False where the row is that already. Both versions are made those of whom it will belong to,
    so that what is bound to a customer is bound to her, whichever of the two it comes from."""
    stood: Canonical | None = table.canonical(row) if merge.step.now_link else None
    if table.subject is not None and not table.is_card:
        whose = merge.value(table.subject)
        before = _of(before, row, whose, table)
        if whose != getattr(row, table.subject):
            row.move_to(whose)
            stood = None
    for column in merge.columns:
        setattr(row, column, getattr(before, column))
    for column, value in merge.fixed.items():
        setattr(row, column, value)
    return table.canonical(row) != stood


def _of(before: Any, row: Any, whose: int, table: Table) -> Any:
    """The version before, as that customer's."""
    if before is None or getattr(before, table.subject or "") == whose:
        return before
    own = type(row)(**{field.attname: getattr(before, field.attname) for field in table.fields})
    own.move_to(whose)
    return own


def _put(link: Link, table: Table, rows: Sequence[tuple[Merge, Any]]) -> None:
    """Puts rows in, new ones and those that have just left for their new version."""
    stood = {merge.step.pk: merge.step.subject for merge, _row in rows if merge.step.now_link}
    link._add(table, [row for _merge, row in rows])
    for pk, whose in stood.items():
        if link.new[table][pk][0] == whose or table.subject is None:
            link.set[table][pk] = link.new[table].pop(pk)
        else:
            link.gone[table][pk] = whose
