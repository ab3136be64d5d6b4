"""By the clock: looking at everything twice a minute, telling the owners once an hour, what is urgent at once."""

import threading

from django.db import connections
from django.utils import timezone

from regulars.areas.health import actions
from regulars.kernel import jobs

_AT_IT = threading.Lock()


@jobs.every(30, "looking after the house")
def look_after_the_house() -> None:
    """Beside the clock: a program of the system may think for long, and heads are signed by the same clock."""
    threading.Thread(target=_looked, name="looking after the house", daemon=True).start()


def _looked() -> None:
    if not _AT_IT.acquire(blocking=False):
        return
    try:
        found = actions.look_after(at=timezone.now(), background=True)
        if any(each.check.urgent for each in found.of("bad")):
            actions.tell_owners(at=timezone.now())
    finally:
        connections.close_all()
        _AT_IT.release()


@jobs.every(3600, "telling the owners")
def tell_the_owners() -> None:
    actions.tell_owners(at=timezone.now())
