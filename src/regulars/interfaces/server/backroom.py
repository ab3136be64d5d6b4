"""The backroom: jobs, the clock, signed heads, the nightly copy. One beside each web; `work` starts more hands."""

import os
import signal
import sys
import threading
import time
from typing import Any, NoReturn

from regulars.interfaces.server import leash
from regulars.kernel import processes, takeover

_HEADS_EVERY = 20  # seconds; the promise is 60 (security L4)
_LOOKS = 0.5  # seconds between looks whether the house is being taken over
_GRACE = 25  # seconds for jobs to come to a word of progress


def main(*, threads: int = 2, with_clock: bool = True) -> int:
    """Works until SIGTERM or SIGINT; jobs in hand go back to the queue at their next word of progress."""
    processes.set_up()
    from django.utils.module_loading import autodiscover_modules

    from regulars.kernel.jobs import Worker

    autodiscover_modules("jobs")
    if with_clock:
        _sign_heads_regularly()
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_given: ending.set())
    worker = Worker(threads=threads, with_clock=with_clock)
    worker.start()
    while not ending.wait(3600 if with_clock else _LOOKS):
        if not with_clock and takeover.waiting():
            _let_go(worker)
    worker.stop()
    if not worker.join(_GRACE):
        os._exit(1)  # its lease runs out, and the job is done by the next
    return 0


def _let_go(worker: Any) -> NoReturn:
    """Another than the supervisor's own: it ends its work, waits until the house is open again, and begins anew."""
    worker.stop()
    if not worker.join(_GRACE):
        os._exit(1)
    while takeover.waiting():
        time.sleep(_LOOKS)
    os.execv(sys.executable, [sys.executable, "-m", "regulars", *sys.argv[1:]])  # noqa: S606 - our own command again


def _sign_heads_regularly() -> None:
    from django.apps import apps

    if not apps.is_installed("regulars.areas.journal"):
        return
    from django.utils import timezone

    from regulars.areas.journal.actions import sign_heads
    from regulars.kernel import jobs

    jobs.every(_HEADS_EVERY, "signed heads")(lambda: sign_heads(at=timezone.now()))


if __name__ == "__main__":
    leash.follow_parent()
    sys.exit(main())
