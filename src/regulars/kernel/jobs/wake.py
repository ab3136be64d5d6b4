"""A knock at the backroom's door: a datagram to a socket in the home. Losing one costs a second, never a job."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from regulars.kernel import places

NAME = "backroom.sock"
_LONGEST = 100  # the platform's limit for a socket's path is 104 or 108


def knock() -> None:
    """Wakes the backroom of this home, if there is one."""
    with suppress(OSError), _addressed() as address, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.setblocking(False)
        door.sendto(b"!", str(address))


class Door:
    """The backroom's side. `wait` sleeps until somebody knocks."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        with suppress(OSError, AttributeError):
            self._socket = _listening()

    def wait(self, seconds: float) -> None:
        """Until a knock, at most so long."""
        import time

        if self._socket is None:
            time.sleep(seconds)
            return
        self._socket.settimeout(seconds)
        with suppress(OSError):
            self._socket.recv(16)
            self._socket.setblocking(False)
            while self._socket.recv(16):  # one round of work answers all who knocked
                pass

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            with suppress(OSError):
                (places.home() / NAME).unlink()


def _listening() -> socket.socket:
    with suppress(FileNotFoundError):
        (places.home() / NAME).unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with _addressed() as address:
        listening.bind(str(address))
    (places.home() / NAME).chmod(0o600)
    return listening


class _addressed:  # noqa: N801 - reads as a word in a with statement
    """A path short enough for a socket: the plain one, or one through the folder's descriptor."""

    def __enter__(self) -> Path:
        plain = places.home() / NAME
        self._folder = -1
        if len(str(plain).encode()) < _LONGEST or not sys.platform.startswith("linux"):
            return plain
        self._folder = os.open(plain.parent, os.O_PATH | os.O_DIRECTORY)
        return Path(f"/proc/self/fd/{self._folder}") / NAME

    def __exit__(self, *_raised: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)
