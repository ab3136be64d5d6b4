"""Fairness among writers of the one file.

SQLite's writers poll for the lock; an import that takes it again at once after every chunk would starve everybody
else. Who wants to write passes this turnstile first and holds it only until the write lock is had, so the import stands
behind those who were waiting; and who has waited longer looks more often, so the newest comes last. A process that dies
leaves it open.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: writers poll
    fcntl = None  # type: ignore[assignment]


class Turnstile:
    """One connection's way in. `wait` is how long, in seconds, before it goes on without its turn."""

    def __init__(self, database: Path, wait: float) -> None:
        self._place = database.with_name(f"{database.name}-turn")
        self._wait = wait
        self._handle = -1

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around the taking of the write lock."""
        if fcntl is None:
            yield
            return
        if self._handle < 0:
            self._handle = os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._take()
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _take(self) -> None:
        until, pause = time.monotonic() + self._wait, 0.006
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    return  # SQLite's own waiting decides
                time.sleep(pause)
                pause = max(pause * 0.8, 0.0005)
            else:
                return
