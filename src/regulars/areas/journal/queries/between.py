"""What differs between two moments: whose rows are others, and value by value how.

A row of the earlier moment that ended by the later one is *lost*, one of the later moment that was written since is
*won*; all others stand in both. What was changed and changed back is no difference.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
    """The customers of whom anything differs between the two moments, those who came or went among them."""
    low, high = sorted((first.link, second.link))
    found: set[int] = set()
    for table in _tables() if low < high else ():
        columns = ", ".join(quoted(name) for name in (table.subject or "", *(name for _field, name in table.kept)))
        lost, won = _lost(table, columns, low, high), _won(table, columns, low, high)
        subject = quoted(table.subject or "")
        text = " UNION ".join(
            f"SELECT {subject} FROM (SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b) d"
            for one, other in ((lost, won), (won, lost))
        )
        with connection.cursor() as cursor:
            cursor.execute(text)
            found.update(row[0] for row in cursor.fetchall())
    return found


def differences_between(
    numbers: Sequence[int], first: Moment, second: Moment, *, by: Actor
) -> dict[int, list[Difference]]:
    """What differs of each of these customers, value by value, as a deed that led from one to the other would say."""
    low, high = sorted((first.link, second.link))
    found: list[Difference] = []
    for table in _tables() if low < high and numbers else ():
        columns = ", ".join(map(quoted, table.columns))
        lost, won = (_read(table, part(table, columns, low, high), numbers) for part in (_lost, _won))
        was, now = (lost, won) if first.link < second.link else (won, lost)
        for number in sorted(was.keys() | now.keys()):
            found += _differ(table, number, was.get(number, {}), now.get(number, {}))
    by_number: dict[int, list[Difference]] = defaultdict(list)
    for each in named(found, by):
        by_number[each.number or 0].append(each)
    return by_number


def _tables() -> Iterator[Table]:
    return (table for table in tables() if table.subject is not None and travels(table.model))


def _lost(table: Table, columns: str, low: int, high: int) -> str:
    return f"SELECT {columns} FROM {quoted(table.past)} WHERE link <= {low} AND until > {low} AND until <= {high}"


def _won(table: Table, columns: str, low: int, high: int) -> str:
    since = f"link > {low} AND link <= {high}"
    live = f"SELECT {columns} FROM {quoted(table.name)} WHERE {since}"
    return f"{live} UNION ALL SELECT {columns} FROM {quoted(table.past)} WHERE {since} AND until > {high}"


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
