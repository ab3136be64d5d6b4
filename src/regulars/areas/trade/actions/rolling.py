"""Bringing the rollups to a new day, and making them all anew. Neither changes what is known: no deed."""

from datetime import datetime
from itertools import batched

from django.db import connection, transaction

from regulars.areas.house.queries import today
from regulars.areas.trade.counting import keeping
from regulars.kernel.databases import writer_lock

_AT_ONCE = 400  # of one transaction: others write in between


def roll(*, at: datetime) -> int:
    """Counts those customers anew of whom a line has left a window by the house's day at this instant. How many.

    Many transactions, so that nobody waits long; what is not done yet is asked of the lines meanwhile. In the order of
    their numbers, in which lines and rollups stand: what one needs of the file the next needs too."""
    day = today(at)
    numbers = sorted(keeping.leaving(day))
    for part in batched(numbers, _AT_ONCE):
        with transaction.atomic():
            writer_lock(connection)
            keeping.bring_to(part, day)
    return len(numbers)


def fill(*, at: datetime) -> int:
    """Makes all rollups anew from the lines, in one transaction. Of how many customers."""
    with transaction.atomic():
        writer_lock(connection)
        return keeping.fill(today(at))
