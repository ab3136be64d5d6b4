"""Forks of one warm process: each trial begins with everything loaded, in a process of its own that may be killed."""

import ctypes
import os
import pickle
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

PATIENCE = 120.0


@dataclass(slots=True)
class Fork:
    """A child at work. `result` waits for what its function returns."""

    pid: int
    pipe: int
    began: float

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.reap()

    def reap(self) -> int:
        """Waits for its end; the status as the system tells it."""
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1
        return os.waitpid(self.pid, 0)[1]

    def over(self) -> bool:
        """Whether it has ended by itself (it still has to be reaped)."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def result(self, patience: float = PATIENCE) -> Any:
        """What the function returned. Raises RuntimeError with its traceback, or when it does not end in time."""
        told, until = b"", self.began + patience
        while True:
            ready, *_ = select.select([self.pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.kill()
                raise RuntimeError(f"It did not end within {patience:.0f} seconds.")
            part = os.read(self.pipe, 1 << 20)
            if not part:
                break
            told += part
        self.reap()
        if not told:
            raise RuntimeError("It ended without a word.")
        said, value = pickle.loads(told)
        if not said:
            raise RuntimeError(value)
        return value


def fork(function: Callable[[], Any]) -> Fork:
    """Starts the function in a child. The warm process holds no connection and no thread."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Fork(pid, reading, time.monotonic())
    os.close(reading)
    _end_with_parent()
    try:
        told = pickle.dumps((True, function()))
    except BaseException:
        told = pickle.dumps((False, traceback.format_exc()))
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told)
    finally:
        os._exit(0)


def _end_with_parent() -> None:
    """Nothing is left behind where the one who tries is stopped."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def each(trials: Iterable[Callable[[], Any]], *, at_once: int) -> Iterator[Any]:
    """The results of the trials in order, so many at a time; an error is given as a RuntimeError in its place."""
    waiting: list[Fork] = []

    def next_one() -> Any:
        try:
            return waiting.pop(0).result()
        except RuntimeError as error:
            return error

    for trial in trials:
        if len(waiting) >= at_once:
            yield next_one()
        waiting.append(fork(trial))
    while waiting:
        yield next_one()


def done(function: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """The function's result, worked out in a fork."""
    return fork(function).result(patience)
