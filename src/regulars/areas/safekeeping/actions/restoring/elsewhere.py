"""Copies at another place, and homes made of them: a new machine, a home beside this one."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.kernel import crypto, keyfile, personkeys, places
from regulars.kernel.databases import copying
from regulars.kernel.errors import Refused

_FOLDERS = ("originals", "files")
_PREFIX = "regulars-"


@dataclass(frozen=True, slots=True)
class Home:
    """A home that is ready for a copy to be put into: with its keys, its files, no database yet."""

    folder: Path
    key_file: Path
    source: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {"REGULARS_HOME": str(self.folder), "REGULARS_KEY_FILE": str(self.key_file), "REGULARS_DATABASE_URL": ""}


def room_at(place: Path) -> Path:
    """This register's folder at the other place: the place itself, or `regulars-<home id>` in it. Raises Refused."""
    own = f"{_PREFIX}{keyfile.keys().home}"
    for folder in (place.expanduser().absolute(), place.expanduser().absolute() / own):
        if (folder / "versions").is_dir() and (folder.name == own or (folder / "home.id").exists()):
            return folder
    raise Refused(
        _("There are no versions of this register in %(place)s: no folder %(own)s.") % {"place": place, "own": own}
    )


def arrive_from(place: Path) -> None:
    """Brings here what belongs to the copies at the other place and is not here yet: names, the customers' keys, files,
    signed heads, the ledger of the forgotten. Nothing that is here is touched."""
    room = room_at(place)
    home = places.home()
    for name in ("home.id", "keys.ids"):
        if (room / name).exists():
            places.write_once(home / name, (room / name).read_bytes())
    _same_register(room)
    for source, target in _beside_the_keys(room).items():
        if source.exists():
            places.write_once(target, source.read_bytes())
    if (room / "keys.db").exists() and not places.person_keys().exists():
        copying.copy_file(room / "keys.db", places.person_keys(), personkeys.file_key())
    _bring_files(room, home)


def prepare_home(folder: Path, *, place: Path | None) -> Home:
    """An empty folder made a home of this register, to be restored into from `place`, or from this home's own copies.

    It gets a key file of its own beside it (`<folder>-keys.json`), never one inside. Raises Refused.
    """
    source = source_for(folder, place=place)
    key_file = folder.with_name(f"{folder.name}-keys.json")
    if not places.write_once(key_file, keyfile.path().read_bytes()):
        raise Refused(_("%(file)s is there already. Name another folder, or move it away.") % {"file": key_file})
    places.folder(folder)
    places.write_once(folder / "home.id", keyfile.keys().home.encode() + b"\n")
    for here, suffix in ((keyfile.heads_path(), ".heads"), (keyfile.ledger_path(), ".forgotten")):
        if here.exists() and not place:
            places.write_once(key_file.with_suffix(suffix), here.read_bytes())
    return Home(folder, key_file, source)


def source_for(folder: Path, *, place: Path | None) -> Path:
    """Where the copies for a home in this folder lie. Raises Refused where no home can be made there."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(_("%(folder)s is not empty. Name a folder that is new or empty.") % {"folder": folder})
    return room_at(place) if place else _own_copies(folder)


def _own_copies(folder: Path) -> Path:
    if places.home().resolve() in (folder.resolve(), *folder.resolve().parents):
        raise Refused(_("A home inside this home cannot be. Name another folder."))
    return places.home()


def _same_register(room: Path) -> None:
    if (room / "home.id").exists() and (room / "home.id").read_text().strip() != keyfile.keys().home:
        raise Refused(
            _("The versions in %(folder)s are another register's: the keys in %(file)s do not open them.")
            % {"folder": room, "file": keyfile.path()}
        )


def _beside_the_keys(room: Path) -> dict[Path, Path]:
    """The heads and the ledger as they are called there, whatever the key file was called, and where they lie here."""
    found: dict[Path, Path] = {}
    for suffix, target in ((".heads", keyfile.heads_path()), (".forgotten", keyfile.ledger_path())):
        found |= dict.fromkeys(room.glob(f"*{suffix}"), target)
    return found


def _bring_files(room: Path, home: Path) -> None:
    """What lies there and not here. Files are sealed and named by their content: nothing is overwritten."""
    for name in _FOLDERS:
        for file in (room / name).rglob("*"):
            target = home / name / file.relative_to(room / name)
            if file.is_file() and file.suffix != ".part" and not target.exists():
                places.folder(target.parent)
                fresh = target.with_name(f".{target.name}.{crypto.random_bytes(4).hex()}.part")
                shutil.copyfile(file, fresh)
                fresh.replace(target)
        if (home / name).is_dir():
            places.sync_folder(home / name)
