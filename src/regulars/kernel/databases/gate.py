"""The gate before the encrypted file: every connection stands in it, and whoever replaces the file has it to itself.

A connection holds a shared lock while it is open; `closed` takes the lock alone, waits until the others have let go,
and lets nobody in meanwhile but this process. Locks end with their process, however that ends.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be replaced there anyway
    fcntl = None  # type: ignore[assignment]

_PAUSE = 0.02
_MINE: dict[Path, int] = {}  # what this process has closed, by its process id (a fork did not close it)


class HouseClosed(Refused):
    """Somebody is replacing the database at this moment."""

    code = "house_closed"
    status = 503


class Pass:
    """One connection's place in the gate."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def give_back(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def enter(database: Path, *, patience: float) -> Pass:
    """A place in the gate. Raises `HouseClosed` when the database is being replaced for longer than `patience` s."""
    if fcntl is None or _MINE.get(database) == os.getpid():
        return Pass(-1)
    handle = _open(database)
    if _locked(handle, fcntl.LOCK_SH, patience):
        return Pass(handle)
    os.close(handle)
    raise HouseClosed(
        _("The register is being put back or upgraded at this moment. Wait a minute and do it again: nothing was done.")
    )


@contextmanager
def closed(database: Path, *, patience: float) -> Iterator[None]:
    """This process alone has the database. Raises `HouseClosed` when others do not let go within `patience` seconds."""
    if fcntl is None or _MINE.get(database) == os.getpid():
        yield
        return
    handle = _open(database)
    try:
        if not _locked(handle, fcntl.LOCK_EX, patience):
            raise HouseClosed(
                _(
                    "Other programs are working with the register %(file)s and do not let go. End them (regulars work, "
                    "long commands) and do it again: nothing was done."
                )
                % {"file": database}
            )
        _MINE[database] = os.getpid()
        yield
    finally:
        with suppress(KeyError):
            del _MINE[database]
        os.close(handle)


def _open(database: Path) -> int:
    return os.open(database.with_name(f"{database.name}-gate"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(handle: int, kind: int, patience: float) -> bool:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE)
        else:
            return True
