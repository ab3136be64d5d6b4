"""Where things lie: the home (one folder that holds everything), and the config folder (the keys, outside the home).

The home's names are fixed here and nowhere else. All folders are made for the owner's eyes only (0700).
"""

import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from regulars.kernel import crypto
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused


def home_path() -> Path:
    """`REGULARS_HOME`, or the platform's folder for a user's data. Not made."""
    given = os.environ.get("REGULARS_HOME")
    return Path(given).expanduser().absolute() if given else user_data_path("regulars", appauthor=False)


def home() -> Path:
    """The home, made where it is missing."""
    return folder(home_path())


def config() -> Path:
    """The folder for keys of homes that name none: `<config folder>/regulars`. Not made."""
    return user_config_path("regulars", appauthor=False)


def database() -> Path:
    """The house's encrypted database (unless `REGULARS_DATABASE_URL` names another)."""
    return home_path() / "regulars.db"


def person_keys() -> Path:
    """The keys of single customers' sealed values."""
    return home() / "keys.db"


def versions() -> Path:
    """Copies of the whole house, enciphered."""
    return folder(home() / "versions")


def originals() -> Path:
    """Files as they came in, enciphered, by content."""
    return folder(home() / "originals")


def uploads() -> Path:
    """Files on their way in."""
    return folder(home() / "uploads")


def spool() -> Path:
    """Work in hand: exports being made, mails waiting. May be emptied when nothing runs."""
    return folder(home() / "spool")


def in_hand(what: str) -> Path:
    """A fresh, empty, private file in the spool this process works at; `clear_spool` takes it away after a kill."""
    path = spool() / f"{what}-{os.getpid()}-{crypto.random_bytes(6).hex()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def clear_spool() -> None:
    """Takes away what processes of this machine had in hand when they were killed: lists in the clear among them."""
    for path in spool().glob("*-*-*"):
        process = path.name.split("-")[1]
        if process.isdigit() and not _runs(int(process)):
            path.unlink(missing_ok=True)


def home_id() -> str:
    """The lasting name of this home, 16 letters of hex; made once and kept in `home.id`."""
    place = home() / "home.id"
    if not place.exists():
        write_once(place, crypto.random_bytes(8).hex().encode() + b"\n")
    name = place.read_text(encoding="ascii", errors="replace").strip()
    if len(name) != 16 or not set(name) <= set("0123456789abcdef"):
        raise Refused(
            _("%(file)s is damaged: it must hold the home's 16 letters. Put it back from a copy.") % {"file": place}
        )
    return name


def folder(path: Path) -> Path:
    """The folder, made (0700) where it is missing, on the disk before this returns."""
    if not path.is_dir():
        made = [each for each in (path, *path.parents) if not each.is_dir()]
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(
                _("The folder %(folder)s cannot be made: %(reason)s.") % {"folder": path, "reason": error.strerror}
            ) from error
        for each in made:  # what is written into it is as lasting as its name
            sync_folder(each.parent)
    return path


def write_once(path: Path, content: bytes, mode: int = 0o600) -> bool:
    """Writes a file durably, whole or not at all, unless it is there already. Says whether this call wrote it."""
    fresh = _written_beside(path, content, mode)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    sync_folder(path.parent)
    return True


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file durably in place of what was there: after a power cut the old stands or the new, never half."""
    _written_beside(path, content, mode).replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Makes the names in a folder durable (where the platform can: not on Windows)."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _runs(process: int) -> bool:
    """Whether there is such a process; where the platform does not tell without harm, there may be."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _written_beside(path: Path, content: bytes, mode: int) -> Path:
    fresh = path.with_name(f".{path.name}.{crypto.random_bytes(6).hex()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return fresh
