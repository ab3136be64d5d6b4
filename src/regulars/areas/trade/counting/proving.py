"""Holding the rollups against their lines."""

from collections.abc import Sequence
from itertools import batched
from typing import Any

from django.db import connection

from regulars.areas.trade.counting.keeping import COLUMNS, LINE, ROLLUP, TYPES, counted, types_of
from regulars.areas.trade.models import Rollup
from regulars.kernel.databases import among

_ENOUGH = 100
_SAMPLE = 2_000


def astray(most: int = _SAMPLE) -> list[int]:
    """Customers whose rollup is missing, too many, or other than their lines say: who has one without the other, and of
    so many spread over all whether the sums are right as of the day of the row."""
    with connection.cursor() as cursor:
        cursor.execute(_UNEVEN)
        found = {number for (number,) in cursor.fetchall()}
    count = Rollup.objects.count()
    step = max(1, count // most)
    numbers = list(Rollup.objects.order_by("number").values_list("number", flat=True))[::step]
    for part in batched(numbers, 500):
        found |= _differing(part)
    return sorted(found)[:_ENOUGH]


def _differing(numbers: Sequence[int]) -> set[int]:
    stand = {row.number: row for row in Rollup.objects.filter(number__in=numbers)}
    found = set()
    for day in {row.day for row in stand.values()}:
        same = [number for number, row in stand.items() if row.day == day]
        told = {row[0]: _plain(row) for row in counted(same, day)}
        found |= {number for number in same if told.get(number) != _plain(_values(stand[number]))}
    return found | _differing_by_type(list(stand))


def _values(row: Rollup) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in COLUMNS)


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """Days as texts, sums as whole numbers, whatever the driver gives."""
    return tuple(int(each) if not isinstance(each, str) and hasattr(each, "__int__") else _text(each) for each in row)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _differing_by_type(numbers: Sequence[int]) -> set[int]:
    lines, values = among(connection, "l.customer_id", list(numbers))
    standing, again = among(connection, "number", list(numbers))
    with connection.cursor() as cursor:
        cursor.execute(types_of(lines), values)
        told = {tuple(map(str, row)) for row in cursor.fetchall()}
        cursor.execute(f"SELECT type, number, count, spent, last FROM {TYPES} WHERE {standing}", again)
        stand = {tuple(map(str, row)) for row in cursor.fetchall()}
    return {int(row[1]) for row in told ^ stand}


_UNEVEN = f"""
SELECT number FROM (
  SELECT DISTINCT l.customer_id AS number FROM {LINE} l LEFT JOIN {ROLLUP} r ON r.number = l.customer_id
  WHERE l.customer_id IS NOT NULL AND r.number IS NULL
  UNION
  SELECT r.number FROM {ROLLUP} r WHERE NOT EXISTS (SELECT 1 FROM {LINE} l WHERE l.customer_id = r.number)
) uneven ORDER BY number LIMIT {_ENOUGH}
"""
