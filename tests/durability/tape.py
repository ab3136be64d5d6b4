"""A recording of what processes did to a folder, taken by `strace`: writes, truncations, syncs, names, confirmations.

`strace -y` tells the path of each descriptor, `-xx` every byte. A call that another process interrupted counts where it
ended; a sync covers what had been written when it began.
"""

import ctypes
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,ftruncate,truncate,fallocate,"
    "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile,splice"
)
_LONGEST = 4 << 20
_PR_SET_PTRACER = 0x59616D61
_LINE = re.compile(rb"^(\d+) +(?:<\.\.\. (\w+) resumed>(.*)|(\w+)\((.*))$", re.DOTALL)
_PATH = re.compile(rb"<((?:\\x[0-9a-f]{2})+)>(\(deleted\))?")
_TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
_NAME = re.compile(rb'(?:<((?:\\x[0-9a-f]{2})+)>, )?"((?:\\x[0-9a-f]{2})*)"')  # from which folder, if from one
_RESULT = re.compile(rb"\) += (-?\d+)")


def missing() -> str:
    """Why nothing can be recorded here; '' where it can."""
    if not shutil.which("strace"):
        return "no strace found (Debian: apt-get install strace)"
    tried = subprocess.run(["strace", "-f", "-e", "trace=none", "true"], capture_output=True)
    return "" if tried.returncode == 0 else f"strace may not watch processes here: {tried.stderr.decode().strip()}"


def may_be_watched() -> None:
    """Lets `strace` attach to this process where only parents may."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)


@contextmanager
def attached(pid: int, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`strace` watching this process and its children to come."""
    command = ["strace", "-f", "-qq", *words, "-p", str(pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        status, until = Path(f"/proc/{pid}/status"), time.monotonic() + 20
        while f"TracerPid:\t{tracer.pid}\n" not in status.read_text():
            if tracer.poll() is not None or time.monotonic() > until:
                told = tracer.communicate()[1] if tracer.poll() is not None else b"too slow"
                raise RuntimeError(f"strace does not watch: {told.decode()}")
            time.sleep(0.002)
        yield tracer
    finally:
        if tracer.poll() is None:
            tracer.terminate()
        try:
            tracer.communicate(timeout=20)
        except subprocess.TimeoutExpired:  # it waits for threads that wait for it
            tracer.kill()
            tracer.communicate()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `what` is write, cut (truncation), sync, name or fact; `file` is a number of our own
    that stays with a file under whatever name. A name's `old` and `new` are paths below the root, "" for none."""

    what: str
    file: int = 0
    at: int = 0
    data: bytes = b""
    old: str = ""
    new: str = ""
    folder: bool = False
    upto: int = 0  # of a sync: how many events had happened when it began


@dataclass(slots=True)
class Tape:
    """What happened below `root`, from what lay there at its beginning (`start`: path to file number, -1: a folder)."""

    root: Path
    start: dict[str, int] = field(default_factory=dict)
    content: dict[int, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def begun(root: Path) -> Tape:
    """A tape that knows what lies there now, all of it on the disk."""
    tape = Tape(root)
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_dir():
            tape.start[name] = -1
        elif path.is_file() and wanted(name):
            tape.start[name] = len(tape.content) + 1
            tape.content[tape.start[name]] = path.read_bytes()
    return tape


def wanted(name: str) -> bool:
    """Shared memory is made anew at each start; locks and sockets hold nothing."""
    return not name.endswith(("-shm", "-turn", ".sock", ".lock"))


def heard(tape: Tape, trace: Path) -> None:
    """Adds the events of a trace to the tape. Raises ValueError for a call that this reader does not understand."""
    reader = _Reader(tape)
    began: dict[bytes, tuple[bytes, int]] = {}
    with trace.open("rb") as lines:
        for line in lines:
            found = _LINE.match(line.rstrip(b"\n"))
            if not found:
                continue
            process, resumed, rest, call, told = found.groups()
            if resumed:
                told, upto = began.pop(process, (b"", 0))
                reader.take(resumed.decode(), told + rest, upto)
            elif told.endswith(b"<unfinished ...>"):
                began[process] = told.removesuffix(b"<unfinished ...>"), len(tape.events)
            else:
                reader.take(call.decode(), told, len(tape.events))


class _Reader:
    def __init__(self, tape: Tape) -> None:
        self.tape, self.names = tape, dict(tape.start)
        self.root = f"{tape.root}/"
        self.size = {file: len(content) for file, content in tape.content.items()}
        self.place: dict[int, int] = {}
        self.appending: set[int] = set()
        self.next = len(tape.content) + 1

    def take(self, call: str, told: bytes, upto: int) -> None:
        result = _RESULT.search(told)
        if not result or int(result[1]) < 0:
            return
        value = int(result[1])
        if call in ("openat", "open", "creat"):
            self._opened(told)
        elif call in ("write", "pwrite64"):
            self._written(call, told, value)
        elif call in ("fsync", "fdatasync"):
            self._synced(told, upto)
        elif call == "lseek" and (file := self._file(told)):
            self.place[file] = value
        elif call in ("ftruncate", "truncate") and (file := self._file(told)):
            size = int(told[: result.start()].rpartition(b", ")[2])
            self._add(Event("cut", file, size))
            self.size[file] = size
        elif call.startswith(("rename", "link", "unlink", "mkdir", "rmdir")):
            self._named(call, told)
        elif call in ("writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "splice", "fallocate"):
            self._refuse(call, told)

    def _refuse(self, call: str, told: bytes) -> None:
        if self._file(told):
            raise ValueError(f"{call} on {self._path(told)}: this rig does not understand it yet.")

    def _add(self, event: Event) -> None:
        self.tape.events.append(event)

    def _below(self, raw: bytes, folder: bytes | None = None) -> str | None:
        path = _decoded(raw)
        if folder is not None and not path.startswith("/"):
            path = f"{_decoded(folder)}/{path}"
        return path.removeprefix(self.root) if path.startswith(self.root) else "" if path + "/" == self.root else None

    def _path(self, told: bytes) -> str | None:
        """The path below the root of the descriptor (or first text) of a call; None where it lies elsewhere."""
        found = _PATH.search(told[:8192]) or _TEXT.search(told)
        return self._below(found[1]) if found and not (found.re is _PATH and found[2]) else None

    def _file(self, told: bytes) -> int:
        path = self._path(told)
        return max(0, self.names.get(path, 0)) if path and wanted(path) else 0

    def _opened(self, told: bytes) -> None:
        found = _NAME.search(told)
        path = self._below(found[2], found[1]) if found else None
        if not path or not wanted(path):
            return
        flags = told[found.end() :] if found else b""
        if path not in self.names:
            if b"O_CREAT" not in flags:
                return
            self.names[path], self.size[self.next] = self.next, 0
            self._add(Event("name", self.next, new=path))
            self.next += 1
        file = self.names[path]
        if b"O_WRONLY" in flags or b"O_RDWR" in flags:
            self.place[file] = 0
            (self.appending.add if b"O_APPEND" in flags else self.appending.discard)(file)
            if b"O_TRUNC" in flags and self.size[file]:
                self._add(Event("cut", file, 0))
                self.size[file] = 0

    def _written(self, call: str, told: bytes, count: int) -> None:
        path = self._path(told)
        file = self.names.get(path, 0) if path and wanted(path) else 0
        if file <= 0:
            return
        found = _TEXT.search(told)
        assert found
        data = bytes.fromhex(found[1].replace(b"\\x", b"").decode())[:count]
        if len(data) != count:
            raise ValueError(f"A write of {count} bytes to {path} was not recorded whole.")
        if path == "confirmed":
            self._add(Event("fact", data=data))
            return
        if call == "pwrite64":
            at = int(told[found.end() :].split(b")")[0].rpartition(b", ")[2])
        else:
            at = self.size[file] if file in self.appending else self.place.get(file, 0)
            self.place[file] = at + count
        self._add(Event("write", file, at, data))
        self.size[file] = max(self.size[file], at + count)

    def _synced(self, told: bytes, upto: int) -> None:
        path = self._path(told)
        if path is None or not wanted(path):
            return
        if path == "" or self.names.get(path) == -1:
            self._add(Event("sync", folder=True, old=path, upto=upto))
        elif path in self.names:
            self._add(Event("sync", self.names[path], upto=upto))

    def _named(self, call: str, told: bytes) -> None:
        paths = [self._below(found[2], found[1]) for found in _NAME.finditer(told)]
        if not paths or all(path is None for path in paths):
            return
        first, last = paths[0] or "", (paths[-1] or "") if len(paths) > 1 else ""
        if call.startswith("mkdir"):
            self.names[first] = -1
            self._add(Event("name", -1, new=first, folder=True))
        elif call.startswith("link"):
            self.names[last] = self.names[first]
            self._add(Event("name", self.names[first], new=last))
        elif call.startswith("rename") and first in self.names:
            file = self.names[last] = self.names.pop(first)
            self._add(Event("name", file, old=first, new=last))
        elif call.startswith(("unlink", "rmdir")) and first in self.names:
            self._add(Event("name", self.names.pop(first), old=first))


def _decoded(raw: bytes) -> str:
    return bytes.fromhex(raw.replace(b"\\x", b"").decode()).decode(errors="replace")


def record(pid: int, trace: Path) -> list[str]:
    """The words for `attached` that record all that matters."""
    return ["--seccomp-bpf", "-xx", "-y", "-s", str(_LONGEST), "-e", f"trace={CALLS}", "-e", "signal=none",
            "-o", str(trace)]  # fmt: skip


def release(pipe: int) -> None:
    """Tells a waiting process to go."""
    os.write(pipe, b"!")
    os.close(pipe)
