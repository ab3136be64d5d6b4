"""Commands and scripts in forks of one warm process. To load the house takes a fresh process a second or more; a fork
of one that has loaded it begins at once, and is a process of its own in all else: its environment, its files, its end.

The warm process (`python -m tests.rig.warm`) is started by whoever asks first and ends with them. It opens no database,
and learns from each fork which modules it lacked. A version is proved in the very fork that makes it: the child for it
would load the house anew, and is tried elsewhere. Where a platform has no forks, processes are started as ever.
"""

import atexit
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

Words = Sequence[str | Path]
_FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")


def run(words: Words, environment: Mapping[str, str], typed: str = "") -> "subprocess.CompletedProcess[str]":
    """What `python WORDS` says and ends with in this environment; `typed` is its standard input."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        told.write(typed.encode())
        told.seek(0)
        code = Running(words, environment, told.fileno(), said.fileno(), errors.fileno()).wait()
        said.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(words, code, said.read().decode(), errors.read().decode())


class Running:
    """`python WORDS` at work in this environment, with these descriptors. `pid` may be sent signals."""

    def __init__(
        self,
        words: Words,
        environment: Mapping[str, str],
        typed: int = -1,
        said: int = -1,
        errors: int = -1,
    ) -> None:
        self.returncode: int | None = None
        with Path(os.devnull).open("r+b") as nowhere:
            given = [nowhere.fileno() if each < 0 else each for each in (typed, said, errors)]
            if not _FORKS:
                self._started: Any = subprocess.Popen([sys.executable, *words], env=environment, stdin=given[0],
                                                      stdout=given[1], stderr=given[2])  # fmt: skip
                self.pid = self._started.pid
                return
            place = _at()
            self._line = socket.socket(socket.AF_UNIX)
            self._line.connect(place)
            asked = json.dumps({"words": [*map(str, words)], "environment": dict(environment)}).encode()
            socket.send_fds(self._line, [len(asked).to_bytes(4)], given)
        self._line.sendall(asked)
        self._told = b""
        self.pid = self._number()

    def wait(self, seconds: float | None = None) -> int:
        """Its exit code, negative for a signal. Raises TimeoutError when it has not ended so many seconds later."""
        if self.returncode is None and not _FORKS:
            with suppress(subprocess.TimeoutExpired):
                self.returncode = self._started.wait(seconds)
        elif self.returncode is None:
            self._line.settimeout(seconds)
            self.returncode = self._number()
            self._line.close()
        if self.returncode is None:
            raise TimeoutError
        return self.returncode

    def _number(self) -> int:
        """The next line that its keeper says."""
        while b"\n" not in self._told:
            part = self._line.recv(64)
            assert part, "the warm process is gone"
            self._told += part
        line, _end, self._told = self._told.partition(b"\n")
        return int(line)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()


@cache
def _at() -> str:
    """Where the warm process of this one listens."""
    place = Path(tempfile.mkdtemp(prefix="warm-")) / "asked"
    warm = subprocess.Popen(
        [sys.executable, "-m", __name__, str(place)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    atexit.register(warm.wait)  # called after the next one
    atexit.register(lambda: warm.stdin and warm.stdin.close())
    until = time.monotonic() + 120
    while not place.exists():
        assert warm.poll() is None and time.monotonic() < until, "the warm process does not come up"
        time.sleep(0.01)
    return str(place)


# --- the warm process -------------------------------------------------------------------------------------------------


def _serve(place: Path, leash: int) -> None:
    from regulars.interfaces.cli import main
    from regulars.kernel import processes

    processes.set_up()
    processes.apart = lambda function, *given, **_how: function(*given)
    list(main.known())
    hears, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    hears.setblocking(False)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{place}.soon")
    listening.listen(64)
    Path(f"{place}.soon").rename(place)
    while leash not in select.select([listening.fileno(), leash], [], [])[0]:
        line, _address = listening.accept()
        _learn(hears)
        if os.fork() == 0:
            listening.close()
            _keep(line, tells)
        line.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _learn(hears: socket.socket) -> None:
    with suppress(BlockingIOError):
        while True:
            for name in json.loads(hears.recv(1 << 20)):
                with suppress(Exception):
                    import_module(name)


def _keep(line: socket.socket, tells: socket.socket) -> None:
    """Watches over one who works, and says how it ended."""
    begun, descriptors, _flags, _address = socket.recv_fds(line, 4, 3)
    length, asked = int.from_bytes(begun), b""
    while len(asked) < length:
        asked += line.recv(length - len(asked))
    worker = os.fork()
    if worker == 0:
        line.close()
        _work(json.loads(asked), descriptors, tells)
    for each in descriptors:
        os.close(each)
    line.sendall(f"{worker}\n".encode())
    ended = os.waitpid(worker, 0)[1]
    with suppress(OSError):
        line.sendall(f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    os._exit(0)


def _work(asked: Any, descriptors: list[int], tells: socket.socket) -> None:
    for place, each in enumerate(descriptors):
        os.dup2(each, place)
        os.close(each)
    os.environ.clear()
    os.environ.update(asked["environment"])
    known = set(sys.modules)
    code = 1
    try:
        _sit_down()
        _do(asked["words"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    with suppress(OSError):
        tells.send(json.dumps(sorted(set(sys.modules) - known)).encode())
    os._exit(code)


def _sit_down() -> None:
    """Settings and database are those of this environment."""
    from asgiref.local import Local
    from django import db
    from django.conf import settings
    from django.utils.functional import empty

    from regulars.kernel import keyfile

    sys.modules.pop("regulars.project.settings", None)
    settings._wrapped = empty
    connections: Any = db.connections
    connections._settings = None
    connections.__dict__.pop("settings", None)
    connections._connections = Local(connections.thread_critical)
    keyfile.forget_cached()


def _do(words: list[str]) -> None:
    how, what, *rest = words
    sys.argv = [how, *rest]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # as `python -c` does


if __name__ == "__main__":
    held = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _serve(Path(sys.argv[1]), held)
