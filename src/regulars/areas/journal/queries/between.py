"""What differs between two moments: whose rows are others, and value by value how.

A row of the earlier moment that ended by the later one is *lost*, one of the later moment that was written since is
*won*; all others stand in both. What was changed and changed back is no difference.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import orjson
from django.db import connection

from regulars.areas.journal.queries.differences import Difference, named, rows_differ, tables
from regulars.areas.journal.queries.moments import Moment, travels
from regulars.kernel.actor import Actor
from regulars.kernel.databases import among
from regulars.kernel.dialect import quoted
from regulars.kernel.tables import Canonical, Table

_Rows = dict[int, dict[int, Canonical]]  # subject -> row -> its content


def changed_between(first: Moment, second: Moment) -> set[int]:
    """Those in the register at both moments of whom anything differs, and perhaps some who are in one alone."""
    low, high = sorted((first.link, second.link))
    found: set[int] = set()
    for table in _tables() if low < high else ():
        others = () if table.is_card else (_come_or_gone(table, low, high),)
        for statement in (*_rewritten(table, low, high), *others):
            with connection.cursor() as cursor:
                cursor.execute(statement)
                found.update(row[0] for row in cursor.fetchall())
    return found


def _rewritten(table: Table, low: int, high: int) -> Iterator[str]:
    """Whose rows are in both moments, with other content: lost and won versions of one row side by side."""
    pk, subject = quoted(table.pk), quoted(table.subject or "")
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in _content_columns(table))
    for won in _won_parts(table, "*", low, high):
        lost = f"({_lost(table, '*', low, high)}) a CROSS JOIN ({won}) b"
        yield f"SELECT a.{subject} FROM {lost} WHERE b.{pk} = a.{pk} AND ({differs})"


def _come_or_gone(table: Table, low: int, high: int) -> str:
    """Whose rows are in one of the moments alone, unless another row says the same."""
    pk, subject = quoted(table.pk), quoted(table.subject or "")
    columns = ", ".join((subject, *_content_columns(table)))
    lost, won = (part(table, f"{pk} AS one, {columns}", low, high) for part in (_lost, _won))
    lost_pks, won_pks = (part(table, pk, low, high) for part in (_lost, _won))
    gone = f"SELECT {columns} FROM ({lost}) a WHERE a.one NOT IN ({won_pks})"
    come = f"SELECT {columns} FROM ({won}) a WHERE a.one NOT IN ({lost_pks})"
    return " UNION ".join(
        f"SELECT {subject} FROM (SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b) d"
        for one, other in ((gone, come), (come, gone))
    )


def _content_columns(table: Table) -> list[str]:
    return [quoted(name) for _field, name in table.kept]


def differences_between(
    numbers: Sequence[int], first: Moment, second: Moment, *, by: Actor, most: int | None = None
) -> dict[int, list[Difference]]:
    """What differs of each of these customers, value by value, as a deed that led from one to the other would say; the
    first so many of each where `most` says so."""
    low, high = sorted((first.link, second.link))
    found: list[Difference] = []
    told: Counter[int] = Counter()
    for table in _tables() if low < high and numbers else ():
        columns = ", ".join(map(quoted, table.columns))
        lost, won = (_read(table, part(table, columns, low, high), numbers) for part in (_lost, _won))
        was, now = (lost, won) if first.link < second.link else (won, lost)
        for number in sorted(was.keys() | now.keys()):
            left = None if most is None else most - told[number]
            some = list(islice(_differ(table, number, was.get(number, {}), now.get(number, {})), left))
            told[number] += len(some)
            found += some
    by_number: dict[int, list[Difference]] = defaultdict(list)
    for each in named(found, by):
        by_number[each.number or 0].append(each)
    return by_number


def _tables() -> Iterator[Table]:
    return (table for table in tables() if table.subject is not None and travels(table.model))


def _lost(table: Table, columns: str, low: int, high: int) -> str:
    return f"SELECT {columns} FROM {quoted(table.past)} WHERE link <= {low} AND until > {low} AND until <= {high}"


def _won(table: Table, columns: str, low: int, high: int) -> str:
    return " UNION ALL ".join(_won_parts(table, columns, low, high))


def _won_parts(table: Table, columns: str, low: int, high: int) -> tuple[str, str]:
    since = f"link > {low} AND link <= {high}"
    live = f"SELECT {columns} FROM {quoted(table.name)} WHERE {since}"
    return live, f"SELECT {columns} FROM {quoted(table.past)} WHERE {since} AND until > {high}"


def _read(table: Table, rows: str, numbers: Sequence[int]) -> _Rows:
    whose, parameters = among(connection, quoted(table.subject or ""), numbers)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({rows}) r WHERE {whose}", parameters)
        read = cursor.fetchall()
    pk, subject = table.columns.index(table.pk), table.columns.index(table.subject or "")
    found: _Rows = defaultdict(dict)
    for row in read:
        found[row[subject]][row[pk]] = table.canonical_raw(row)
    return found


def _differ(table: Table, number: int, was: dict[int, Canonical], now: dict[int, Canonical]) -> Iterable[Difference]:
    """Versions of one row are held against each other; a row that went and came again as it was says nothing."""
    same = was.keys() & now.keys()
    for pk in sorted(same):
        yield from rows_differ(number, table.label, was[pk], now[pk])
    gone, come = [was[pk] for pk in was.keys() - same], [now[pk] for pk in now.keys() - same]
    both = Counter(map(_content, gone)) & Counter(map(_content, come))
    for row in _without(gone, both):
        yield from rows_differ(number, table.label, row, {})
    for row in _without(come, both):
        yield from rows_differ(number, table.label, {}, row)


def _without(rows: Iterable[Canonical], both: Counter[bytes]) -> Iterator[Canonical]:
    left = both.copy()
    for row in rows:
        content = _content(row)
        if left[content]:
            left[content] -= 1
        else:
            yield row


def _content(row: Any) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
