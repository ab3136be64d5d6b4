"""Bringing the rollups to a new day, and making them all anew. Neither changes what is known: no deed."""

from datetime import datetime

from django.db import connection, transaction

from regulars.areas.house.queries import today
from regulars.areas.trade.counting import keeping
from regulars.kernel.databases import writer_lock

_AT_ONCE = 2_000


def roll(*, at: datetime) -> int:
    """Counts those customers anew of whom a line has left a window by the house's day at this instant. How many.

    Many transactions, so that nobody waits long; what is not done yet is asked of the lines meanwhile."""
    day, done = today(at), 0
    while True:
        with transaction.atomic():
            writer_lock(connection)
            numbers = keeping.leaving(day, _AT_ONCE)
            keeping.bring_to(numbers, day)
        done += len(numbers)
        if len(numbers) < _AT_ONCE:
            return done


def fill(*, at: datetime) -> int:
    """Makes all rollups anew from the lines, in one transaction. Of how many customers."""
    with transaction.atomic():
        writer_lock(connection)
        return keeping.fill(today(at))
