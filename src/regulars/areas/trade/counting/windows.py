"""The windows whose sums are kept, as the criteria mean them: whole house days, the last one in."""

from collections.abc import Mapping
from datetime import date, timedelta

END = date(9999, 12, 31)  # a row that no passing day makes wrong


def year_before(day: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def firsts(day: date) -> Mapping[str, date]:
    """The first day of each window that ends on this one, by the end of its columns' names, the shortest first."""
    return {
        "30": day - timedelta(days=29),
        "90": day - timedelta(days=89),
        "year": year_before(day) + timedelta(days=1),
    }


def leaves(window: str, day: date) -> date:
    """The first day on which a line of this day is no longer in the window."""
    if window != "year":
        return day + timedelta(days=int(window))
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)  # 28 February still looks back to the 29th
