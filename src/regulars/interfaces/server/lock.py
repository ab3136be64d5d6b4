"""One `serve` per home: a lock that the system drops when its holder ends, however it ends."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from regulars.kernel import places
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class HomeLock:
    """Holds the home from `take` to the end of the process. Its file says who holds it and under which address."""

    def __init__(self) -> None:
        self._handle = os.open(places.home() / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, base_url: str) -> None:
        """Raises `Refused`, naming the holder, when another serve runs on this home."""
        if fcntl is not None:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Refused(_told(_read(self._handle))) from error
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps({"process": os.getpid(), "address": base_url}).encode(), 0)

    def held_by_another(self) -> bool:
        """Whether it cannot be taken now; what it says stays."""
        if fcntl is None:
            return True
        try:
            fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

    def release(self) -> None:
        os.ftruncate(self._handle, 0)
        self.close()

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def held() -> Iterator[None]:
    """The home for one command alone. Raises `Refused` where `serve` runs."""
    lock = HomeLock()
    lock.take("")
    try:
        yield
    finally:
        lock.release()


def running() -> bool:
    """Whether a `serve` holds this home; also where the system cannot tell."""
    lock = HomeLock()
    try:
        return lock.held_by_another()
    finally:
        lock.close()


def serving_at() -> str:
    """The address at which this home is served, or was when it was last; '' where nobody knows."""
    try:
        handle = os.open(places.home() / "serve.lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return str(_read(handle).get("address", ""))
    finally:
        os.close(handle)


def _read(handle: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(os.pread(handle, 4096, 0))
    except ValueError:
        return {}
    return found


def _told(holder: dict[str, Any]) -> str:
    return _("Regulars runs on this home already (%(home)s), at %(address)s, process %(process)s.") % {
        "home": places.home_path(),
        "address": holder.get("address", "?"),
        "process": holder.get("process", "?"),
    }
