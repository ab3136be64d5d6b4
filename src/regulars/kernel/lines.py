"""Files of lines that are only ever added to: each line is on the disk before `append` returns.

A power cut may leave half of a line that nobody was told of. `read` passes it over and `append` takes it away, so that
the next one does not hang on it. Whether a whole line is what was written, its reader must be able to tell.
"""

import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from regulars.kernel import places

try:
    import fcntl
except ImportError:  # Windows: one process writes
    fcntl = None  # type: ignore[assignment]

_TAIL = 1 << 16  # no line is longer
_BY_TURNS = threading.Lock() if fcntl is None else nullcontext()


def read(path: Path) -> list[bytes]:
    """The lines, without one that a power cut tore off at the end."""
    content = path.read_bytes() if path.exists() else b""
    return content[: len(content) - _torn(content)].splitlines()


def latest(path: Path) -> list[bytes]:
    """The newest lines, read from the end of the file alone; of the first of them the beginning may be missing."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        content = file.read()
    return content[: len(content) - _torn(content)].splitlines()


def append(path: Path, line: bytes, *, unless: Callable[[list[bytes]], bool] | None = None) -> bool:
    """Adds one JSON object as a line, whole and durable, name and all. `unless` is asked before, of the newest lines as
    `latest` gives them, while nobody else adds one. False where it said so and nothing was added."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        with _BY_TURNS:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            size = os.fstat(handle).st_size
            start = max(0, size - _TAIL)
            os.lseek(handle, start, os.SEEK_SET)
            content = os.read(handle, size - start)
            if torn := _torn(content):
                os.ftruncate(handle, size - torn)
                content = content[: len(content) - torn]
            if unless is not None and unless(content.splitlines()):
                return False
            _write(handle, (b"" if content.endswith(b"\n") or not content else b"\n") + line + b"\n")
            os.fsync(handle)
    finally:
        os.close(handle)
    places.sync_folder(path.parent)
    return True


def _write(handle: int, line: bytes) -> None:
    """All of it, or an error: on a full disk the system may take a part, which the next line takes away."""
    while line:
        line = line[os.write(handle, line) :]


def _torn(content: bytes) -> int:
    """How many bytes at the end are of a line that did not come to the disk whole: cut short, or with holes in it.

    A line with all its bytes, of which one is another, is none of these.
    """
    ended = content.endswith(b"\n")
    start = content.rfind(b"\n", 0, len(content) - ended) + 1
    line = content[start:].removesuffix(b"\n")
    if not line:
        return 0
    whole = line.endswith(b"}") or (ended or line[-2:-1] == b"}")
    return 0 if whole and b"\0" not in line else len(content) - start
