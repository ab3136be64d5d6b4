"""No code opens the live database, its log or its shared memory but SQLite: closing such a file would drop SQLite's own
locks on it, and what is read may be half. Whoever does so in a trial breaks it."""

import sys
from pathlib import Path
from typing import Any

LIVE = frozenset(f"{name}.db{end}" for name in ("regulars", "keys", "test") for end in ("", "-wal", "-shm", "-journal"))

BESIDE = frozenset({"versions", "restoring"})  # files that no connection of the house has open


class Touched(BaseException):
    """Our own code opened a live database file. No `Exception`: nothing on the way may take it for a fault."""


def watch() -> None:
    """From now on, in this process and its forks."""
    sys.addaudithook(_heard)


def _heard(event: str, given: tuple[Any, ...]) -> None:
    if event != "open" or not isinstance(given[0], str | bytes | Path):
        return
    path = Path(given[0].decode(errors="replace") if isinstance(given[0], bytes) else given[0])
    if path.name in LIVE and path.parent.name not in BESIDE and _ours():
        raise Touched(f"Something opened {path}.")


def _ours() -> bool:
    """Whether it was the product, and not a trial, that called."""
    frame = sys._getframe(2)
    while frame is not None:
        where = frame.f_code.co_filename
        if "/tests/" in where:
            return False
        if "/regulars/" in where and "site-packages" not in where:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
