"""Days counted from today: windows, relative days, birthdays. Whole house days; no clock, today is given."""

from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from regulars.areas.segments.language import tree as t
from regulars.kernel.dates import months_later

SHORTEST = timedelta(microseconds=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def shifted(day: date, count: int, unit: str) -> date:
    """The day so many units later (earlier if negative). The 31st falls on the month's last. OverflowError beyond."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    return months_later(day, count * _MONTHS[unit])


def relative(value: t.Relative, today: date) -> date:
    """`60 days ago`, `2 weeks from now`, `today`."""
    return shifted(today, value.count, value.unit)


def window(value: t.Stretch, today: date) -> tuple[date, date]:
    """The first and the last day of a window, both in. `last 30 days` is today and the 29 before; `last 3 months`
    begins the day after the same day three months ago; `next 7 days` begins today. Without a count, the calendar's.
    Fixed days are themselves."""
    if isinstance(value, t.Days):
        return value.first, value.last
    if value.count is None:
        return _calendar(value, today)
    if value.side == "last":
        return shifted(today, -value.count, value.unit) + timedelta(days=1), today
    return today, shifted(today, value.count, value.unit) - timedelta(days=1)


def _calendar(value: t.Window, today: date) -> tuple[date, date]:
    first = _first(today, value.unit)
    first = shifted(first, {"last": -1, "this": 0, "next": 1}[value.side], value.unit)
    return first, shifted(first, 1, value.unit) - timedelta(days=1)


def _first(day: date, unit: str) -> date:
    """The first day of the unit this day lies in. Weeks begin on Monday (ISO 8601)."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case _:
            return day


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a house day, UTC."""
    return datetime.combine(day, clock_time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a house day, UTC."""
    return start_of(day + timedelta(days=1), zone)


def yearly(first: date, last: date) -> Iterator[tuple[int, int]]:
    """The birthdays, as MMDD from and to, that are kept on the days from first to last. One of 29 February is kept on
    the 28th where there is no 29th (decision 10)."""
    if (last - first).days >= 366:
        yield 101, 1231
        return
    for year in range(first.year, last.year + 1):
        low, high = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        if low <= high:
            yield mmdd(low), 229 if mmdd(high) == 228 and not isleap(year) else mmdd(high)


def mmdd(day: date) -> int:
    return day.month * 100 + day.day
