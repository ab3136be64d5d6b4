"""The backroom's workers: threads that claim and do jobs, a heartbeat for their leases, and the clock."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from regulars.kernel.jobs import clock, queue, wake

log = logging.getLogger("regulars.backroom")
_POLL = 1.0
_BEAT = 15.0


def run_due() -> int:
    """Does every job that is due, here and now (tests, commands). Returns how many."""
    count, name = 0, queue.worker_name("here")
    while (row := queue.claim(name, timezone.now())) is not None:
        queue.run(row, stop=lambda: False)
        count += 1
    return count


def run_here(ticket: str) -> bool:
    """Does this very job in this process, now. False where a worker has it already, or it is over."""
    row = queue.claim_this(ticket, queue.worker_name("here"), timezone.now())
    if row is None:
        return False
    ending = threading.Event()

    def beat() -> None:
        while not ending.wait(_BEAT):
            try:
                queue.extend()
            except DatabaseError as error:  # somebody wrote for long: the next beat comes before the lease is over
                log.warning("heartbeat: %s", error)
        connections.close_all()

    heart = threading.Thread(target=beat, name="heartbeat", daemon=True)
    heart.start()
    try:
        queue.run(row, stop=lambda: False)
    finally:
        ending.set()
        heart.join()
    return True


class Worker:
    """Some threads that do jobs until `stop`; with `clock` also what comes round, and the door others knock at."""

    def __init__(self, *, threads: int = 2, with_clock: bool = False) -> None:
        self._ending = threading.Event()
        self._knocked = threading.Condition()
        self._door = wake.Door() if with_clock else None
        loops: list[tuple[str, Callable[[], None]]] = [("heartbeat", self._beat)]
        loops += [(f"worker {number}", self._work) for number in range(threads)]
        loops += [("door", self._listen), ("clock", self._short), ("night", self._long)] if with_clock else []
        self._threads = [threading.Thread(target=self._kept, args=(loop,), name=name) for name, loop in loops]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Asks all to end: jobs at their next word of progress. Safe to call from a signal."""
        self._ending.set()

    def join(self, seconds: float | None = None) -> bool:
        """Waits for the end; False if something still runs."""
        for thread in self._threads:
            thread.join(seconds)
        if self._door:
            self._door.close()
        return not any(thread.is_alive() for thread in self._threads)

    def _kept(self, loop: Callable[[], None]) -> None:
        """A loop outlives its errors: the database may be away for a while."""
        while not self._ending.is_set():
            try:
                loop()
            except (DatabaseError, OSError) as error:
                log.warning("%s: %s", threading.current_thread().name, error)
                self._ending.wait(2)
            except Exception:
                log.exception("%s broke", threading.current_thread().name)
                self._ending.wait(2)
            finally:
                connections.close_all()

    def _work(self) -> None:
        name = queue.worker_name(threading.current_thread().name)
        while not self._ending.is_set():
            row = queue.claim(name, timezone.now())
            if row is None:
                with self._knocked:
                    self._knocked.wait(_POLL)
                continue
            queue.run(row, stop=self._ending.is_set)
            close_old_connections()

    def _beat(self) -> None:
        while not self._ending.wait(_BEAT):
            queue.extend()

    def _listen(self) -> None:
        assert self._door
        while not self._ending.is_set():
            self._door.wait(_POLL)
            with self._knocked:
                self._knocked.notify_all()

    def _short(self) -> None:
        while not self._ending.wait(_POLL):
            clock.tick_short()

    def _long(self) -> None:
        while not self._ending.wait(_POLL * 5):
            clock.tick_long(timezone.now())
