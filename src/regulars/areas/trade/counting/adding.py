"""Adding what was just written to the rollups: for many new lines that is a fraction of counting them all anew."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from regulars.areas.house.queries import today
from regulars.areas.trade.counting.keeping import add_types, recount
from regulars.areas.trade.counting.windows import END, firsts, leaves
from regulars.areas.trade.models import Rollup
from regulars.kernel.databases import adapter

_TABLE = Rollup._meta.db_table


class Added:
    """New purchases by customer and day: what they are worth, went back, were given."""

    def __init__(self) -> None:
        self.per: dict[int, list[tuple[date, int, int, int, int]]] = {}

    def take_in(self, customer: int, day: date, lines: Sequence[tuple[str, int]]) -> None:
        """One new purchase of a customer: (kind, worth) of its lines."""
        spent = returned = donated = sale = 0
        for kind, worth in lines:
            if kind == "donation":
                donated += worth
                continue
            spent += worth
            if kind == "sale":
                sale = 1
            else:
                returned -= worth
        self.per.setdefault(customer, []).append((day, spent, returned, donated, sale))

    def keep(self, at: datetime, first: int, last: int) -> None:
        """Brings the rollups up to date as of the house's day at this instant. The ids of the new lines lie between
        these two, and no other line's."""
        if not self.per:
            return
        day = today(at)
        right = Rollup.objects.filter(number__in=list(self.per), day__lte=day, until__gt=day)
        standing = set(right.values_list("number", flat=True))  # right today, so that adding keeps them so
        self._add([number for number in self.per if number in standing], day)
        add_types(first, last)
        if anew := [number for number in self.per if number not in standing]:
            recount(anew, day)

    def _add(self, numbers: Sequence[int], day: date) -> None:
        turn = adapter(connection, Rollup._meta.get_field("day")) or (lambda value: value)
        rows = [self._row(number, day, turn) for number in numbers]
        with connection.cursor() as cursor:
            for sold, statement in ((True, _ADD + _DAYS + _HERS), (False, _ADD + _HERS)):
                if some := [row for has_sold, row in rows if has_sold is sold]:
                    cursor.executemany(statement, some)

    def _row(self, number: int, day: date, turn: Any) -> tuple[bool, tuple[Any, ...]]:
        edges = firsts(day)
        spent, count = dict.fromkeys(("", *edges), 0), dict.fromkeys(("", *edges), 0)
        returned = returned_year = donated = 0
        sold: list[date] = []
        until = END
        for when, worth, back, given, sale in self.per[number]:
            within = [window for window, first in edges.items() if first <= when <= day]
            for window in ("", *within):
                spent[window] += worth
                count[window] += sale
            returned += back
            returned_year += back if "year" in within else 0
            donated += given
            if sale:
                sold.append(when)
            if when > day:
                until = min(until, when)
            elif within:
                until = min(until, leaves(within[0], when))
        days = [turn(each(sold)) for each in (min, min, max, max)] if sold else []
        sums = (*spent.values(), *count.values(), returned, returned_year, donated)
        return bool(sold), (*sums, turn(day), turn(until), turn(until), *days, number)


_SUMS = (
    "spent", "spent_30", "spent_90", "spent_year", "count", "count_30", "count_90", "count_year", "returned",
    "returned_year", "donated",
)  # fmt: skip
_ADD = (
    f"UPDATE {_TABLE} SET {', '.join(f'"{name}" = "{name}" + %s' for name in _SUMS)}, "
    '"day" = %s, "until" = CASE WHEN "until" > %s THEN %s ELSE "until" END'
)
_DAYS = (
    ', "first" = CASE WHEN "first" IS NULL OR "first" > %s THEN %s ELSE "first" END'
    ', "last" = CASE WHEN "last" IS NULL OR "last" < %s THEN %s ELSE "last" END'
)
_HERS = " WHERE number = %s"
