"""By the clock: looking at everything once a minute, telling the owners once an hour."""

import threading

from django.db import connections
from django.utils import timezone

from regulars.areas.health import actions
from regulars.kernel import jobs

_AT_IT = threading.Lock()


@jobs.every(60, "looking after the house")
def look_after_the_house() -> None:
    """Beside the clock: a program of the system may think for long, and heads are signed by the same clock."""
    threading.Thread(target=_looked, name="looking after the house", daemon=True).start()


def _looked() -> None:
    if not _AT_IT.acquire(blocking=False):
        return
    try:
        actions.look_after(at=timezone.now())
    finally:
        connections.close_all()
        _AT_IT.release()


@jobs.every(3600, "telling the owners")
def tell_the_owners() -> None:
    actions.tell_owners(at=timezone.now())


@jobs.job(attempts=3)
def tell_now() -> str:
    """Looks and tells at once, where an hour is too long to wait."""
    now = timezone.now()
    actions.look_after(at=now, anew=True)
    return actions.tell_owners(at=now) or ""
