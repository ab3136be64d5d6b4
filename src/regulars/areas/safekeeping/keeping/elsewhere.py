"""The second place: a folder, an SFTP server, an S3 bucket. What each can do is little: list, put, get, remove.

The libraries for the latter two are loaded when such a place is opened, so nobody else pays for them. Names are
relative to the folder of this home (`regulars-<home id>/`), with `/` between their parts.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from regulars.areas.safekeeping.keeping.arrangement import Elsewhere
from regulars.kernel import crypto, places
from regulars.kernel.errors import Refused


class Place(Protocol):
    """A place that is open."""

    def names(self, folder: str) -> dict[str, int]:
        """The files below a folder of ours (`""`: all), with their sizes; nothing where there is no such folder."""
        ...

    def put(self, source: Path, name: str) -> None:
        """Puts a file there, whole or not at all, in place of what was under the name. Raises OSError where that does
        not succeed, and leaves no half of it; what a kill left is under `half` of the name."""
        ...

    def get(self, name: str, target: Path) -> None:
        """Writes what lies there under the name into a file here."""
        ...

    def remove(self, name: str) -> None:
        """Deletes a file. Raises OSError where the place does not allow it."""
        ...


def opened(where: Elsewhere, *, reading: str = "") -> AbstractContextManager[Place]:
    """Opens the place. Raises `Refused` where it cannot be reached, is none, or does not let us in.

    `reading`: the folder there from which is only read; it is not made where it is missing. Without it this home's own.
    """
    if where.kind == "folder":
        return folder(Path(where.told["path"]), reading=reading)
    if where.kind == "sftp":
        from regulars.areas.safekeeping.keeping import sftp

        return sftp.opened(where, reading=reading)
    from regulars.areas.safekeeping.keeping import s3

    return s3.opened(where, reading=reading)


def root() -> str:
    """The folder of this home there, so that several homes may share a place."""
    return f"regulars-{places.home_id()}"


@contextmanager
def folder(path: Path, *, reading: str = "") -> Iterator["Folder"]:
    if not path.is_dir():
        raise Refused(_("There is no folder %(place)s. Mount the disk or make the folder first.") % {"place": path})
    if places.home().resolve() in (path.resolve(), *path.resolve().parents):
        raise Refused(_("A version inside the home itself would be lost with it. Name another disk or folder."))
    try:
        yield Folder(path / reading if reading else places.folder(path / root()))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(path).free // 1_000_000
            full = _("it is full, only %(free)d MB are free. Make room there.") % {"free": free}
            raise unreachable(str(path), full) from error
        raise unreachable(str(path), error.strerror or str(error)) from error


def half(name: str) -> str:
    """What a file is called while it is on its way."""
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}.{file}.part"


def unreachable(place: str, reason: object) -> Refused:
    """The refusal that says which place and why."""
    told = {"place": place, "reason": reason}
    return Refused(_("The second place %(place)s cannot be used: %(reason)s") % told)


class Folder:
    """A folder, which may lie on a disk that is carried away."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self, folder: str) -> dict[str, int]:
        found = (self.path / folder).rglob("*")
        return {str(each.relative_to(self.path).as_posix()): each.stat().st_size for each in found if each.is_file()}

    def put(self, source: Path, name: str) -> None:
        target = self.path / name
        places.folder(target.parent)
        partial = self.path / half(name)
        try:
            with source.open("rb") as given, partial.open("wb") as taken:
                shutil.copyfileobj(given, taken, 1 << 20)
                taken.flush()
                os.fsync(taken.fileno())
            if crypto.sha256_of_file(partial) != crypto.sha256_of_file(source):
                raise OSError(_("what was read back is not what was written"))
            partial.replace(target)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            raise
        places.sync_folder(target.parent)

    def get(self, name: str, target: Path) -> None:
        shutil.copyfile(self.path / name, target)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)
