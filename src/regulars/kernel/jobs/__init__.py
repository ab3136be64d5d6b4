"""Background work: `django.tasks` on a small table of our own, and the clock.

    @jobs.job()                       # at module level, in a room's jobs.py; `attempts=1` for what may not be repeated
    def count_again(segment: int) -> int: ...

    view = jobs.enqueue(count_again, segment=7)            # a row in the transaction at hand; runs after it commits
    jobs.progress(done=200, total=1000, note="…")          # inside a job
    jobs.view(view.ticket)                                 # state, progress, result: for the screen

    @jobs.every(20, "signed heads")   # seconds; from an hour on the database keeps them: no night missed or doubled
    def sign_heads() -> None: ...

A job may run twice when a machine dies under it: it must be able to go on or to begin again.
"""

from regulars.kernel.jobs.clock import every
from regulars.kernel.jobs.queue import (
    Interrupted,
    JobView,
    clean,
    clear_away,
    dead,
    enqueue,
    job,
    latest,
    named,
    naming,
    progress,
    revive,
    view,
)
from regulars.kernel.jobs.standing import GivenUp, Standing, given_up, let_go, standing
from regulars.kernel.jobs.worker import Worker, run_due, run_here

__all__ = [
    "GivenUp",
    "Interrupted",
    "JobView",
    "Standing",
    "Worker",
    "clean",
    "clear_away",
    "dead",
    "enqueue",
    "every",
    "given_up",
    "job",
    "latest",
    "let_go",
    "named",
    "naming",
    "progress",
    "revive",
    "run_due",
    "run_here",
    "standing",
    "view",
]
