"""Every night: a copy of the house, and the database tidied."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from regulars.areas.safekeeping import actions
from regulars.kernel import databases, jobs
from regulars.kernel.databases import resting

_DAY = 86_400


@jobs.job(attempts=2)
def copy_the_house() -> str:
    """The nightly version; its name is the result."""
    return actions.make_version(at=timezone.now(), why="nightly").name


@jobs.every(_DAY, "nightly copy", hour=1)
def ask_for_the_nightly_copy() -> None:
    jobs.enqueue(copy_the_house, key="nightly copy")


@jobs.every(_DAY, "tidy database", hour=2)
def tidy_the_database() -> None:
    jobs.clear_away(before=timezone.now() - timedelta(days=30))
    resting.mend(connection)
    databases.tidy(connection)
