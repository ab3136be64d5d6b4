"""In the background: once a day customers of whom a line has left a window are counted anew."""

from django.utils import timezone

from regulars.areas.house.queries import today
from regulars.areas.trade import actions
from regulars.areas.trade.counting import keeping
from regulars.kernel import jobs


@jobs.job(attempts=3)
def roll() -> int:
    """How many customers were counted anew."""
    return actions.roll(at=timezone.now())


@jobs.every(600, "rollups")
def look_whether_a_day_has_passed() -> None:
    if keeping.leaving(today(timezone.now()), 1):
        jobs.enqueue(roll, key="rollups")
