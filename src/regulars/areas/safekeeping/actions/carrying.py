"""Carrying a version, and all that belongs to it, to another place."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.journal.chain import ledger
from regulars.areas.safekeeping.actions.making import NotWhole, make_version, prune
from regulars.areas.safekeeping.queries import Version
from regulars.kernel import crypto, keyfile, personkeys, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import copying
from regulars.kernel.errors import Refused

_FOLDERS = ("originals", "files")  # sealed files named by their content: they never change


def backup_to(*, place: Path, at: datetime, by: Actor) -> Version:
    """A fresh version, and with it all that is needed to begin anew elsewhere (but the key file), in another folder.

    The place may be a mounted disk. It gets the version, the sealed files, one replaced copy of the customers' keys,
    the signed heads and the ledger of the forgotten; files that were destroyed for one of these go there too. Raises
    `Refused`.
    """
    made = make_version(at=at, why="backup", by=by)
    target = _room_at(place)
    _carried(made, target / "versions")
    for name in _FOLDERS:
        _missing_files(places.home() / name, target / name)
    _forgotten_files(target)
    if places.person_keys().exists():
        copying.copy_file(places.person_keys(), target / "keys.db", personkeys.file_key())
    for small in (places.home() / "home.id", places.home() / "keys.ids", keyfile.heads_path(), keyfile.ledger_path()):
        if small.exists():
            places.write_whole(target / small.name, small.read_bytes())
    prune(target / "versions")
    return made


def _room_at(place: Path) -> Path:
    """The folder of this home at the other place, so that several homes may share a disk."""
    if not place.is_dir():
        raise Refused(_("There is no folder %(place)s. Mount the disk or make the folder first.") % {"place": place})
    if places.home().resolve() in (place.resolve(), *place.resolve().parents):
        raise Refused(_("A copy inside the home itself would be lost with it. Name another disk or folder."))
    return places.folder(place / f"regulars-{places.home_id()}")


def _carried(version: Version, folder: Path) -> None:
    places.folder(folder)
    for source in (version.file, version.file.with_name(f"{version.name}.json")):
        _copied(source, folder / source.name)
    if crypto.sha256_of_file(folder / version.file.name).hex() != version.sha256:
        raise NotWhole(_("The copy at %(place)s is not what was written there.") % {"place": folder})


def _missing_files(source: Path, target: Path) -> None:
    for file in source.rglob("*") if source.is_dir() else ():
        there = target / file.relative_to(source)
        if file.is_file() and file.suffix != ".part" and not there.exists():
            places.folder(there.parent)
            _copied(file, there)


def _forgotten_files(target: Path) -> None:
    """Destroys at the other place what was destroyed here because somebody was forgotten. A file that came back under
    the same digest is here again, and stays there too."""
    gone = {name for entry in ledger.entries() for names in entry.let_go.values() for name in names}
    for name in _FOLDERS:
        for file in (target / name).rglob("*") if gone else ():
            if file.name in gone and not (places.home() / name / file.relative_to(target / name)).exists():
                file.unlink()


def _copied(source: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.part")
    with source.open("rb") as given, partial.open("wb") as taken:
        shutil.copyfileobj(given, taken, 1 << 20)
        taken.flush()
        os.fsync(taken.fileno())
    partial.replace(target)
    places.sync_folder(target.parent)
