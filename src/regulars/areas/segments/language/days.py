"""A written day, window or moment becomes the days and instants that are asked for."""

from collections.abc import Callable
from datetime import UTC, date
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.segments.language import calendar
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.meaning import Both, Either, Ground, Holds, Meaning, Neg, Nobody
from regulars.areas.segments.language.operators import yearless
from regulars.areas.segments.language.values import compared, misfit
from regulars.kernel.registries import Fact


def day_in(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> date:
    """The house day that a value names."""
    if isinstance(value, t.Day):
        return value.day
    if isinstance(value, t.Relative):
        return _within_calendar(lambda: calendar.relative(value, ground.today), value)
    raise misfit(fact, value)


def window_in(value: t.Value | t.Stretch, ground: Ground) -> tuple[date, date]:
    """The first and last day of a window."""
    assert isinstance(value, t.Stretch)
    return _within_calendar(lambda: calendar.window(value, ground.today), value)


def _within_calendar[T](found: Callable[[], T], value: t.Value | t.Stretch) -> T:
    try:
        return found()
    except (OverflowError, ValueError):
        raise CriteriaError(_("This day lies beyond the calendar."), value.place) from None


def date_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """A date by operator, or by window."""
    if test.operator == "in window":
        return _ranged(fact, window_in(test.values[0], ground))
    return compared(fact, test.operator, tuple(day_in(fact, value, ground) for value in test.values))


def _ranged(fact: Fact, days: tuple[date, date]) -> Meaning:
    return Holds(fact, "range", days) if days[0] <= days[1] else Nobody()


def moment_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """An instant, by the house days and moments that are written."""
    spans = [_span(fact, value, ground) for value in test.values]
    (start, end), operator = spans[0], test.operator
    match operator:
        case "in":
            return Either(tuple(Holds(fact, "span", span) for span in dict.fromkeys(spans)))
        case "between":
            return Holds(fact, "span", (start, spans[1][1]))
        case "=" | "in window":
            return Holds(fact, "span", (start, end))
        case "!=":
            return Holds(fact, "outside", (start, end))
        case "<" | "before":
            return Holds(fact, "lt", (start,))
        case "<=":
            return Holds(fact, "lt", (end,))
        case ">=":
            return Holds(fact, "ge", (start,))
        case _:
            return Holds(fact, "ge", (end,))


def _span(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> tuple[Any, Any]:
    """The first instant of what the value names, and the first after it. A moment named is one microsecond long."""
    if isinstance(value, t.Moment):
        at = value.at if value.at.tzinfo else value.at.replace(tzinfo=ground.zone)
        start = _within_calendar(lambda: at.astimezone(UTC), value)
        return start, start + calendar.SHORTEST
    first, last = window_in(value, ground) if isinstance(value, t.Stretch) else (day_in(fact, value, ground),) * 2
    return _within_calendar(lambda: (calendar.start_of(first, ground.zone), calendar.end_of(last, ground.zone)), value)


def birthday_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """A birthday: a day with its year, or the day they celebrate."""
    if test.operator == "in window":
        return _yearly(fact, window_in(test.values[0], ground))
    if test.operator in ("=", "!=", "in"):
        met = Either(tuple(_birthday(fact, value, ground) for value in test.values))
        return Both((Holds(fact, "filled"), Neg(met))) if test.operator == "!=" else met
    if test.operator == "between" and isinstance(test.values[0], t.Yearless) and isinstance(test.values[1], t.Yearless):
        low, high = (value.month * 100 + value.day for value in test.values if isinstance(value, t.Yearless))
        return Holds(fact, "yearly", ((low, high),) if low <= high else ((low, 1231), (101, high)))
    if yearless(fact):
        raise misfit(fact, test.values[0])
    return compared(fact, test.operator, tuple(day_in(fact, value, ground).isoformat() for value in test.values))


def _birthday(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> Meaning:
    """A day with its year is that very day; without one, or counted from today, it is the day they celebrate."""
    if isinstance(value, t.Yearless):
        return Holds(fact, "yearly", ((value.month * 100 + value.day,) * 2,))
    day = day_in(fact, value, ground)
    if isinstance(value, t.Relative):
        return _yearly(fact, (day, day))
    if yearless(fact):
        raise misfit(fact, value)
    return Holds(fact, "eq", (day.isoformat(),))


def _yearly(fact: Fact, days: tuple[date, date]) -> Meaning:
    return Holds(fact, "yearly", tuple(calendar.yearly(*days))) if days[0] <= days[1] else Nobody()
